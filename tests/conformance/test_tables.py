"""The committed tables are what the components say; what is known of the minors from running them stands in them."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from conformance.conftest import Trees
from conformance.programs import MINORS, NEWEST, build, kubernetes, run
from conformance.tables import COMPONENTS, ETCDS, SCHEMAS, etcd_tables, minor_tables, text
from conformance.tables_elsewhere import elsewhere
from conformance.trees import Request, load, misspelt, of_wrong_type, requests

KUBERNETES = SCHEMAS / "kubernetes"
CONFIGURATION = {path.stem for path in (KUBERNETES / NEWEST / "kinds").glob("*.json")}
WIDE = bool(os.environ.get("CLUSTERC_WIDE"))
LARGEST_BYTES = 3_000_000


@cache
def table(minor: str, name: str) -> Any:
    return json.loads((KUBERNETES / minor / f"{name}.json").read_text(encoding="utf-8"))


def committed(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.json"))}


@pytest.mark.parametrize("minor", MINORS if WIDE else [NEWEST])
def test_the_tables_are_what_the_components_say(minor: str) -> None:
    found = committed(KUBERNETES / minor)
    del found["elsewhere.json"]
    assert found == minor_tables(minor), f"run `make tables MINORS={minor}` and commit what changes"


@pytest.mark.parametrize("line", ETCDS)
def test_the_keys_are_what_etcd_says(line: str) -> None:
    assert committed(SCHEMAS / "etcd" / line) == etcd_tables(line), "run `make tables` and commit what changes"


def test_what_other_minors_know_follows_from_their_tables() -> None:
    found = {minor: (KUBERNETES / minor / "elsewhere.json").read_text(encoding="utf-8") for minor in MINORS}
    assert found == {minor: text(rows, depth=3) for minor, rows in elsewhere(KUBERNETES, MINORS).items()}


def test_every_minor_has_the_same_tables() -> None:
    every = {minor: set(committed(KUBERNETES / minor)) for minor in MINORS}
    assert {minor: every[NEWEST] ^ names for minor, names in every.items()} == {minor: set() for minor in MINORS}


def test_the_tables_are_small_and_of_plain_lines() -> None:
    paths = [*SCHEMAS.rglob("*.json")]
    assert sum(path.stat().st_size for path in paths) < LARGEST_BYTES
    assert [path for path in paths if b"\r" in path.read_bytes() or not path.read_bytes().endswith(b"}\n")] == []


@pytest.mark.parametrize("component", COMPONENTS)
def test_no_default_depends_on_the_machine(component: str, tmp_path: Path) -> None:
    program = str(build(kubernetes(NEWEST, f"./components/{component}")))
    places = [
        {},
        {
            "HOME": str(tmp_path),
            "USER": "nobody",
            "GOMAXPROCS": "1",
            "GOMEMLIMIT": "1GiB",
            "KUBECONFIG": "/kube",
            "TZ": "Asia/Tokyo",
        },
    ]
    said = [run([program, "tables"], cwd=tmp_path if place else None, environment=place) for place in places]
    assert said[0].stdout == said[1].stdout != ""
    assert [name for name in (f'"{os.uname().nodename}"', str(SCHEMAS.parent)) if name in said[0].stdout] == []


@pytest.mark.parametrize("component", COMPONENTS)
def test_every_flag_that_a_component_shows_is_in_its_table(component: str) -> None:
    shown = run([str(build(kubernetes(NEWEST, f"./components/{component}"))), "--help"]).stdout
    names = {
        word.partition("=")[0].removeprefix("--")
        for line in shown.splitlines()
        if line.lstrip().startswith("-")
        for word in line.split()[:2]
        if word.startswith("--")
    }
    assert names - {"help"} - set(table(NEWEST, "flags")[component]) == set()
    assert len(names) > len(table(NEWEST, "flags")[component]) / 2


@cache
def validator(minor: str, kind: str) -> Draft202012Validator:
    """Return what judges a kind of configuration file, or an API object such as apps/v1/DaemonSet."""
    if kind in CONFIGURATION:
        return Draft202012Validator(table(minor, f"kinds/{kind}"))
    objects = Resource.from_contents(table(minor, "objects"))
    registry: Registry[Any] = Registry().with_resource("urn:objects", objects)
    reference = table(minor, "objects")["kinds"][kind]["$ref"]
    return Draft202012Validator({"$ref": f"urn:objects{reference}"}, registry=registry)


def described(request: Request) -> str | None:
    """Return the name of the schema that describes a text, where there is one."""
    if request.reader == "api-object":
        data = load(request.text)
        return f"{data['apiVersion']}/{data['kind']}"
    return request.kind if request.kind in CONFIGURATION and request.reader != "kubelet-dropin" else None


@pytest.mark.parametrize("minor", MINORS)
def test_schemas_accept_what_is_shipped_and_refuse_it_spoilt(minor: str, trees: Trees) -> None:
    texts = {request.text: request for tree in trees.of(minor) for request in requests(tree)}
    read = {request: kind for request in texts.values() if (kind := described(request)) is not None}
    assert len(read) > 50
    wrong = {
        request.path: errors for request, kind in read.items() if (errors := complaints(minor, kind, request.text))
    }
    assert wrong == {}
    for spoil in (misspelt, of_wrong_type):
        passed = [r.path for r, kind in read.items() if not complaints(minor, kind, spoil(r) or "")]
        assert passed == []


def complaints(minor: str, kind: str, content: str) -> list[str]:
    return [error.message for error in validator(minor, kind).iter_errors(load(content))]


@pytest.mark.parametrize("minor", MINORS)
def test_every_object_is_served_or_asked_for(minor: str, trees: Trees) -> None:
    for tree in trees.of(minor):
        texts = [request for request in requests(tree) if request.reader == "api-object"]
        flags = next(request.text for request in requests(tree) if request.reader == "flags:kube-apiserver")
        for request in texts:
            data = load(request.text)
            version, kind = data["apiVersion"], data["kind"]
            served = kind in table(minor, "resources").get(version, {})
            assert served or f"{version}=true" in flags, request.path


# What the components did when they were run by hand, minor by minor: a table that says otherwise is wrong.
GONE_IN_137 = [
    "GangScheduling", "WorkloadAwarePreemption", "SchedulerQueueingHints", "SidecarContainers", "RetryGenerateName",
    "OrderedNamespaceDeletion", "ConsistentListFromCache", "BtreeWatchCache", "StructuredAuthenticationConfiguration",
]  # fmt: skip
LOCKED_IN_137 = [
    "DRAExtendedResource", "DRAPrioritizedList", "DRAResourceClaimDeviceStatus", "DisableCPUQuotaWithExclusiveCPUs",
    "HPAConfigurableTolerance", "HostnameOverride", "InPlacePodVerticalScalingInitContainers", "NodeDeclaredFeatures",
    "PLEGOnDemandRelist", "PodReadyToStartContainersCondition", "RelaxedServiceNameValidation",
    "WatchCacheInitializationPostStartHook",
]  # fmt: skip
ON_IN_137 = ["HPAScaleToZero", "MemoryQoS", "StorageCapacityScoring", "MaxUnavailableStatefulSet", "NativeHistograms"]


def test_gates_that_went_in_137_were_there_before() -> None:
    assert [gate for gate in GONE_IN_137 if gate in table("1.37", "gates") or gate not in table("1.36", "gates")] == []
    assert table("1.37", "elsewhere")["gates"]["GangScheduling"] == {"until": "1.36"}


def test_gates_are_locked_since_137() -> None:
    locked = {
        minor: [gate for gate in LOCKED_IN_137 if table(minor, "gates")[gate].get("locked")]
        for minor in ("1.36", "1.37")
    }
    assert locked == {"1.36": [], "1.37": LOCKED_IN_137}


def test_gates_are_on_since_137() -> None:
    on = {minor: [gate for gate in ON_IN_137 if table(minor, "gates")[gate]["default"]] for minor in ("1.36", "1.37")}
    assert on == {"1.36": [], "1.37": ON_IN_137}


def test_native_gangs_are_behind_a_gate_and_a_version() -> None:
    assert table("1.37", "gates")["GenericWorkload"] == {"stage": "BETA", "default": False}
    assert table("1.37", "resources-on-request")["scheduling.k8s.io/v1beta1"]["PodGroup"]["gated"]
    assert table("1.36", "elsewhere")["apis"]["scheduling.k8s.io/v1beta1/PodGroup"] == {"since": "1.37"}
    assert "GenericWorkload" not in table("1.34", "gates")


def test_mutating_admission_policy_is_served_since_136() -> None:
    served = [
        minor
        for minor in MINORS
        if "MutatingAdmissionPolicy" in table(minor, "resources")["admissionregistration.k8s.io/v1"]
    ]
    assert served == ["1.36", "1.37"]


def test_the_controller_manager_exchanged_a_flag_in_137() -> None:
    flags = {minor: table(minor, "flags")["kube-controller-manager"] for minor in ("1.36", "1.37")}
    assert "concurrent-service-syncs" in flags["1.36"].keys() - flags["1.37"].keys()
    assert "concurrent-disruption-syncs" in flags["1.37"].keys() - flags["1.36"].keys()


def test_the_kubelet_lost_18_flags_and_the_proxy_two_in_137() -> None:
    lost = table("1.37", "elsewhere")["flags"]
    assert len([name for name, row in lost["kubelet"].items() if row == {"until": "1.36"}]) == 18
    assert {name for name, row in lost["kube-proxy"].items() if row == {"until": "1.36"}} == {
        "boot-id-file",
        "machine-id-file",
    }


def kubelet(minor: str) -> Any:
    return table(minor, "kinds/KubeletConfiguration")["properties"]


def test_defaults_of_the_kubelet_changed() -> None:
    throttling = {minor: kubelet(minor)["memoryThrottlingFactor"].get("default") for minor in MINORS}
    assert throttling == {"1.34": 0.9, "1.35": 0.9, "1.36": 0.9, "1.37": None}
    cgroups = {minor: kubelet(minor)["failCgroupV1"].get("default", False) for minor in MINORS}
    assert cgroups == {"1.34": False, "1.35": True, "1.36": True, "1.37": True}


def test_fields_of_the_kubelet_came() -> None:
    came = {
        field: next(minor for minor in MINORS if field in kubelet(minor))
        for field in ("tlsCurvePreferences", "memoryReservationPolicy", "defaultPodSysctls")
    }
    assert came == {"tlsCurvePreferences": "1.36", "memoryReservationPolicy": "1.36", "defaultPodSysctls": "1.37"}


def test_extension_points_of_the_scheduler_came() -> None:
    points = {
        minor: table(minor, "kinds/KubeSchedulerConfiguration")["$defs"]["config.v1.Plugins"]["properties"].keys()
        for minor in MINORS
    }
    assert points["1.36"] - points["1.35"] == {"placementGenerate", "placementScore"}
    assert points["1.37"] - points["1.36"] == {"podGroupPostFilter"}


def test_experimental_keys_of_etcd_went_in_37() -> None:
    keys = {line: json.loads((SCHEMAS / "etcd" / line / "keys.json").read_text()) for line in ETCDS}
    assert [key for key in keys["3.7"] if key.startswith("experimental-")] == []
    assert "experimental-corrupt-check-time" in keys["3.6"]
    assert keys["3.7"]["corrupt-check-time"] == {"type": "integer"}
    assert keys["3.7"]["auto-compaction-retention"] == {"type": "string"}
