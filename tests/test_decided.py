"""Every value of every emitted file was decided: it stands among the decisions, under its own name, with a reason.

A leaf of a file is a name and a value. What is no decision (what an object is called and is about, where files lie, who
may do what) is listed here by name, with the reason why nobody decides it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from clusterc import pipeline, quantity
from clusterc.emit import emit
from clusterc.model.cluster import Cluster
from clusterc.model.document import Document, Form
from clusterc.model.source import split_name
from specs import Plain, checked, specs

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = sorted((ROOT / "clusters").glob("*.yaml"))
Leaf = tuple[str, str]

# Names of leaves that are no decisions, by the reason why.
IDENTITY = """apiVersion apiVersions kind name namespace namespaces type version cniVersion key group apiGroup apiGroups
    resources verbs operations clusterScope patchType expression policyName serviceAccountName clusterName values
    priorityClassName topologyKey operator effect scheme protocol nodeSelector fieldPath description Description
    k8s-app app tier clusterc.dev/team initial-cluster-token initial-cluster-state subnet dst labels"""
PLACES = """caFile certFile keyFile cert-file key-file trusted-ca-file data-dir dataDir hostPath mountPath path pathType
    kubeConfigPath criSocket config-dir config_path server endpoints certSANs
    KUBERNETES_SERVICE_HOST KUBERNETES_SERVICE_PORT
    directory peerCertSANs serverCertSANs StateDirectory controlPlaneEndpoint k8sServiceHost
    k8sServicePort advertise-client-urls initial-advertise-peer-urls initial-cluster listen-client-urls
    listen-peer-urls listen-metrics-urls backend frontend default_backend bind host cidr"""
RIGHTS = """add drop privileged allowPrivilegeEscalation readOnly readOnlyRootFilesystem hostNetwork User umask
    automountServiceAccountToken client-cert-auth NoNewPrivileges
    StateDirectoryMode ProtectHome ProtectSystem capabilities
    pod-security.kubernetes.io/enforce"""
WIRING = """args command dnsPolicy After Wants WantedBy Type mode portMappings hairpinMode isDefaultGateway disabled
    failurePolicy reinvocationPolicy option http-check forward kubernetes pods fallthrough health prometheus lines"""
PORTS = "port containerPort hostPort targetPort"
ALLOWED = {
    "what an object is, is called and is about": IDENTITY,
    "where files, sockets and machines are that the files of one tree refer each other to": PLACES,
    "what a program may do, never how much of it": RIGHTS,
    "how programs are put together, as their own manuals have it": WIRING,
    "ports that the programs are known for": PORTS,
}
UNDECIDED = {name: reason for reason, names in ALLOWED.items() for name in names.split()}
# Leaves that say what was decided under another name.
ALSO_CALLED = {
    "caCertificateValidityPeriod": ("caValidity",),
    "certificateValidityPeriod": ("validity",),
    "clusterIP": ("serviceAddress",),
    "dnsDomain": ("domain", "clusterDomain"),
    "podSubnet": ("clusterCIDR", "podCIDR"),
    "serviceSubnet": ("serviceCIDR",),
    "kubernetesVersion": ("version",),
    "image": ("version",),
    "image_pull_progress_timeout": ("progressTimeout",),
    "max_concurrent_downloads": ("maxConcurrentDownloads",),
    "sandbox": ("sandboxImage",),
    "modules": ("kernelModules",),
    "EVENT_QUEUE_DEPTH": ("eventQueueDepth",),
    "globalDefault": ("default",),
    "preemptionPolicy": ("preempts",),
    "value": ("value", "priority"),
    "OnCalendar": ("calendars", "calendar"),
    "ExecStart": ("keep", "interval", "tick"),
}
SAID_OTHERWISE = {"Never": "false", "PreemptLowerPriority": "true"}


def as_text(value: Any) -> str:
    """Return a value as its file has it; durations by their length, however they are written."""
    if isinstance(value, bool):
        return str(value).lower()
    text = f"{value:g}" if isinstance(value, float) else str(value)
    try:
        return f"{quantity.parse_duration(text)} ns"
    except quantity.QuantityError:
        return text


def tree_leaves(name: str, value: Any) -> Iterator[Leaf]:
    """Yield the leaves of a tree; an item {name, value} is a leaf of that name, as flags and environments are."""
    if isinstance(value, dict):
        if value.keys() == {"name", "value"}:
            yield from argument_leaves(value["name"], value["value"])
            return
        for key, inner in value.items():
            yield from tree_leaves(key, inner)
    elif isinstance(value, list):
        for inner in value:
            yield from tree_leaves(name, inner)
    elif isinstance(value, str) and "\n" in value:
        yield from text_leaves(name, value)
    else:
        yield name, as_text(value)


def argument_leaves(name: str, value: str) -> Iterator[Leaf]:
    """Yield the leaves of a flag or an environment variable; labels are a list of their own."""
    if name == "node-labels":
        yield from ((label, as_text(said)) for label, _, said in (pair.partition("=") for pair in value.split(",")))
    else:
        yield name, as_text(value)


def text_leaves(name: str, text: str) -> Iterator[Leaf]:
    """Yield the leaves of a text: JSON, a Corefile, a unit, kernel settings, modules, HAProxy's file or a script."""
    if name.endswith(".json"):
        yield from tree_leaves(name, json.loads(text))
        return
    if name.endswith(".sh"):
        yield from ((flag, as_text(value)) for flag, value in re.findall(r"--([a-z-]+)=(\d\w*)", text))
        yield from (("umask", mask) for mask in re.findall(r"^umask (\d+)", text, re.MULTILINE))
        return
    for line in text.splitlines():
        words = line.split()
        if not words or words[0] in {"}", "global", "defaults"} or words[0][0] in "#[":
            continue
        if words[-1] == "{":
            words.pop()
        yield from line_leaves(name, line.strip(), words)


def line_leaves(name: str, line: str, words: list[str]) -> Iterator[Leaf]:
    """Yield the leaves of one line."""
    setting = re.match(r"([\w.-]+) ?= ?(.*)$", line)
    if setting and setting[1] == "ExecStart":
        yield from (("ExecStart", f"{int(word)} s or so many") for word in words if word.isdigit())
    elif setting:
        yield setting[1], as_text(setting[2])
    elif name.endswith("modules.conf"):
        yield "modules", line
    elif words[0] == "default-server":
        yield from ((word, as_text(after)) for word, after in pairwise(words) if after[0].isdigit())
    elif words[0] == "server" or len(words) == 1:
        yield "lines", line
    elif words[0] == "timeout":
        yield " ".join(words[:2]), as_text(words[2])
    elif words[0] == "disable":
        yield words[0], words[2]
    else:
        yield words[0], as_text(" ".join(words[1:]))


def leaves(document: Document) -> Iterator[Leaf]:
    """Yield every leaf of a document that a program reads."""
    if document.form is Form.MARKDOWN:
        return
    if isinstance(document.body, str):
        yield from text_leaves(document.path, document.body)
    else:
        yield from tree_leaves("", document.body)


def decided(cluster: Cluster) -> frozenset[Leaf]:
    """Return every name and value that was decided; a tree that was decided as a whole has many."""
    found: set[Leaf] = set()
    for path, decision in cluster.decisions.items():
        *above, last = split_name(path)
        found |= set(tree_leaves(last, decision.value))
        # A calendar of every member, a label of every pool: the list is what is named.
        if above:
            found |= {(above[-1], as_text(decision.value))} if not isinstance(decision.value, (dict, list)) else set()
    return frozenset(found)


def undecided(cluster: Cluster, documents: Iterable[Document]) -> list[str]:
    """Return every leaf that nobody decided and that is no name, place, right, wire or port."""
    known = decided(cluster)
    return sorted(
        {
            f"{document.kind} {name}: {value}"
            for document in documents
            for name, value in leaves(document)
            if name not in UNDECIDED and not is_known(name, value, known)
        }
    )


def is_known(name: str, value: str, known: frozenset[Leaf]) -> bool:
    return any((also, said) in known for also in (name, *ALSO_CALLED.get(name, ())) for said in ways(name, value))


def ways(name: str, value: str) -> Iterator[str]:
    """Yield how a decision may say a leaf's value."""
    yield value
    yield SAID_OTHERWISE.get(value, value)
    if name in {"image", "kubernetesVersion"}:
        yield value.rpartition(":")[2]
        yield value.removeprefix("v")
    if name == "ExecStart":
        yield value.partition(" ")[0]
        yield as_text(f"{value.partition(' ')[0]}s")
    if name in {"podSubnet", "serviceSubnet"}:
        yield value.partition(",")[0]


@cache
def compiled(spec: Path) -> tuple[Cluster, tuple[Document, ...]]:
    cluster, capacity = pipeline.understand(pipeline.read(spec, name=spec.name, root=ROOT))
    return cluster, emit(cluster, capacity)


@pytest.mark.parametrize("spec", SHIPPED, ids=lambda spec: spec.stem)
def test_every_value_in_the_files_of_a_shipped_cluster_was_decided(spec: Path) -> None:
    assert undecided(*compiled(spec)) == []


@given(specs())
@settings(max_examples=20)
def test_every_value_in_the_files_of_any_cluster_was_decided(data: Plain) -> None:
    cluster, capacity = pipeline.understand(checked(data))
    assert undecided(cluster, emit(cluster, capacity)) == []


RESEARCH = next(spec for spec in SHIPPED if spec.stem == "research-7500")


@pytest.mark.parametrize(
    ("path", "before", "after", "said"),
    [
        ("control-plane/load-balancer/haproxy.cfg", "maxconn 60000", "maxconn 60001", "HAProxy maxconn: 60001"),
        ("control-plane/load-balancer/haproxy.cfg", "inter 3s", "inter 4s", "HAProxy inter: 4000000000 ns"),
        (
            "control-plane/load-balancer/haproxy.cfg",
            "client 15m",
            "client 14m",
            "HAProxy timeout client: 840000000000 ns",
        ),
        ("etcd/main/etcd.service", "LimitNOFILE=65536", "LimitNOFILE=65535", "SystemdUnit LimitNOFILE: 65535"),
        ("etcd/main/etcd-backup.service", " 48 3600", " 47 3600", "SystemdUnit ExecStart: 47 s or so many"),
        ("etcd/main/etcd-backup.service", " 48 3600", " 48 3601", "SystemdUnit ExecStart: 3601 s or so many"),
        ("etcd/main/etcd-backup.sh", "timeout=10m", "timeout=9m", "Script command-timeout: 540000000000 ns"),
        (
            "etcd/main/etcd-0/etcd-defragment.timer",
            "02:00:00",
            "02:00:01",
            "SystemdUnit OnCalendar: Sun *-*-* 02:00:01 UTC",
        ),
        ("nodes/a100/modules.conf", "overlay", "overlays", "KernelModules modules: overlays"),
        ("nodes/a100/90-clusterc.conf", "= 262144", "= 262143", "Sysctl net.ipv4.neigh.default.gc_thresh3: 262143"),
    ],
)
def test_a_value_in_a_text_that_nobody_decided_is_noticed(path: str, before: str, after: str, said: str) -> None:
    cluster, documents = compiled(RESEARCH)
    document = next(each for each in documents if each.path == path)
    assert isinstance(document.body, str)
    assert before in document.body
    assert said in undecided(cluster, [replace(document, body=document.body.replace(before, after))])


@pytest.mark.parametrize(
    ("path", "steps", "value", "said"),
    [
        ("objects/kube-system/deployment-coredns.yaml", ("spec", "replicas"), 16, "Deployment replicas: 16"),
        ("objects/kube-system/deployment-coredns.yaml", ("spec", "paused"), True, "Deployment paused: true"),
        (
            "objects/kube-system/daemonset-node-local-dns.yaml",
            ("spec", "template", "spec", "containers", 0, "resources", "limits", "memory"),
            "129Mi",
            "DaemonSet memory: 129Mi",
        ),
        (
            "objects/kube-system/configmap-coredns.yaml",
            ("data", "Corefile"),
            ".:53 {\n    cache 31\n}\n",
            "ConfigMap cache: 31",
        ),
        (
            "control-plane/kube-apiserver/admission-configuration.yaml",
            ("plugins", 0, "configuration", "limits", 0, "burst"),
            1,
            "AdmissionConfiguration burst: 1",
        ),
        (
            "control-plane/kube-apiserver/audit-policy.yaml",
            ("rules", 0, "level"),
            "Request",
            "Policy level: Request",
        ),
        (
            "control-plane/kubeadm/cluster-configuration.yaml",
            ("apiServer", "extraArgs", 0, "value"),
            "/dev/null",
            "ClusterConfiguration admission-control-config-file: /dev/null",
        ),
    ],
)
def test_a_value_in_a_tree_that_nobody_decided_is_noticed(
    path: str, steps: tuple[str | int, ...], value: Any, said: str
) -> None:
    cluster, documents = compiled(RESEARCH)
    document = next(each for each in documents if each.path == path)
    body: Any = json.loads(json.dumps(document.body))
    node = body
    for step in steps[:-1]:
        node = node[step]
    node[steps[-1]] = value
    assert undecided(cluster, [replace(document, body=body)]) == [said]


def test_a_decision_that_is_taken_away_is_missed() -> None:
    cluster, documents = compiled(RESEARCH)
    for path in ("controlPlane.loadBalancer.haproxy.balance", "network.dns.coredns.lameduck", "kubelet.podPidsLimit"):
        less = {name: decision for name, decision in cluster.decisions.items() if name != path}
        missed = undecided(replace(cluster, decisions=less), documents)
        assert [each.split(": ")[0].split()[1] for each in missed] == [path.rpartition(".")[2]], path


def test_nothing_is_excused_that_no_file_has() -> None:
    seen = {name for spec in SHIPPED for document in compiled(spec)[1] for name, _ in leaves(document)}
    calico_and_coscheduling = {
        "KUBERNETES_SERVICE_HOST",
        "KUBERNETES_SERVICE_PORT",
        "cidr",
        "directory",
        "nodeSelector",
    }
    assert UNDECIDED.keys() - seen - calico_and_coscheduling == set()
    assert ALSO_CALLED.keys() <= seen
