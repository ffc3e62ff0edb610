"""The resolver: every value has a decision with its reason and place, the spec wins, and the arithmetic adds up."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterc import pipeline, quantity
from clusterc.defaults import network as defaults
from clusterc.defaults import pools
from clusterc.defaults.control_plane import placement
from clusterc.defaults.network import OVERHEAD, wrapping
from clusterc.defaults.presets import presets
from clusterc.model.cluster import Cluster
from clusterc.model.decision import Origin
from clusterc.resolve.tables import rung_for
from clusterc.spec.cluster import Spec
from clusterc.spec.fields import field_at
from specs import Plain, checked, resolved, source, specs

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = sorted((ROOT / "clusters").glob("*.yaml"))
LARGEST = 15_000

MINIMAL: Plain = {
    "apiVersion": "clusterc.dev/v1alpha1",
    "kind": "Cluster",
    "metadata": {"name": "sample"},
    "spec": {
        "preset": "training",
        "kubernetes": {"version": "1.37.2"},
        "provider": "metal",
        "network": {
            "mode": "flannel",
            "nodeCIDR": "10.0.0.0/20",
            "podCIDR": "10.64.0.0/13",
            "serviceCIDR": "10.32.0.0/20",
        },
        "controlPlane": {"endpoint": "api.sample.internal:6443"},
        "nodePools": [
            {
                "name": "gpu",
                "role": "training",
                "machine": {"cpu": 96, "memory": "1Ti", "numaNodes": 2},
                "gpu": {"type": "h100-sxm5-80gb"},
                "nodes": 600,
            }
        ],
    },
}


def shipped(spec: Path) -> Cluster:
    return pipeline.understand(pipeline.read(spec, name=spec.name, root=ROOT))[0]


def with_value(path: str, value: Any) -> Plain:
    """Return the minimal spec with one more value; an item of a list is addressed by its number."""
    data = copy.deepcopy(MINIMAL)
    *steps, last = path.split(".")
    node: Any = data
    for step in steps:
        node = node[int(step)] if isinstance(node, list) else node.setdefault(step, {})
    node[last] = value
    return data


# Settings that are decided under a path of their own, where an engineer would look for them.
API = "spec.controlPlane.apiServers"
CONTROLLERS = "spec.controlPlane.controllerManager"
ELSEWHERE = {
    f"{API}.flags": {
        "max-requests-inflight": f"{API}.inflight.read",
        "max-mutating-requests-inflight": f"{API}.inflight.mutating",
        "event-ttl": f"{API}.eventTTL",
        "etcd-compaction-interval": "spec.controlPlane.etcd.compaction.interval",
    },
    f"{CONTROLLERS}.flags": {"kube-api-qps": f"{CONTROLLERS}.qps", "kube-api-burst": f"{CONTROLLERS}.burst"},
    "spec.scheduler.extra": {
        "parallelism": "spec.scheduler.parallelism",
        "percentageOfNodesToScore": "spec.scheduler.percentageOfNodesToScore",
    },
    "extra": {
        "quota-backend-bytes": "quota",
        "heartbeat-interval": "timers.heartbeat",
        "election-timeout": "timers.election",
    },
    "kubelet": {"maxPods": "pods.max", "maxParallelImagePulls": "images.parallelPulls"},
}


def component_settings(cluster: Cluster) -> Iterator[tuple[str, Mapping[str, Any], dict[str, str]]]:
    """Yield each component's settings: the path they are decided under, themselves, and what is decided elsewhere."""
    plane = cluster.control_plane
    yield f"{API}.flags", plane.api_server.flags, ELSEWHERE[f"{API}.flags"]
    yield f"{API}.sysctls", plane.host.sysctls, {}
    yield f"{CONTROLLERS}.flags", plane.controller_manager_flags, ELSEWHERE[f"{CONTROLLERS}.flags"]
    yield "spec.scheduler.extra", plane.scheduler, ELSEWHERE["spec.scheduler.extra"]
    yield "spec.scheduler.flags", plane.scheduler_flags, {}
    for block, etcd in (("etcd", plane.etcd), ("eventsEtcd", plane.events_etcd)):
        if etcd:
            path = f"spec.controlPlane.{block}"
            yield f"{path}.extra", etcd.settings, {name: f"{path}.{at}" for name, at in ELSEWHERE["extra"].items()}
            yield f"{path}.sysctls", etcd.sysctls, {}
    yield "kubelet", cluster.kubelet, {}
    yield "network.kubeProxy", cluster.network.kube_proxy or {}, {}
    for pool in cluster.pools:
        path = f"spec.nodePools[{pool.name}]"
        yield f"{path}.kubelet", pool.kubelet, {name: f"{path}.{at}" for name, at in ELSEWHERE["kubelet"].items()}
        yield f"{path}.sysctls", pool.host.sysctls, {}
        yield f"{path}.labels", pool.labels, {}


def undecided(cluster: Cluster) -> list[str]:
    """Return every setting without a decision, or with another value than the one decided."""
    found = []
    for path, tree, elsewhere in component_settings(cluster):
        for name, value in tree.items():
            where = f"{path}[{name}]" if "." in name else f"{path}.{name}"
            decision = cluster.decisions.get(where)
            if decision is None:
                found += [] if elsewhere.get(name) in cluster.decisions else [where]
            elif as_text(decision.value) != as_text(value):
                found.append(f"{where}: {value}, but decided {decision.value}")
    return found


def as_text(value: Any) -> str:
    """Return a value as a flag or a kernel setting would have it."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


@pytest.mark.parametrize("spec", SHIPPED, ids=lambda spec: spec.stem)
def test_every_setting_of_a_shipped_cluster_was_decided(spec: Path) -> None:
    assert undecided(shipped(spec)) == []


@given(specs())
def test_every_setting_of_any_cluster_was_decided(data: Plain) -> None:
    assert undecided(resolved(data)) == []


@given(specs())
def test_every_decision_has_its_place_or_its_reason(data: Plain) -> None:
    for decision in resolved(data).decisions.values():
        if decision.origin is Origin.SPEC:
            assert decision.span is not None, decision.path
        else:
            assert decision.why, decision.path


@pytest.mark.parametrize("spec", SHIPPED, ids=lambda spec: spec.stem)
def test_the_place_of_a_decision_lies_inside_the_spec(spec: Path) -> None:
    lines = spec.read_text(encoding="utf-8").splitlines()
    given_values = [d for d in shipped(spec).decisions.values() if d.origin is Origin.SPEC]
    assert len(given_values) > 10
    for decision in given_values:
        assert decision.span is not None, decision.path
        line = lines[decision.span.line - 1]
        assert 1 <= decision.span.column < decision.span.end_column <= len(line) + 1, decision.path


def test_the_place_of_a_decision_is_that_of_the_value() -> None:
    data = with_value("spec.controlPlane.apiServers", {"count": 7})
    text = source(data).text.splitlines()
    span = resolved(data).decisions["spec.controlPlane.apiServers.count"].span
    assert span is not None
    assert text[span.line - 1][span.column - 1 : span.end_column - 1] == "7"


def heartbeat(cluster: Cluster) -> tuple[Any, Any]:
    etcd = cluster.control_plane.etcd.settings
    return etcd["heartbeat-interval"], etcd["election-timeout"]


def profile(cluster: Cluster, name: str) -> Any:
    profiles: Any = cluster.control_plane.scheduler["profiles"]
    return next(profile for profile in profiles if profile["schedulerName"] == name)


def strategy(cluster: Cluster) -> Any:
    configs = profile(cluster, "gpu")["pluginConfig"]
    fit = next(config for config in configs if config["name"] == "NodeResourcesFit")
    return fit["args"]["scoringStrategy"]["type"]


CPU: Plain = {"name": "cpu", "role": "general", "machine": {"cpu": 32, "memory": "128Gi"}}
GPU: Plain = {"name": "gpu", "machine": {"cpu": 96, "memory": "1Ti"}, "gpu": {"type": "h100-sxm5-80gb"}}
TRAINING, INFERENCE = {**GPU, "role": "training"}, {**GPU, "role": "inference"}


def with_pools(*pools: Plain, **scheduler: Any) -> Plain:
    """Return the minimal spec with other pools, and a block for the scheduler."""
    data = with_value("spec.nodePools", list(pools))
    data["spec"]["network"] |= {"nodeCIDR": "10.0.0.0/17", "podCIDR": "10.128.0.0/10"}
    data["spec"]["scheduler"] = scheduler
    return data


@pytest.mark.parametrize(("qps", "burst"), [(0.1, 1), (0.5, 1), (1.5, 3), (100, 200)])
def test_twice_a_slow_rate_still_binds_something_at_once(qps: float, burst: int) -> None:
    scheduler = resolved(with_pools({**TRAINING, "nodes": 8}, qps=qps)).control_plane.scheduler
    assert scheduler["clientConnection"]["burst"] == burst  # type: ignore[index, call-overload]


def resolved_profile(data: Plain, name: str) -> dict[str, Any] | None:
    """Return the only scheduler profile of a name."""
    profiles: Any = resolved(data).control_plane.scheduler["profiles"]
    found = [each for each in profiles if each["schedulerName"] == name]
    assert len(found) <= 1, name
    return found[0] if found else None


@pytest.mark.parametrize(
    ("pools", "share"),
    [
        # schedule_one.go: 50 - nodes/125 %, 5 and 100 at least: 375 of 7,500, 500 of 5,000, 144 of 300, 100 of 200.
        # Whole machines are alike: 1,000 of them are enough, or all there are.
        (({**TRAINING, "nodes": 7_500},), 14),
        (({**TRAINING, "nodes": 500}, {**CPU, "nodes": 7_000}), 7),
        (({**TRAINING, "nodes": 300}, {**CPU, "nodes": 7_200}), None),
        # Small requests: every machine of the largest GPU pool, and no other machine.
        (({**INFERENCE, "nodes": 20}, {**CPU, "nodes": 280}), None),
        (({**INFERENCE, "nodes": 120}, {**CPU, "nodes": 80}), 60),
        (({**INFERENCE, "nodes": 4_000}, {**CPU, "nodes": 1_000}), 80),
    ],
)
def test_pods_with_gpus_are_scored_on_as_many_machines_as_packing_needs(
    pools: tuple[Plain, ...], share: int | None
) -> None:
    data = with_pools(*pools)
    gpu = resolved_profile(data, "gpu")
    assert gpu is not None
    assert gpu.get("percentageOfNodesToScore") == share
    assert resolved(data).control_plane.scheduler["percentageOfNodesToScore"] == 0


def test_pods_without_gpus_are_scored_as_the_scheduler_thinks_right() -> None:
    data = with_pools({**CPU, "nodes": 5_000})
    assert resolved_profile(data, "gpu") is None
    assert resolved(data).control_plane.scheduler["percentageOfNodesToScore"] == 0


def test_a_share_that_the_spec_says_is_that_of_every_pod() -> None:
    data = with_pools({**TRAINING, "nodes": 7_500}, percentageOfNodesToScore=30)
    gpu = resolved_profile(data, "gpu")
    assert gpu is not None
    assert "percentageOfNodesToScore" not in gpu
    assert resolved(data).control_plane.scheduler["percentageOfNodesToScore"] == 30


def fit(of: dict[str, Any] | None) -> Any:
    assert of is not None
    return next((each["args"]["scoringStrategy"] for each in of.get("pluginConfig", ()) if "Fit" in each["name"]), None)


def test_packing_is_of_pods_with_gpus_and_of_every_pod_where_there_are_none() -> None:
    packed = {"type": "MostAllocated", "resources": [{"name": "cpu", "weight": 1}, {"name": "memory", "weight": 1}]}
    without = with_pools({**CPU, "nodes": 9}, packing="most-allocated")
    assert fit(resolved_profile(without, "default-scheduler")) == packed
    mixed = with_pools({**CPU, "nodes": 9}, {**INFERENCE, "nodes": 9}, packing="most-allocated")
    assert fit(resolved_profile(mixed, "default-scheduler")) is None
    assert fit(resolved_profile(mixed, "gpu"))["type"] == "MostAllocated"


@pytest.mark.parametrize("name", ["gpu", "default-scheduler"])
def test_a_profile_of_the_spec_has_a_name_of_its_own(name: str) -> None:
    data = with_pools({**TRAINING, "nodes": 9}, profiles=[{"name": name, "percentageOfNodesToScore": 77}])
    assert [finding.id for finding in checked(data).findings] == ["CC0012"]


@pytest.mark.parametrize(("nodes", "churn"), [(1, 1), (10, 1), (499, 1), (1_000, 4), (5_000, 20), (15_000, 20)])
def test_pods_come_and_go_in_proportion_to_upstreams_20_a_second_at_5000_nodes(nodes: int, churn: int) -> None:
    assert resolved(with_pools({**CPU, "nodes": nodes})).scale.churn_per_second == churn


@pytest.mark.parametrize(
    ("provider", "mode", "cni", "pods_answer"),
    [
        ("azure", "native", "azure-vnet", True),
        ("aws", "native", "aws-vpc", True),
        ("aws", "host", "aws-vpc", True),
        ("gcp", "native", "gce-alias", False),
        ("metal", "native", "calico", False),
        ("metal", "native", "cilium", False),
        ("azure", "overlay", "cilium", False),
        ("metal", "flannel", "flannel", False),
    ],
)
def test_a_machine_remembers_the_pods_that_answer_on_its_own_network(
    provider: str, mode: str, cni: str, *, pods_answer: bool
) -> None:
    data = with_pools({**CPU, "nodes": 2_000, "pods": {"perNode": 30}})
    data["spec"]["provider"] = provider
    data["spec"]["network"] |= {"mode": mode, "cni": cni}
    cluster = resolved(data)
    # Twice the addresses, rounded up to a power of two: of 62,000 or of 2,000.
    table = int(cluster.pool("cpu").host.sysctls["net.ipv4.neigh.default.gc_thresh3"])
    assert table == (131_072 if pods_answer else 4_096)
    neighbours = pipeline.understand(checked(data))[1].quantity("neighbours").values[2]
    assert neighbours == (62_000 if pods_answer else 2_000)


MASK = "node-cidr-mask-size-ipv4"
# Field, what the spec says, and where the cluster has it; the spec wins over the preset and over every default.
OVERRIDES: tuple[tuple[str, Any, Callable[[Cluster], Any], Any], ...] = (
    ("spec.controlPlane.placement", "stacked", lambda c: c.control_plane.placement, "stacked"),
    ("spec.controlPlane.apiServers.count", 9, lambda c: len(c.control_plane.api_server.hosts), 9),
    ("spec.controlPlane.apiServers.eventTTL", "30m", lambda c: c.control_plane.api_server.event_ttl_seconds, 1800),
    (
        "spec.controlPlane.apiServers.inflight",
        {"read": 77, "mutating": 66},
        lambda c: c.control_plane.api_server.flags["max-requests-inflight"],
        "77",
    ),
    (
        "spec.controlPlane.apiServers.audit",
        {"maxAge": "3d"},
        lambda c: c.control_plane.api_server.flags["audit-log-maxage"],
        "3",
    ),
    (
        "spec.controlPlane.apiServers.flags",
        {"goaway-chance": "0.01"},
        lambda c: c.control_plane.api_server.flags["goaway-chance"],
        "0.01",
    ),
    (
        "spec.controlPlane.etcd.compaction",
        {"interval": "1m"},
        lambda c: c.control_plane.api_server.flags["etcd-compaction-interval"],
        "1m",
    ),
    ("spec.controlPlane.etcd.members", 7, lambda c: len(c.control_plane.etcd.members), 7),
    ("spec.controlPlane.etcd.quota", "6Gi", lambda c: c.control_plane.etcd.quota_bytes, 6 * 1024**3),
    (
        "spec.controlPlane.etcd.extra",
        {"snapshot-count": 50_000},
        lambda c: c.control_plane.etcd.settings["snapshot-count"],
        50_000,
    ),
    ("spec.controlPlane.etcd.version", "3.6.16", lambda c: c.control_plane.etcd.version, "3.6.16"),
    ("spec.controlPlane.etcd.timers", {"heartbeat": "250ms"}, heartbeat, (250, 2500)),
    ("spec.controlPlane.controllerManager.qps", 33, lambda c: c.control_plane.controller_manager_qps, 33),
    ("spec.scheduler.packing", "least-allocated", strategy, "LeastAllocated"),
    (
        "spec.scheduler.percentageOfNodesToScore",
        17,
        lambda c: c.control_plane.scheduler["percentageOfNodesToScore"],
        17,
    ),
    ("spec.network.dns.nodeLocal", False, lambda c: c.network.dns.node_local, False),
    ("spec.network.dns.replicas", 9, lambda c: c.network.dns.replicas, 9),
    (
        "spec.providerLimits",
        {"routesPerTable": 1000},
        lambda c: c.ceilings["routesPerTable"].value if c.ceilings else None,
        1000,
    ),
    ("spec.network.mtu", 1400, lambda c: c.network.mtu, 1400),
    ("spec.network.proxy.mode", "iptables", lambda c: (c.network.kube_proxy or {})["mode"], "iptables"),
    ("spec.network.podBlockMask", 25, lambda c: c.control_plane.controller_manager_flags[MASK], "25"),
    ("spec.nodePools.0.health", {"preflight": False}, lambda c: c.pool("gpu").preflight, False),
    (
        "spec.scheduler.plugins",
        {"score": {"disabled": [{"name": "ImageLocality"}]}},
        lambda c: profile(c, "default-scheduler").get("plugins"),
        {"score": {"disabled": [{"name": "ImageLocality"}]}},
    ),
    (
        "spec.scheduler.pluginConfig",
        [{"name": "PodTopologySpread", "args": {"defaultingType": "List"}}],
        lambda c: profile(c, "default-scheduler").get("pluginConfig"),
        [{"name": "PodTopologySpread", "args": {"defaultingType": "List"}}],
    ),
    ("spec.nodePools.0.pods", {"max": 50}, lambda c: c.pool("gpu").kubelet["maxPods"], 50),
    ("spec.nodePools.0.kubelet", {"podPidsLimit": 99}, lambda c: c.pool("gpu").kubelet.get("podPidsLimit"), 99),
    ("spec.nodePools.0.sysctls", {"kernel.panic": 5}, lambda c: c.pool("gpu").host.sysctls["kernel.panic"], "5"),
    (
        "spec.nodePools.0.numa",
        {"policy": "restricted"},
        lambda c: c.pool("gpu").kubelet["topologyManagerPolicy"],
        "restricted",
    ),
)


@pytest.mark.parametrize(("path", "value", "get", "expected"), OVERRIDES, ids=[row[0] for row in OVERRIDES])
def test_what_the_spec_says_wins(path: str, value: Any, get: Callable[[Cluster], Any], expected: Any) -> None:
    assert get(resolved(MINIMAL)) != expected
    assert get(resolved(with_value(path, value))) == expected


@pytest.mark.parametrize(
    ("placement", "version", "expected"),
    [("stacked", "3.6.16", "3.6.16-0"), ("stacked", None, None), ("dedicated", "3.6.16", None)],
)
def test_kubeadm_is_told_the_release_of_a_stacked_etcd_that_the_spec_asks_for(
    placement: str, version: str | None, expected: str | None
) -> None:
    data = with_value("spec.controlPlane.placement", placement)
    data["spec"]["controlPlane"]["etcd"] = {"version": version} if version else {}
    assert resolved(data).control_plane.etcd.image_tag == expected


def test_a_ceiling_is_the_catalogues_until_the_spec_corrects_it() -> None:
    data = with_value("spec.provider", "azure")
    name, path = "privateAddressesPerNetwork", "spec.providerLimits.privateAddressesPerNetwork"
    shipped = resolved(data)
    assert (shipped.ceilings[name].value, shipped.decisions[path].origin) == (65_536, Origin.CATALOGUE)
    data["spec"]["providerLimits"] = {name: 262_144}
    raised = resolved(data)
    assert (raised.ceilings[name].value, raised.decisions[path].origin) == (262_144, Origin.SPEC)


@pytest.mark.parametrize("said", [{}, {"rdma": True}, {"rdma": False}], ids=str)
def test_a_pool_loads_what_rdma_needs_unless_it_says_that_it_uses_none(said: Plain) -> None:
    data = with_value("spec.nodePools.0.machine.rdma", {"nics": 8, "bandwidth": "400Gbps"})
    data["spec"]["nodePools"][0] |= said
    assert ("rdma_ucm" in resolved(data).pool("gpu").host.kernel_modules) == said.get("rdma", True)


@pytest.mark.parametrize(
    ("hosts", "names"),
    [
        (["db-3.internal", "db-1.internal"], ["db-3", "db-1"]),
        (["etcd.a.internal", "etcd.b.internal"], ["etcd-a-internal", "etcd-b-internal"]),
        (["10.0.0.21", "10.0.0.22"], ["10-0-0-21", "10-0-0-22"]),
    ],
)
def test_a_member_keeps_its_name_wherever_its_host_stands_in_the_list(hosts: list[str], names: list[str]) -> None:
    from clusterc.resolve.etcd import member_names

    assert list(member_names(tuple(hosts))) == names
    assert list(member_names(tuple(reversed(hosts)))) == names[::-1]


def test_members_are_defragmented_one_after_another_past_midnight() -> None:
    data = with_value("spec.controlPlane.etcd.defragmentation", {"schedule": "Sun 23:58:30 UTC", "spacing": "1m"})
    data["spec"]["controlPlane"]["etcd"]["members"] = 3
    calendars = resolved(data).control_plane.etcd.defragment_calendars
    assert list(calendars.values()) == ["Sun 23:58:30 UTC", "Sun 23:59:30 UTC", "Mon 00:00:30 UTC"]


def test_a_preset_wins_over_the_default_and_says_so() -> None:
    decision = resolved(MINIMAL).decisions["spec.controlPlane.placement"]
    assert (decision.origin, decision.value) == (Origin.PRESET, "dedicated")
    stacked = resolved(with_value("spec.preset", "lab")).decisions["spec.controlPlane.placement"]
    assert (stacked.origin, stacked.value) == (Origin.PRESET, "stacked")


@pytest.mark.parametrize("preset", sorted(presets()))
def test_every_value_of_a_preset_is_a_field_that_some_resolver_reads(preset: str) -> None:
    decisions = resolved(with_value("spec.preset", preset)).decisions
    for path, row in presets()[preset].items():
        steps = tuple(0 if step.isdigit() else step for step in path.replace("[]", ".0").split("."))
        assert field_at(Spec, steps) is not None, path
        decision = decisions[path.replace("[]", "[gpu]")]
        assert (decision.origin, decision.value) == (Origin.PRESET, row["value"])


@given(st.integers(1, LARGEST))
def test_the_ladder_has_a_rung_for_every_size(nodes: int) -> None:
    assert rung_for(nodes).nodes >= nodes


def test_a_cluster_beyond_the_ladder_is_told_so() -> None:
    highest = max(rung_for(nodes).nodes for nodes in range(1, LARGEST + 1))
    assert f"up to {highest:,} nodes" in rung_for(highest).why
    assert f"made for {highest:,} nodes and not for {highest + 1:,}" in rung_for(highest + 1).why


def test_changes_of_endpoints_and_of_slices_travel_together() -> None:
    for nodes, period in ((1_000, "0s"), (1_001, "500ms")):
        flags = resolved(with_pools({**CPU, "nodes": nodes})).control_plane.controller_manager_flags
        assert {flags[f"{name}-updates-batch-period"] for name in ("endpoint", "endpointslice")} == {period}


def test_a_larger_cluster_never_gets_a_smaller_control_plane() -> None:
    rungs = sorted({replace(rung_for(nodes), asked=0) for nodes in range(1, LARGEST + 1)}, key=lambda rung: rung.nodes)
    assert len(rungs) > 3
    disks = ["network-disk", "network-ssd", "local-ssd", "local-nvme"]
    for less, more in pairwise(rungs):
        for field in ("api_servers", "api_cpu", "api_memory_gib", "etcd_members", "etcd_cpu", "etcd_memory_gib"):
            assert getattr(less, field) <= getattr(more, field), (field, more.nodes)
        assert less.scheduler_qps <= more.scheduler_qps
        assert less.quota_gib <= more.quota_gib
        assert all(a <= b for a, b in zip(less.inflight, more.inflight, strict=True))
        assert all(a <= b for a, b in zip(less.controllers, more.controllers, strict=True))
        assert disks.index(less.disk) <= disks.index(more.disk)
    assert all(rung.etcd_members % 2 for rung in rungs)
    assert all(rung.source for rung in rungs)


@given(
    memory_mib=st.integers(3 * 1024, 4 * 1024**2),
    numa_nodes=st.integers(1, 16),
    policy=st.sampled_from(["restricted", "single-numa-node"]),
)
def test_memory_reserved_on_numa_nodes_is_exactly_what_is_kept_from_pods(
    memory_mib: int, numa_nodes: int, policy: str
) -> None:
    data = with_value("spec.nodePools.0.numa", {"policy": policy})
    data["spec"]["nodePools"][0]["machine"] = {"cpu": 96, "memory": f"{memory_mib}Mi", "numaNodes": numa_nodes}
    cluster = resolved(data)
    kubelet: Any = {**cluster.kubelet, **cluster.pool("gpu").kubelet}
    kept = (kubelet["kubeReserved"]["memory"], kubelet["systemReserved"]["memory"])
    on_nodes = [quantity.parse_bytes(entry["limits"]["memory"]) for entry in kubelet["reservedMemory"]]
    assert sum(on_nodes) == sum(map(quantity.parse_bytes, (*kept, kubelet["evictionHard"]["memory.available"])))
    assert [entry["numaNode"] for entry in kubelet["reservedMemory"]] == list(range(numa_nodes))
    assert max(on_nodes) - min(on_nodes) <= 1024**2


@given(st.integers(1, 4096), st.integers(1, 4096))
def test_a_larger_machine_keeps_no_less_for_itself(one: int, other: int) -> None:
    from clusterc.resolve.kubelet import reserved_cpu_millicores, reserved_memory_bytes

    less, more = sorted((one, other))
    assert reserved_memory_bytes(less * 2**30) <= reserved_memory_bytes(more * 2**30) < more * 2**30
    assert reserved_cpu_millicores(less * 1000) <= reserved_cpu_millicores(more * 1000) < more * 1000


@pytest.mark.parametrize(("mask", "style", "expected"), [(26, "shared", 61), (24, "shared", 110), (28, None, 13)])
def test_the_most_pods_of_a_machine_follow_the_block_that_is_said(mask: int, style: str | None, expected: int) -> None:
    data = with_value("spec.network.podBlockMask", mask)
    data["spec"]["nodePools"][0]["pods"] = {"style": style} if style else {}
    cluster = resolved(data)
    assert cluster.pool("gpu").kubelet["maxPods"] == expected
    assert ("block" in cluster.decisions["spec.nodePools[gpu].pods.max"].why) == (expected in {61, 13})


@given(specs())
def test_what_checks_take_for_granted_is_what_is_decided(data: Plain) -> None:
    spec = checked(data)
    assert spec.spec
    assert spec.cluster
    body, cluster = spec.spec.spec, spec.cluster
    network, plane = cluster.network, cluster.control_plane
    mtu = body.network.mtu or defaults.underlay_mtu(body) - OVERHEAD[wrapping(body)]
    assert (network.cni, network.mtu) == (defaults.plugin(body), mtu)
    assert network.pod_block_mask == (pools.block_mask(body) if defaults.takes_blocks(body) else None)
    assert (network.dns.node_local, plane.placement) == (defaults.node_local_dns(body), placement(body))
    for said, pool in zip(body.node_pools, cluster.pools, strict=True):
        assert (pool.max_pods, pool.style) == (pools.max_pods(said, body), pools.style(said))
        assert pool.pods_per_node == pools.pods_per_node(said, body)
        gpu = pool.gpu
        assert (gpu.per_node * gpu.instances if gpu else 0) == pools.gpus_per_machine(said, body)


def kubelet_told(passed: Plain) -> Any:
    """Return all that the minimal spec's kubelets are told when these fields are passed on to them."""
    cluster = resolved(with_value("spec.nodePools.0.kubelet", passed))
    return cluster.kubelet_of(cluster.pool("gpu"))


def test_kubelets_told_to_pull_one_by_one_pull_one_by_one() -> None:
    told = kubelet_told({"serializeImagePulls": True})
    assert (told["serializeImagePulls"], told["maxParallelImagePulls"]) == (True, 1)


def test_a_memory_manager_that_is_passed_on_gets_its_reservations() -> None:
    passed = {
        "memoryManagerPolicy": "Static",
        "kubeReserved": {"cpu": "1", "memory": "3Gi"},
        "evictionHard": {"memory.available": "1500Mi"},
    }
    told = kubelet_told(passed)
    kept = quantity.parse_bytes("3Gi") + quantity.parse_bytes(told["systemReserved"]["memory"])
    on_nodes = [quantity.parse_bytes(entry["limits"]["memory"]) for entry in told["reservedMemory"]]
    assert sum(on_nodes) == kept + quantity.parse_bytes("1500Mi")
    assert told["evictionHard"]["nodefs.available"] == "10%"


def test_options_of_the_static_policy_follow_the_policy_that_is_passed_on() -> None:
    data = with_value("spec.nodePools.0.kubelet", {"cpuManagerPolicy": "none"})
    data["spec"]["nodePools"][0]["numa"] = {"policy": "single-numa-node"}
    assert "cpuManagerPolicyOptions" not in resolved(data).pool("gpu").kubelet


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**10) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
READ_BACK = (
    ("spec.nodePools.0.kubelet", "maxPods"),
    *(
        ("spec.nodePools.0.kubelet", name)
        for name in ("serializeImagePulls", "maxParallelImagePulls", "topologyManagerPolicy", "cpuManagerPolicy")
    ),
    *(("spec.nodePools.0.kubelet", name) for name in ("memoryManagerPolicy", "kubeReserved", "evictionHard")),
    *(("spec.nodePools.0.kubelet", name) for name in ("systemReserved", "reservedMemory", "cpuManagerPolicyOptions")),
    ("spec.controlPlane.apiServers.flags", "etcd-compaction-interval"),
    *(("spec.controlPlane.controllerManager.flags", name) for name in ("kube-api-qps", "node-eviction-rate")),
    *(("spec.scheduler.extra", name) for name in ("profiles", "parallelism", "percentageOfNodesToScore")),
    *(("spec.controlPlane.etcd.extra", name) for name in ("quota-backend-bytes", "auto-compaction-retention")),
)


@pytest.mark.parametrize(("path", "name"), READ_BACK)
@settings(max_examples=15)
@given(value=ANYTHING)
def test_whatever_is_passed_on_is_a_finding_at_the_most(path: str, name: str, value: Any) -> None:
    data = with_value(path, {name: value, "memoryManagerPolicy": "Static"} if "kubelet" in path else {name: value})
    pipeline.build(checked(data))
