"""Every shipped document against the tables of its cluster's minor, and the tables against spoilt copies and facts."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from clusterc import pipeline
from clusterc.emit import emit
from clusterc.kubernetes import NEWEST, OLDEST, Minor
from clusterc.kubernetes.documents import document_problems, etcd_problems
from clusterc.kubernetes.etcd import NEWEST as NEWEST_ETCD
from clusterc.kubernetes.etcd import OLDEST as OLDEST_ETCD
from clusterc.kubernetes.etcd import etcd_minor_of
from clusterc.kubernetes.problem import Fault, Problem
from clusterc.kubernetes.tables import Tables, etcd_keys, tables
from clusterc.model.document import Document

ROOT = Path(__file__).resolve().parents[1]
SPECS = sorted((ROOT / "clusters").glob("*.yaml"))
MINORS = [Minor(number) for number in range(OLDEST, NEWEST + 1)]
COMPONENTS = ("kube-apiserver", "kube-controller-manager", "kube-proxy", "kube-scheduler", "kubelet")


@cache
def documents(spec: Path) -> tuple[Minor, tuple[Document, ...]]:
    checked = pipeline.read(spec, name=spec.name, root=ROOT)
    cluster, capacity = pipeline.understand(checked)
    return cluster.minor, tuple(doc for doc in emit(cluster, capacity) if isinstance(doc.body, dict))


def problems(document: Document, body: Any, minor: Minor) -> tuple[Problem, ...] | None:
    if document.kind == "EtcdConfiguration":
        return tuple(etcd_problems(etcd_minor_of(f"{document.reader.removeprefix('etcd-')}.0"), body))
    return document_problems(tables(minor), body)


def has_a_reader(document: Document) -> bool:
    """Return whether a component of Kubernetes or etcd reads a document; host files have no table."""
    return document.kind == "EtcdConfiguration" or "apiVersion" in document.body


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_every_shipped_document_of_a_component_is_one_that_its_minor_takes(spec: Path) -> None:
    minor, found = documents(spec)
    said = {doc.path: problems(doc, doc.body, minor) for doc in found if has_a_reader(doc)}
    assert len(said) > 20
    assert {path: told for path, told in said.items() if told != ()} == {}


@pytest.mark.parametrize("minor", MINORS, ids=str)
@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_every_shipped_cluster_is_one_that_every_minor_takes(spec: Path, minor: Minor, tmp_path: Path) -> None:
    text = spec.read_text(encoding="utf-8")
    own, _ = documents(spec)
    moved = tmp_path / spec.name
    text = text.replace(f"version: {own}.", f"version: {minor}.", 1)
    # Kubernetes has gangs of its own since 1.37; before, the same jobs are for Kueue.
    text = text if minor.has_native_gangs else text.replace("gangs: {scheduler: native}", "gangs: {scheduler: kueue}")
    moved.write_text(text, encoding="utf-8")
    there, found = documents(moved)
    assert there == minor
    said = {doc.path: problems(doc, doc.body, minor) for doc in found if has_a_reader(doc)}
    assert {path: told for path, told in said.items() if told != ()} == {}


def kinds() -> dict[tuple[Minor, str, str], Document]:
    """Return one shipped document of every kind and minor."""
    found: dict[tuple[Minor, str, str], Document] = {}
    for spec in SPECS:
        minor, shipped = documents(spec)
        for doc in shipped:
            if has_a_reader(doc):
                found.setdefault((minor, doc.reader, doc.kind), doc)
    return found


SHIPPED = kinds()


def spoilt(tree: Any) -> Iterator[tuple[str, Any, Fault]]:
    """Yield copies of a document that no reader may take, and what is wrong with each."""
    copied = copy.deepcopy(tree)
    copied["zzzUnknown"] = 1
    yield "unknown field", copied, Fault.UNKNOWN
    for name, value in tree.items():
        if isinstance(value, list | dict):
            yield f"{name} as a text", {**tree, name: "a text"}, Fault.VALUE
        elif isinstance(value, int):
            yield f"{name} as a list", {**tree, name: [value]}, Fault.VALUE


@pytest.mark.parametrize("key", SHIPPED, ids=lambda key: f"{key[0]}-{key[2]}")
def test_a_spoilt_copy_of_a_shipped_document_is_refused(key: tuple[Minor, str, str]) -> None:
    document = SHIPPED[key]
    for name, body, fault in spoilt(document.body):
        found = problems(document, body, key[0])
        assert found is not None
        assert fault in {problem.fault for problem in found}, name


@pytest.mark.parametrize("minor", MINORS, ids=str)
def test_every_schema_of_a_kind_refuses_an_unknown_field(minor: Minor) -> None:
    known = tables(minor)
    assert {"KubeletConfiguration", "KubeSchedulerConfiguration", "ClusterConfiguration"} <= set(known.kinds())
    for kind in known.kinds():
        found = document_problems(known, {"kind": kind, "zzzUnknown": 1}) or ()
        assert Fault.UNKNOWN in {problem.fault for problem in found}, kind


@pytest.mark.parametrize("minor", MINORS, ids=str)
def test_a_minor_s_tables_are_whole(minor: Minor) -> None:
    known = tables(minor)
    assert all(len(known.flags(component)) > 10 for component in COMPONENTS)
    assert len(known.gates()) > 100
    assert {"v1", "apps/v1", "flowcontrol.apiserver.k8s.io/v1"} <= set(known.served())
    assert {row["namespaced"] for row in known.served()["apps/v1"].values()} == {True}


# What was run or read of the components themselves, minor by minor; None is a name that the minor does not have.
FLAGS: dict[tuple[str, str], dict[int, str | None]] = {
    ("kube-apiserver", "max-requests-inflight"): dict.fromkeys((34, 35, 36, 37), "400"),
    ("kube-apiserver", "target-ram-mb"): dict.fromkeys((34, 35, 36, 37), None),
    ("kube-apiserver", "cloud-provider"): dict.fromkeys((34, 35, 36, 37), None),
    ("kube-controller-manager", "node-eviction-rate"): dict.fromkeys((34, 35, 36, 37), "0.1"),
    ("kube-controller-manager", "concurrent-service-syncs"): {36: "1", 37: None},
    ("kubelet", "containerd"): {36: "/run/containerd/containerd.sock", 37: None},
}
GATES: dict[str, dict[int, tuple[str, bool, bool] | None]] = {
    "GangScheduling": {34: None, 35: ("ALPHA", False, False), 36: ("ALPHA", False, False), 37: None},
    "GenericWorkload": {35: ("ALPHA", False, False), 36: ("ALPHA", False, False), 37: ("BETA", False, False)},
    "SchedulerQueueingHints": {34: ("GA", True, True), 37: None},
    "DRAExtendedResource": {34: ("ALPHA", False, False), 36: ("BETA", True, False), 37: ("GA", True, True)},
    "NodeDeclaredFeatures": {34: None, 35: ("ALPHA", False, False), 36: ("BETA", True, False), 37: ("GA", True, True)},
    "OpportunisticBatching": {34: None, 35: ("BETA", True, False)},
    "SchedulerAsyncAPICalls": {34: ("BETA", False, False), 37: ("BETA", False, False)},
}
DEFAULTS: dict[str, dict[int, Any]] = {
    "failCgroupV1": {34: False, 35: True, 36: True, 37: True},
    "memoryThrottlingFactor": {34: 0.9, 35: 0.9, 36: 0.9, 37: None},
    "maxPods": dict.fromkeys((34, 35, 36, 37), 110),
    "nodeStatusReportFrequency": dict.fromkeys((34, 35, 36, 37), "5m0s"),
}
FIELDS: dict[str, set[int]] = {
    "tlsCurvePreferences": {36, 37},
    "memoryReservationPolicy": {36, 37},
    "defaultPodSysctls": {37},
    "crashLoopBackOff": {34, 35, 36, 37},
}


def of(number: int) -> Tables:
    return tables(Minor(number))


@pytest.mark.parametrize(("component", "flag"), FLAGS)
def test_flags_are_those_that_the_programs_print(component: str, flag: str) -> None:
    for number, default in FLAGS[component, flag].items():
        known = of(number).flags(component).get(flag)
        assert (known.default if known else None) == default, number


@pytest.mark.parametrize("gate", GATES)
def test_gates_are_those_that_the_programs_have(gate: str) -> None:
    for number, expected in GATES[gate].items():
        known = of(number).gates().get(gate)
        assert ((known.stage, known.default, known.locked) if known else None) == expected, number


def test_fields_and_defaults_of_the_kubelet_are_those_of_its_minor() -> None:
    for number in range(OLDEST, NEWEST + 1):
        fields = (of(number).kind("KubeletConfiguration") or {})["properties"]
        assert {name for name, minors in FIELDS.items() if number in minors} == FIELDS.keys() & fields.keys()
        assert {name: fields[name].get("default") for name in DEFAULTS} == {
            name: values[number] for name, values in DEFAULTS.items()
        }


ELSEWHERE = {
    ("flags", "kube-controller-manager", "concurrent-service-syncs", 37): ("1.36", ""),
    ("flags", "kube-controller-manager", "concurrent-disruption-syncs", 36): ("", "1.37"),
    ("gates", "", "GangScheduling", 34): ("", "1.35"),
    ("gates", "", "GangScheduling", 37): ("1.36", ""),
    ("fields", "KubeletConfiguration", "defaultPodSysctls", 35): ("", "1.37"),
    ("apis", "", "scheduling.k8s.io/v1alpha1/Workload", 37): ("1.35", ""),
    ("apis", "", "scheduling.k8s.io/v1beta1/PodGroup", 34): ("", "1.37"),
    ("gates", "", "NeverHeardOf", 37): ("", ""),
}


@pytest.mark.parametrize("key", ELSEWHERE)
def test_a_name_that_a_minor_lacks_says_where_it_is_known(key: tuple[str, str, str, int]) -> None:
    what, whose, name, number = key
    found = of(number).elsewhere(what, whose, name)
    assert (found.until, found.since) == ELSEWHERE[key]


def test_etcd_s_keys_are_those_of_its_release() -> None:
    old, new = etcd_keys(OLDEST_ETCD), etcd_keys(NEWEST_ETCD)
    assert {"quota-backend-bytes", "corrupt-check-time", "client-transport-security"} <= new["properties"].keys()
    assert [name for name in new["properties"] if name.startswith("experimental-")] == []
    assert [name for name in old["properties"] if name.startswith("experimental-")] != []
