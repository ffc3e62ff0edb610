"""Every field of the language acts: another value of it changes a file, what is reckoned, or a finding.

What is read and does not act yet is named in README.md, and nothing else is. `every_field.yaml` says every field; each
is changed there alone, or, where another one hides it, in the context that lets it decide.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from clusterc import pipeline
from clusterc.capacity import reckon
from clusterc.diagnostics import Path as Place
from clusterc.emit import emit
from clusterc.load.yaml_spec import load_yaml
from clusterc.model.source import Source
from clusterc.spec.reference import Field, look_up

HERE = Path(__file__).resolve().parent
README = (HERE.parent / "README.md").read_text()
SAMPLE = HERE / "every_field.yaml"

# Findings of the reader: a value that gives one is no other value.
STRUCTURE = {"CC0002", "CC0004", "CC0005", "CC0006", "CC0007", "CC0008", "CC1001"}
# Another value where doubling a number or turning a word round does not give a valid one, or one that matters.
OTHERS: dict[str, Any] = {
    "spec.addons[].ports": [10250],
    "spec.addons[].needsTaints": ["example.com/nowhere"],
    "spec.controlPlane.etcd.machine.memory": "1Gi",
    "spec.controlPlane.eventsEtcd.machine.memory": "1Gi",
    "spec.controlPlane.etcd.timers.roundTrip": "300ms",
    "spec.controlPlane.eventsEtcd.timers.roundTrip": "300ms",
    "spec.controlPlane.etcd.defragmentation.schedule": "Sun 03:00:00 UTC",
    "spec.controlPlane.eventsEtcd.defragmentation.schedule": "Sun 05:00:00 UTC",
    "spec.controlPlane.etcd.disk.iops": 1000,
    "spec.controlPlane.eventsEtcd.disk.iops": 1000,
    "spec.gpuTypes[].nvlinkDomain": 4,
    "spec.gpuTypes[].nics": 0,
    "spec.gpuTypes[].xid.fatal": [31],
    "spec.gpuTypes[].xid.contained": [79],
    "spec.gpuTypes[].xid.application": [79],
    "spec.kubernetes.version": "1.36.3",
    "spec.monitoring.prometheus.drop": [],
    "spec.monitoring.receivers[].severities": ["warning"],
    "spec.network.dualStack.podBlockMask": 66,
    "spec.network.hub.exposes": ["pods"],
    "spec.network.peers[].cidrs": ["10.64.0.0/16"],
    "spec.network.peers[].name": "second",
    "spec.network.podBlockMask": 24,
    "spec.network.settings": {"debug": "false"},
    "spec.nodePools[].fabric.blockSize": 8,
    "spec.nodePools[].groups.size": 2000,
    "spec.preset": "lab",
    "spec.providerLimits": {"routesPerTable": 50},
    "spec.teams[].guarantees[].gpus": 100_000,
    "spec.teams[].guarantees[].nodes": 100_000,
    "spec.upgrade.maxSurge": "9000",
    "spec.webhooks[].rules[].operations": ["UPDATE"],
    "spec.workloads[].placement": "same-nvlink-domain",
    "spec.workloads[].ports": [10250],
    "spec.workloads[].resources.gpus": 100,
}
# What else must be changed for a field to be the one that decides; None removes it.
_OWN_LADDER = {"priorities": None, "workloads.0.priority": None, "addons.0.priority": None}
_UNMEASURED = "disk.writeLatency", "disk.iops"
CONTEXTS: dict[str, dict[str, Any]] = {
    "spec.addons[].ownsLabels": {"nodePools.0.labels": None, "addons.0.ownsLabels": ["example.com/rack"]},
    "spec.addons[].ownsTaints": {"nodePools.0.taints": None, "addons.0.ownsTaints": ["example.com/reserved"]},
    "spec.addons[].writes[].ttl": {"addons.0.writes.0.per": "pod"},
    "spec.balloons.priority": _OWN_LADDER,
    "spec.controlPlane.apiServers.machine.cpu": {"scheduler.parallelism": None},
    "spec.gpuTypes[].nvlinkDomain": {"workloads.0.placement": "same-nvlink-domain", "workloads.0.pods": 1},
    "spec.gpuTypes[].perNode": {"nodePools.0.gpu.count": None},
    "spec.gpuTypes[].resource": {"nodePools.0.gpu.mig": None},
    "spec.monitoring.prometheus.drop": {"monitoring.prometheus.seriesPerNode": None},
    "spec.network.host.rdma": {"nodePools.0.rdma": None, "gpuTypes.0.nics": 0},
    "spec.network.peers[].name": {
        "network.peers": [{"name": "peer", "cidrs": ["10.200.0.0/16"]}, {"name": "second", "cidrs": ["10.201.0.0/16"]}]
    },
    "spec.network.settings": {"network.mode": "overlay", "network.cni": "cilium", "network.flannel": None},
    "spec.network.underlayMTU": {"network.mtu": None},
    "spec.nodePools[].fabric.fullBisection": {"nodePools.0.fabric.blockSize": 8},
    "spec.nodePools[].groups.size": {"provider": "azure", "network.flannel.backend": None},
    "spec.nodePools[].machine.network": {"nodePools.0.disk": None},
    "spec.nodePools[].pods.style": {"nodePools.0.pods.max": None},
    "spec.preset": {"controlPlane.placement": None},
    "spec.providerLimits": {"network.flannel.backend": "host-gw"},
    "spec.teams[].borrow": _OWN_LADDER,
    "spec.workloads[].gang": {"gangs": None},
    "spec.workloads[].image": {"nodePools.0.images.prePull": None},
    **{
        f"spec.controlPlane.{etcd}.disk.class": {f"controlPlane.{etcd}.{name}": None for name in _UNMEASURED}
        for etcd in ("etcd", "eventsEtcd")
    },
    **{
        f"spec.controlPlane.{etcd}.disk.iops": {f"controlPlane.{etcd}.disk.writeLatency": None}
        for etcd in ("etcd", "eventsEtcd")
    },
    **{
        f"spec.controlPlane.{etcd}.timers.roundTrip": {
            f"controlPlane.{etcd}.timers.heartbeat": None,
            f"controlPlane.{etcd}.timers.election": None,
        }
        for etcd in ("etcd", "eventsEtcd")
    },
}


@cache
def sample() -> Any:
    source, findings = load_yaml(SAMPLE.read_text(), name=SAMPLE.name)
    assert source
    assert findings == ()
    return source.data


def leaves(node: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Yield every value; a list of plain values is one."""
    if isinstance(node, dict) and node:
        for key, value in node.items():
            yield from leaves(value, (*place, key))
    elif isinstance(node, list) and any(isinstance(item, dict) for item in node):
        for index, value in enumerate(node):
            yield from leaves(value, (*place, index))
    else:
        yield place, node


def field(place: Place) -> str:
    """Return the path of a field in the language: lists as [], what is passed on as the field that takes it."""
    text = ""
    for step in place:
        text = f"{text}[]" if isinstance(step, int) else f"{text}.{step}" if text else step
    while not isinstance(found := look_up(text), Field):
        text = re.sub(r"(\[\]|\.[^.[]+)$", "", text)
    return found.path


def outcome(data: Any) -> str:
    """Return all that comes of a spec: files, what is reckoned, findings."""
    checked = pipeline.check(Source("spec.yaml", "", data), path=SAMPLE, root=HERE)
    found = [(finding.id, finding.message, finding.severity.value) for finding in checked.findings]
    assert not [finding for finding in found if finding[0] in STRUCTURE], found
    if checked.cluster is None or not checked.is_right:
        return str(found)
    capacity = reckon(checked.cluster)
    documents = emit(checked.cluster, capacity)
    return str((found, capacity, [(document.path, document.body, document.owner) for document in documents]))


def other(place: Place, value: Any) -> Any:
    path = field(place)
    if path in OTHERS:
        whole = OTHERS[path]
        return whole[str(place[-1])] if isinstance(whole, dict) else whole
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value * 2
    page = look_up(path)
    words = page.type.split(" | ") if isinstance(page, Field) and " | " in page.type else []
    if words:
        return next(word for word in words if word != value)
    if isinstance(value, list):
        return [other_word(item) if isinstance(item, str) else item + 1 for item in value]
    return other_word(value)


def other_word(value: str) -> str:
    if re.search(r"\d", value):
        return re.sub(r"\d+", lambda match: str(int(match[0]) * 2), value, count=1)
    return f"{value}x"


def put(data: Any, place: Place, value: Any) -> None:
    node = data
    for step in place[:-1]:
        node = node[step]
    if value is None:
        node.pop(place[-1], None)
    else:
        node[place[-1]] = value


@cache
def context(path: str) -> str:
    """Return the sample in which a field is the one that decides."""
    data = copy.deepcopy(sample())
    for name, value in CONTEXTS.get(path, {}).items():
        put(data["spec"], tuple(int(step) if step.isdigit() else step for step in name.split(".")), value)
    return json.dumps(data)


@cache
def before(text: str) -> str:
    return outcome(json.loads(text))


def acts(place: Place, value: Any) -> bool:
    text = context(field(place))
    data = json.loads(text)
    put(data, place, other(place, value))
    return outcome(data) != before(text)


def pages(path: str) -> Iterator[str]:
    """Yield the paths of all fields at and below one that hold values."""
    page = look_up(path)
    assert isinstance(page, Field)
    if not page.fields:
        yield page.path
    for inner in page.fields:
        yield from pages(f"{page.path}.{inner.path}")


PLACES: dict[str, list[tuple[Place, Any]]] = {}
for found_at, found in leaves(sample()):
    PLACES.setdefault(field(found_at), []).append((found_at, found))
# They have one value each.
ALONE = {"apiVersion", "kind", "spec.kubernetes.target"}
# Jsonnet files of their own; tests/unit/test_overlay.py sees them act.
ELSEWHERE = {path for path in pages("spec") if path.startswith("spec.overlays")}


def idle() -> list[str]:
    """Return what README.md says does not act yet."""
    section = README.partition("## What it does not do yet\n")[2].partition("\n## ")[0]
    items = "\n".join(line for line in section.splitlines() if line.startswith(("- ", "  ")))
    names = re.findall(r"`([a-z][A-Za-z0-9.[\]]*)`", items)
    return [name if name.startswith("metadata") else f"spec.{name}" for name in names]


def covers(name: str, path: str) -> bool:
    return path == name or path.startswith((f"{name}.", f"{name}[]"))


def test_the_sample_says_every_field() -> None:
    said = {path.removesuffix("[]") for path in (*PLACES, *ELSEWHERE)}
    assert sorted({*pages("spec"), *pages("metadata")} - said) == []


@pytest.mark.parametrize("path", sorted(PLACES.keys() - ALONE))
def test_a_field_acts_unless_readme_says_that_it_does_not(path: str) -> None:
    said = any(covers(name, path) for name in idle())
    assert any(acts(place, value) for place, value in PLACES[path]) != said


def test_readme_names_nothing_else() -> None:
    assert [name for name in idle() if not any(covers(name, path) for path in PLACES)] == []
