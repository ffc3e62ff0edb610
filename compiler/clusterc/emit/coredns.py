"""CoreDNS: as many replicas as the queries need, never two on one machine, with the Service that pods ask."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.emit._object import api_object, binding, fields, rule
from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.document import Document, Impact, Tree, Value
from clusterc.model.network import Dns

NAME = "coredns"
NAMESPACE = "kube-system"
OWNER = ("spec.network.dns",)
LABELS = {"k8s-app": "kube-dns"}


def documents(cluster: Cluster, _capacity: Capacity) -> Iterator[Document]:
    """Yield CoreDNS's objects; kubeadm's own add-on is switched off."""
    dns = cluster.network.dns
    yield api_object("ServiceAccount", NAME, {}, namespace=NAMESPACE, owner=OWNER)
    rules: list[Value] = [
        rule([""], ["endpoints", "services", "pods", "namespaces"], ["list", "watch"]),
        rule(["discovery.k8s.io"], ["endpointslices"], ["list", "watch"]),
    ]
    yield api_object("ClusterRole", NAME, {"rules": rules}, owner=OWNER)
    yield binding(NAME, namespace=NAMESPACE, owner=OWNER)
    corefile: Tree = {"Corefile": _corefile(dns)}
    yield api_object("ConfigMap", NAME, {"data": corefile}, namespace=NAMESPACE, owner=OWNER, impact=Impact.DYNAMIC)
    yield api_object(
        "Deployment",
        NAME,
        {"spec": _deployment(dns)},
        namespace=NAMESPACE,
        owner=OWNER,
        labels=LABELS,
        impact=Impact.RESTART,
    )
    yield api_object("Service", "kube-dns", {"spec": _service(dns)}, namespace=NAMESPACE, owner=OWNER, labels=LABELS)
    budget: Tree = {"maxUnavailable": dns.coredns["maxUnavailable"], "selector": {"matchLabels": {**LABELS}}}
    yield api_object("PodDisruptionBudget", NAME, {"spec": budget}, namespace=NAMESPACE, owner=OWNER)


def _corefile(dns: Dns) -> str:
    said, upstreams = dns.coredns, " ".join(dns.upstreams) or "/etc/resolv.conf"
    return f"""\
.:53 {{
    errors
    health {{
        lameduck {said["lameduck"]}
    }}
    ready
    kubernetes {dns.domain} in-addr.arpa ip6.arpa {{
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
        ttl {said["ttl"]}
    }}
    prometheus :9153
    forward . {upstreams} {{
        max_concurrent {said["max_concurrent"]}
    }}
    cache {said["cache"]} {{
        disable success {said["disable"]}
        disable denial {said["disable"]}
    }}
    loop
    reload
    loadbalance
}}
"""


def _deployment(dns: Dns) -> Tree:
    said = dns.coredns
    apart: Tree = {
        "weight": said["weight"],
        "podAffinityTerm": {"labelSelector": {"matchLabels": {**LABELS}}, "topologyKey": "kubernetes.io/hostname"},
    }
    spread: Tree = {
        "maxSkew": said["maxSkew"],
        "topologyKey": "kubernetes.io/hostname",
        "whenUnsatisfiable": said["whenUnsatisfiable"],
        "labelSelector": {"matchLabels": {**LABELS}},
    }
    pod: Tree = {
        "serviceAccountName": NAME,
        "priorityClassName": "system-cluster-critical",
        "dnsPolicy": "Default",
        "terminationGracePeriodSeconds": said["terminationGracePeriodSeconds"],
        "affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [apart]}},
        "topologySpreadConstraints": [spread],
        "tolerations": [
            {"key": "node-role.kubernetes.io/control-plane", "operator": "Exists", "effect": "NoSchedule"},
            {"key": "CriticalAddonsOnly", "operator": "Exists"},
        ],
        "containers": [_container(dns)],
        "volumes": [
            {"name": "config", "configMap": {"name": NAME, "items": [{"key": "Corefile", "path": "Corefile"}]}}
        ],
    }
    return {
        "replicas": dns.replicas,
        "revisionHistoryLimit": said["revisionHistoryLimit"],
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": said["maxUnavailable"]}},
        "selector": {"matchLabels": {**LABELS}},
        "template": {"metadata": {"labels": {**LABELS}}, "spec": pod},
    }


def _container(dns: Dns) -> Tree:
    said = dns.coredns
    return {
        "name": NAME,
        "image": dns.coredns_image,
        "args": ["-conf", "/etc/coredns/Corefile"],
        "ports": [
            {"name": "dns", "containerPort": 53, "protocol": "UDP"},
            {"name": "dns-tcp", "containerPort": 53, "protocol": "TCP"},
            {"name": "metrics", "containerPort": 9153, "protocol": "TCP"},
        ],
        "resources": said["resources"],
        "livenessProbe": {
            "httpGet": {"path": "/health", "port": 8080, "scheme": "HTTP"},
            **fields(said["livenessProbe"]),
        },
        "readinessProbe": {"httpGet": {"path": "/ready", "port": 8181, "scheme": "HTTP"}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"add": ["NET_BIND_SERVICE"], "drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        },
        "volumeMounts": [{"name": "config", "mountPath": "/etc/coredns", "readOnly": True}],
    }


def _service(dns: Dns) -> Tree:
    return {
        "clusterIP": dns.service_address,
        "selector": {**LABELS},
        "ports": [
            {"name": "dns", "port": 53, "protocol": "UDP"},
            {"name": "dns-tcp", "port": 53, "protocol": "TCP"},
            {"name": "metrics", "port": 9153, "protocol": "TCP"},
        ],
    }
