"""Flags of the older minors are read by tables; of the newest, program and tables must say the same."""

from __future__ import annotations

import json

import pytest

from conformance.conftest import Judges
from conformance.flag_tables import read_flags
from conformance.programs import MINORS
from conformance.tables import COMPONENTS
from conformance.trees import Request, at_minor

GOOD = {
    "kube-apiserver": ["--goaway-chance=0.001", "--max-requests-inflight=400", "--audit-log-batch-max-wait=1s"],
    "kube-controller-manager": ["--kube-api-qps=20.5", "--kube-api-burst=30", "--node-monitor-period=5s"],
    "kube-scheduler": ["--secure-port=10259", "--leader-elect=true", "--leader-elect-lease-duration=15s"],
    "kubelet": ["--max-pods=110", "--address=192.0.2.1", "--sync-frequency=1m0s"],
    "kube-proxy": ["--conntrack-min=131072", "--bind-address=192.0.2.1", "--iptables-sync-period=30s"],
}
SPOILT = [
    ("kube-apiserver", "--goaway-chance", "--go-away-chance"),
    ("kube-apiserver", "400", "many"),
    ("kube-apiserver", "400", "9999999999999999999"),
    ("kube-apiserver", "1s", "1"),
    ("kube-controller-manager", "--kube-api-qps", "--kube-api-qqs"),
    ("kube-controller-manager", "20.5", "fast"),
    ("kube-controller-manager", "30", "99999999999"),
    ("kube-scheduler", "--leader-elect=", "--leader-elects="),
    ("kube-scheduler", "true", "perhaps"),
    ("kube-scheduler", "10259", "10259999999999999999"),
    ("kube-scheduler", "15s", "soon"),
    ("kubelet", "--max-pods", "--max-pod"),
    ("kubelet", "110", "99999999999"),
    ("kubelet", "192.0.2.1", "192.0.2.256"),
    ("kube-proxy", "--conntrack-min", "--conntrack-minimum"),
    ("kube-proxy", "131072", "99999999999"),
    ("kube-proxy", "192.0.2.1", "everywhere"),
]
GATES = {
    "one that is known": ("PodLevelResources=true", True),
    "a misspelt one": ("PodLevelResource=true", False),
    "one whose value is no truth": ("PodLevelResources=perhaps", False),
    "one that is locked": ("PodSchedulingReadiness=false", False),
}


def _request(component: str, minor: str, flags: list[str]) -> Request:
    return Request("flags", component, "flags", f"flags:{component}", json.dumps(flags), minor)


def _agreed(request: Request, judges: Judges) -> bool:
    """Return whether the tables accept a request; of the newest minor, the program must say the same."""
    verdict = read_flags(request.path, request.minor, request.text)
    (read,) = judges.ask([(at_minor(request.reader, request.minor), request.text)])
    assert (read.accepted, request.minor) == (verdict.accepted, request.minor), (read.errors, verdict.errors)
    if read.accepted:
        judges.accept(request, read)
    else:
        judges.refuse(request)
    return read.accepted


@pytest.mark.parametrize("minor", MINORS)
@pytest.mark.parametrize("component", COMPONENTS)
def test_flags_that_every_minor_knows_are_accepted(component: str, minor: str, judges: Judges) -> None:
    assert _agreed(_request(component, minor, GOOD[component]), judges)


@pytest.mark.parametrize("minor", MINORS)
@pytest.mark.parametrize(("component", "old", "new"), SPOILT)
def test_spoilt_flags_are_refused(component: str, old: str, new: str, minor: str, judges: Judges) -> None:
    spoilt = [flag.replace(old, new) for flag in GOOD[component]]
    assert spoilt != GOOD[component]
    assert not _agreed(_request(component, minor, spoilt), judges)


@pytest.mark.parametrize("minor", MINORS)
@pytest.mark.parametrize("component", COMPONENTS)
@pytest.mark.parametrize(("gate", "accepted"), GATES.values(), ids=GATES)
def test_feature_gates_are_looked_up(gate: str, accepted: bool, component: str, minor: str, judges: Judges) -> None:  # noqa: FBT001
    assert _agreed(_request(component, minor, [f"--feature-gates={gate}"]), judges) is accepted


def test_every_component_has_three_spoilt_copies() -> None:
    components = [component for component, *_ in SPOILT]
    assert {component: components.count(component) for component in COMPONENTS if components.count(component) < 3} == {}
