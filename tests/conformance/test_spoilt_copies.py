"""A checker that cannot refuse does not count: each reader is shown values out of range and of a wrong type.

(That it notices a misspelt key is `test_the_program_refuses_a_misspelt_key`.) Each row changes one shipped text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from conformance.conftest import Judges, Trees
from conformance.programs import MINORS, NEWEST
from conformance.trees import TREES, Request, depends_on_minor, for_reader, requests

SPOILT = [
    ("kube-scheduler", "KubeSchedulerConfiguration", "parallelism: 32", "parallelism: 0"),
    ("kube-scheduler", "KubeSchedulerConfiguration", "parallelism: 32", "parallelism: many"),
    ("kube-scheduler", "KubeSchedulerConfiguration", "weight: 100", "weight: 101"),
    ("kube-scheduler", "KubeSchedulerConfiguration", "type: MostAllocated", "type: FullestFirst"),
    ("kube-scheduler", "KubeSchedulerConfiguration", "podMaxBackoffSeconds: 30", "podMaxBackoffSeconds: 0"),
    ("kubelet", "KubeletConfiguration", "imageGCLowThresholdPercent: 75", "imageGCLowThresholdPercent: 95"),
    ("kubelet", "KubeletConfiguration", "podPidsLimit: 16384", "podPidsLimit: many"),
    ("kubelet", "KubeletConfiguration", "memory.available: 1Gi", "memory.availible: 1Gi"),
    ("kubelet", "KubeletConfiguration", "shutdownGracePeriodCriticalPods: 30s", "shutdownGracePeriodCriticalPods: 3m"),
    ("kubelet-dropin", "KubeletConfiguration", "serializeImagePulls: false", "serializeImagePulls: true"),
    ("kubelet-dropin", "KubeletConfiguration", "maxPods: 32", "maxPods: -1"),
    ("kubelet-dropin", "KubeletConfiguration", "cpuManagerPolicy: none", "cpuManagerPolicy: sometimes"),
    ("kubelet-dropin", "KubeletConfiguration", "cpu: 310m", "gpu: 310m"),
    ("kube-proxy", "KubeProxyConfiguration", "mode: nftables", "mode: nftable"),
    ("kube-proxy", "KubeProxyConfiguration", "minSyncPeriod: 1s", "minSyncPeriod: 1m"),
    ("kube-proxy", "KubeProxyConfiguration", "burst: 20", "burst: twenty"),
    ("kubeadm", "ClusterConfiguration", "serviceSubnet: '10.32.0.0/20'", "serviceSubnet: '10.0.0.0/7'"),
    ("kubeadm", "ClusterConfiguration", "podSubnet: '10.64.0.0/12'", "podSubnet: '10.64.0.0'"),
    ("kubeadm", "ClusterConfiguration", "value: '500'", "value: 500"),
    ("kubeadm", "ClusterConfiguration", "kubernetesVersion: v1.37.2", "kubernetesVersion: newest"),
    ("kubeadm", "JoinConfiguration", "kubeConfigPath: /", "kubeConfigPath: /nowhere/"),
    ("audit-policy", "Policy", "level: Metadata", "level: Everything"),
    ("audit-policy", "Policy", "- RequestReceived", "- RequestRead"),
    ("audit-policy", "Policy", "omitManagedFields: true", "omitManagedFields: often"),
    ("admission-configuration", "AdmissionConfiguration", "qps: 50", "qps: 0"),
    ("admission-configuration", "AdmissionConfiguration", "type: Server", "type: Serverr"),
    ("admission-configuration", "AdmissionConfiguration", "cacheSize: 2000", "cacheSize: large"),
    ("flags:kube-apiserver", "flags", "--goaway-chance=0.001", "--goaway-chance=0.5"),
    ("flags:kube-apiserver", "flags", "--max-requests-inflight=1200", "--max-requests-inflight=lots"),
    ("flags:kube-apiserver", "flags", "/events#https", "events#https"),
    ("flags:kube-apiserver", "flags", "GenericWorkload=true", "GangScheduling=true"),
    ("flags:kube-controller-manager", "flags", "--kube-api-qps=500", "--kube-api-qps=fast"),
    ("flags:kube-controller-manager", "flags", "--concurrent-gc-syncs=100", "--concurrent-service-syncs=100"),
    ("flags:kube-controller-manager", "flags", "GenericWorkload=true", "NoSuchGate=true"),
    ("flags:kube-scheduler", "flags", "GenericWorkload=true", "GenericWorkload=perhaps"),
    ("flags:kube-scheduler", "flags", "GenericWorkload=true", "GangScheduling=true"),
    ("flags:kube-scheduler", "flags", "--config=", "--configs="),
    ("flags:kubelet", "flags", "--config-dir=", "--config-folder="),
    ("flags:kubelet", "flags", "--node-labels=", "--node-label="),
    ("flags:kubelet", "flags", "clusterc.dev/pool=", "kubernetes.io/pool="),
    ("api-object", "PriorityClass", "value: 1000\n", "value: 2000000000\n"),
    ("api-object", "PriorityClass", "preemptionPolicy: PreemptLowerPriority", "preemptionPolicy: Always"),
    ("api-object", "FlowSchema", "matchingPrecedence: 8500", "matchingPrecedence: 10001"),
    ("api-object", "PriorityLevelConfiguration", "handSize: 6", "handSize: 600"),
    ("api-object", "PriorityLevelConfiguration", "lendablePercent: 50", "lendablePercent: 500"),
    ("api-object", "Deployment", "k8s-app: kube-dns\n    spec:", "k8s-app: other\n    spec:"),
    ("api-object", "Deployment", "replicas: 15", "replicas: -15"),
    ("api-object", "DaemonSet", "dnsPolicy: Default", "dnsPolicy: Bogus"),
    ("api-object", "Service", "port: 53", "port: 153000"),
    ("api-object", "PodDisruptionBudget", "maxUnavailable: 1", "maxUnavailable: -1"),
    ("api-object", "Namespace", "clusterc.dev/team: language", "clusterc.dev/team: 'a b'"),
    ("api-object", "ClusterRole", "- list", "list: true"),
    ("api-object", "MutatingAdmissionPolicy", "hostNetwork && object", "hostNetwork &&& object"),
    ("api-object", "MutatingAdmissionPolicy", "failurePolicy: Fail", "failurePolicy: Maybe"),
    ("api-object", "ClusterRole", "name: coredns", "name: core%dns"),
    ("api-object", "ClusterRoleBinding", "kind: ClusterRole\n", "kind: Role\n  namespace: x\n"),
    ("api-object", "ClusterRoleBinding", "kind: ClusterRole\n", "kind: ClusterRule\n"),
    ("api-object", "ConfigMap", "Corefile:", "Core/file:"),
    ("api-object", "ServiceAccount", "name: coredns", "name: Core_DNS"),
    ("api-object", "MutatingAdmissionPolicyBinding", "policyName: ", "policyName: -"),
    ("kubeadm", "InitConfiguration", "criSocket: unix:///", "criSocket: unixx:///"),
    ("cni", "cni-conf.json", '"cniVersion": "1.0.0"', '"cniVersion": "9.9.9"'),
    ("cni", "cni-conf.json", '"type": "portmap"', '"type": 7'),
    ("etcd-3.7", "EtcdConfiguration", "election-timeout: 1000", "election-timeout: 300"),
    ("etcd-3.7", "EtcdConfiguration", "quota-backend-bytes: 8589934592", "quota-backend-bytes: 8Gi"),
    ("etcd-3.7", "EtcdConfiguration", "auto-compaction-mode: periodic", "auto-compaction-mode: sometimes"),
    ("etcd-3.7", "EtcdConfiguration", "InitialCorruptCheck=true", "InitialCorruptCheque=true"),
    ("etcd-3.6", "EtcdConfiguration", "election-timeout: 1000", "election-timeout: 60000"),
    ("etcd-3.6", "EtcdConfiguration", "initial-cluster-state: new", "initial-cluster-state: fresh"),
    ("etcd-3.6", "EtcdConfiguration", "https://0.0.0.0:2379", "https://everywhere:2379"),
    ("cni", "CNI", '"cniVersion": "0.3.0"', '"cniVersion": "9.9.9"'),
    ("cni", "CNI", '"type": "azure-vnet"', '"type": 7'),
    ("cni", "CNI", '"portMappings": true', '"portMapping": true'),
    ("corefile", "Corefile", "lameduck 30s", "lameduck thirty"),
    ("corefile", "Corefile", "max_concurrent 1000", "max_concurrent many"),
    ("corefile", "Corefile", "ttl 30", "ttl 99999"),
    ("containerd", "ContainerdConfiguration", "max_concurrent_downloads = 10", 'max_concurrent_downloads = "ten"'),
    ("containerd", "ContainerdConfiguration", "SystemdCgroup = true", "SystemdCgroup = "),
    ("containerd", "ContainerdConfiguration", 'default_runtime_name = "runc"', "default_runtime_name = 1"),
    ("containerd-hosts", "ContainerdHosts", '"pull"', '"pul"'),
    ("containerd-hosts", "ContainerdHosts", "https://mirror", "ht tps://mirror"),
    ("containerd-hosts", "ContainerdHosts", "server = ", "server "),
    ("systemd", "SystemdUnit", "OnCalendar=Sun ", "OnCalendar=Sunshine "),
    ("systemd", "SystemdUnit", "LimitNOFILE=1048576", "LimitNOFILE=lots"),
    ("systemd", "SystemdUnit", "Restart=always", "Restart=perhaps"),
    ("haproxy", "HAProxy", "inter 3s", "inter soon"),
    ("haproxy", "HAProxy", "balance leastconn", "balance evenly"),
    ("haproxy", "HAProxy", "default_backend kube-apiserver", "default_backend kube-api"),
    ("sysctl", "Sysctl", "kernel.pid_max =", "kernel.pid_maximum ="),
    ("sysctl", "Sysctl", "vm.swappiness =", "vm.swapiness ="),
    ("sysctl", "Sysctl", "fs.inotify.max_user_instances = 8192", "fs.inotify.max_user_instances 8192"),
    ("sysctl", "Sysctl", "vm.swappiness = 0", "vm.swappiness = lots"),
    ("sysctl", "Sysctl", "net.core.somaxconn = 32768", "net.core.somaxconn = 32768 32768"),
    ("sysctl", "Sysctl", "bridge-nf-call-iptables = 1", "bridge-nf-call-iptables = banana"),
    ("helm-cilium", "HelmValues", "kubeProxyReplacement:", "kubeProxyReplacment:"),
    ("helm-cilium", "HelmValues", "MTU: 1500", "MTU: large"),
    ("helm-cilium", "HelmValues", "maxUnavailable:", "maxUnavailabel:"),
    ("kubectl-patch", "Patch", "name: aws-node", "name: aws-nodes"),
    ("kubectl-patch", "Patch", "AWS_VPC_ENI_MTU", "AWS_ENI_MTU"),
    ("kubectl-patch", "Patch", "env:", "environment:"),
    ("sh", "Script", "set -eu", "set -eu; for"),
    ("sh", "Script", '"$name.part" "$name"', "$name.part $name"),
    ("sh", "Script", "keep=$2", "keep=$2; [[ $keep ]]"),
]  # fmt: skip


def every(reader: str, trees: Trees) -> Iterator[list[Request]]:
    """Yield what a reader is given for each minor that reads differently, of the largest cluster first.

    Flags of older minors are looked up in tables, which do not know what the programs would say of a value.
    """
    minors = [minor for minor in MINORS if minor == NEWEST or not reader.startswith("flags:")]
    for folders in [trees.of(minor) for minor in minors] if depends_on_minor(reader) else [TREES]:
        ordered = sorted(folders, key=lambda tree: tree.name != "research-7500")
        yield [request for tree in ordered for request in requests(tree) if request.reader == reader]


def spoil(request: Request, old: str, new: str) -> str | None:
    if request.reader != "kubelet-dropin":
        return request.text.replace(old, new, 1) if old in request.text else None
    tree = json.loads(request.text)
    if old not in tree["dropins"][0]:
        return None
    tree["dropins"][0] = tree["dropins"][0].replace(old, new, 1)
    return json.dumps(tree)


def first_spoilt(group: list[Request], kind: str, old: str, new: str) -> tuple[Request, Request] | None:
    """Return the first of a kind that can be spoilt so, and its spoilt copy."""
    for request in group:
        if request.kind == kind and (text := spoil(request, old, new)) is not None:
            return request, replace(request, text=text)
    return None


@pytest.mark.parametrize(("reader", "kind", "old", "new"), SPOILT)
def test_a_spoilt_copy_is_refused(
    reader: str, kind: str, old: str, new: str, trees: Trees, judges: Judges, discovery: Path
) -> None:
    found = [pair for group in every(reader, trees) if (pair := first_spoilt(group, kind, old, new))]
    assert found, "no tree has the text that is to be spoilt"
    for request, copy in found:
        good, bad = judges.ask([for_reader(request, discovery), for_reader(copy, discovery)])
        assert good.accepted, good.errors
        assert not bad.accepted, f"{request.minor}: {request.tree}: {request.path}"
        judges.refuse(copy)


def test_every_reader_has_three_spoilt_copies() -> None:
    readers = [reader for reader, *_ in SPOILT]
    assert {reader: readers.count(reader) for reader in set(readers) if readers.count(reader) < 3} == {}
