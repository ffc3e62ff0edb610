"""Limits: at which size each thing gives out, and which limits a cluster has at all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterc.capacity import AREAS, reckon
from clusterc.capacity.breaking import MOST_NODES
from clusterc.capacity.load import Load
from clusterc.model.capacity import Limit
from clusterc.model.cluster import Ceiling, Cluster
from clusterc.model.decision import Decision, Origin
from clusterc.model.network import Flannel
from clusterc.model.pools import Machine, Sizes
from clusterc.model.promises import Write
from unit.clusters import (
    GBPS,
    GIB,
    SECOND,
    cluster,
    daemon,
    gang,
    make_control_plane,
    make_etcd,
    make_network,
    make_prometheus,
    make_scale,
    pool,
    rich,
)

Scalars = dict[str, bool | int | float | str]


def limit(id_: str, sample: Cluster) -> Limit:
    return next(each for each in reckon(sample).limits if each.id == id_)


def ids(sample: Cluster) -> set[str]:
    return {each.id for each in reckon(sample).limits}


@st.composite
def clusters(draw: st.DrawFn) -> Cluster:
    """Return clusters of one to three pools of any density, over small and large supplies."""
    pools = [
        pool(
            f"p{index}",
            Sizes(0, 0, draw(st.integers(1, 6_000))),
            pods_per_node=draw(st.integers(1, 110)),
            max_pods=110,
            sysctls={"net.ipv4.neigh.default.gc_thresh3": str(draw(st.integers(1_024, 100_000)))},
        )
        for index in range(draw(st.integers(1, 3)))
    ]
    plane = make_control_plane(
        api_machine=Machine(4_000, draw(st.integers(1, 256)) * GIB, 10 * GBPS),
        etcd=make_etcd(quota_bytes=draw(st.integers(1, 8)) * GIB),
        events_etcd=draw(st.sampled_from([None, make_etcd("events", quota_bytes=2 * GIB)])),
    )
    job = gang("job", draw(st.integers(1, 5_000)), pool="p0", start_target_ns=60 * SECOND)
    sample = replace(rich(), pools=tuple(pools), control_plane=plane, workloads=(job,))
    return replace(sample, network=make_network(cni="cilium", pod_block_mask=24))


@settings(max_examples=25, deadline=None)
@given(clusters(), st.data())
def test_a_limit_breaks_at_the_first_size_that_its_supply_does_not_carry(sample: Cluster, data: st.DataObject) -> None:
    found = {each.id: each.breaks_at for each in reckon(sample).limits}
    for bound in (bound for area in AREAS for bound in area.limits(sample)):
        first = found[bound.id]
        if first is None:
            assert not bound.breaks(Load.of(sample, MOST_NODES)), bound.id
            continue
        assert bound.breaks(Load.of(sample, first)), bound.id
        assert first == 1 or not bound.breaks(Load.of(sample, first - 1)), bound.id
        earlier = data.draw(st.integers(0, first - 1)) if first > 1 else 0
        assert earlier == 0 or not bound.breaks(Load.of(sample, earlier)), bound.id


@settings(max_examples=25, deadline=None)
@given(clusters(), st.integers(0, 50_000), st.integers(1, 50))
def test_no_demand_falls_as_nodes_are_added(sample: Cluster, nodes: int, added: int) -> None:
    less, more = Load.of(sample, nodes), Load.of(sample, nodes + added)
    for bound in (bound for area in AREAS for bound in area.limits(sample)):
        assert bound.demand(more) >= bound.demand(less), bound.id


def test_limits_stand_in_the_order_in_which_they_are_reached() -> None:
    limits = reckon(rich()).limits
    reached = [each.breaks_at for each in limits if each.breaks_at is not None]
    assert reached == sorted(reached)
    assert [each.breaks_at for each in limits[: len(reached)]] == reached
    assert len(reached) < len(limits)


def test_limits_of_one_size_are_named_together_and_in_the_order_of_the_report() -> None:
    sample = cluster(nodes=5_000, pods_per_node=30)
    first = reckon(sample).breaks_first()[0]
    wanted = {"supported-nodes", "supported-pods", "supported-containers", "bytes-per-type"}
    together = [each.id for each in first]
    assert [id_ for id_ in together if id_ in wanted] == [
        "supported-nodes",
        "supported-pods",
        "supported-containers",
        "bytes-per-type",
    ]
    assert {each.breaks_at for each in first} == {5_001}
    assert "objects-per-type" not in together


DEFAULTS = {
    "dns-queries": "spec.network.dns.replicas",
    "etcd-quota": "spec.controlPlane.etcd.quota",
    "request-budget": "spec.controlPlane.apiServers.inflight.read",
    "pod-request-budget": "spec.controlPlane.apiServers.inflight.read",
    "neighbours": "spec.nodePools[gpu].sysctls[net.ipv4.neigh.default.gc_thresh3]",
}


def test_what_a_build_for_more_nodes_raises_by_itself_breaks_nothing_first() -> None:
    table = pool(sysctls={"net.ipv4.neigh.default.gc_thresh3": "2048"})
    plane = make_control_plane(etcd=make_etcd(quota_bytes=2 * GIB))
    for origin, follows in ((Origin.DEFAULT, True), (Origin.SPEC, False), (Origin.PRESET, False)):
        decisions = {path: Decision(path, "", origin) for path in DEFAULTS.values()}
        capacity = reckon(replace(cluster(table, control_plane=plane), decisions=decisions))
        assert {each.id for each in capacity.limits if each.follows_nodes} == (set(DEFAULTS) if follows else set())
        named = {each.id for group in capacity.breaks_first(len(capacity.limits)) for each in group}
        assert named.isdisjoint(DEFAULTS) is follows


def test_a_default_that_no_build_raises_further_breaks_like_any_other() -> None:
    decisions = {path: Decision(path, "", Origin.DEFAULT) for path in DEFAULTS.values()}
    plane = make_control_plane(etcd=make_etcd(quota_bytes=8 * GIB), inflight=(1_400, 600))
    capacity = reckon(replace(cluster(control_plane=plane), decisions=decisions))
    found = {each.id: each.follows_nodes for each in capacity.limits}
    assert not any(found[id_] for id_ in ("etcd-quota", "request-budget", "pod-request-budget"))


@pytest.mark.parametrize("sample", [cluster(), rich()], ids=["whole-node", "rich"])
def test_every_limit_says_who_supplies_it_and_what_to_do(sample: Cluster) -> None:
    limits = reckon(sample).limits
    assert len({each.id for each in limits}) == len(limits)
    for each in limits:
        assert all((each.name, each.unit, each.supplied_by, each.source, each.fix)), each.id
        assert each.supply > 0, each.id
        assert each.demand[0] <= each.demand[1] <= each.demand[2], each.id


def test_the_demand_of_a_limit_is_that_of_the_pools_own_sizes() -> None:
    sample = cluster(pool("a", Sizes(1, 20, 300)), pool("b", Sizes(4, 5, 6)))
    assert limit("supported-nodes", sample).demand == (5, 25, 306)


@pytest.mark.parametrize(
    ("id_", "first_broken"),
    [
        ("supported-nodes", 5_001),
        ("supported-pods", 150_000 // 11 + 1),
        ("supported-containers", 300_000 // 22 + 1),
        # Pods have a limit of their own; of all else nodes and leases are most.
        ("objects-per-type", 150_001),
        ("bytes-per-type", 150_000 // 11 + 1),
        ("node-addresses", 8_191),
        ("dns-queries", 7_501),
        ("pod-addresses", 2**20 // 32 + 1),
        # 4,900/s against three times the heartbeats of N/10 + N/300.
        ("request-budget", 15_807),
        ("events-objects", (1_000_000 - 432_000) // 5 + 1),
        # A node's series take 4,100 x 4.5 kB over four shards of 64 GiB.
        ("prometheus-memory", 4 * 64 * GIB // (4_100 * 4_500) + 1),
        ("prometheus-series", 40_000_000 // 4_100 + 1),
        ("neighbours", -(-1_024 // 12)),
    ],
)
def test_where_a_cluster_of_whole_node_pods_gives_out(id_: str, first_broken: int) -> None:
    assert limit(id_, cluster(nodes=7_500, pods_per_node=11)).breaks_at == first_broken


def test_the_last_block_of_addresses_may_be_used() -> None:
    network = make_network(cni="cilium", pod_cidr="10.64.0.0/13", pod_block_mask=26)
    assert limit("pod-blocks", cluster(network=network)).breaks_at == 8_193


def test_a_memory_that_is_filled_to_the_last_byte_is_broken() -> None:
    plane = make_control_plane(api_machine=Machine(4_000, 128 * GIB))
    heap = limit("api-server-memory", cluster(nodes=3_000, control_plane=plane)).demand[2]
    exact = make_control_plane(api_machine=Machine(4_000, int(heap)))
    assert limit("api-server-memory", cluster(nodes=3_000, control_plane=exact)).breaks_at == 3_000


def test_the_most_numerous_type_may_be_one_that_an_addon_writes() -> None:
    report = Write("PodReport", "pod", 200_000, None, 600 * SECOND)
    sample = cluster(nodes=10, addons=(daemon("agent", writes=(report,)),))
    assert limit("objects-per-type", sample).demand[2] == 110 + 20 * 600
    assert limit("bytes-per-type", sample).demand[2] == (110 + 20 * 600) * 200_000


def test_services_are_a_promise_and_never_break_by_nodes() -> None:
    assert limit("service-addresses", cluster()).supply == 4_094
    assert limit("service-addresses", cluster()).breaks_at is None
    assert limit("service-addresses", cluster(scale=make_scale(services=4_095))).breaks_at == 1


def test_pools_grow_in_proportion_when_a_limit_is_looked_for() -> None:
    mixed = cluster(
        pool("a", Sizes(0, 0, 75), pods_per_node=10), pool("b", Sizes(25, 25, 25), pods_per_node=90, max_pods=110)
    )
    # Three of four machines run 10 pods and one runs 90: 30 on average.
    assert limit("supported-pods", mixed).breaks_at == 5_001


def test_more_memory_carries_more_nodes() -> None:
    at = [
        limit("api-server-memory", cluster(control_plane=make_control_plane(api_machine=Machine(4_000, size * GIB))))
        for size in (64, 128)
    ]
    assert [each.supplied_by for each in at] == ["spec.controlPlane.apiServers.machine.memory"] * 2
    assert at[0].breaks_at is not None
    assert at[1].breaks_at == pytest.approx(2 * at[0].breaks_at, rel=0.02)


def test_the_memory_that_a_machine_lacks_is_what_its_fix_asks_for() -> None:
    # 1.5 times 70 GB of heap, and its two companions, are more than 96 GiB and fit 128 GiB.
    assert limit("api-server-memory", cluster(control_plane=make_control_plane())).breaks_at in range(7_501, 10_000)
    less = make_control_plane(api_machine=Machine(4_000, 96 * GIB))
    broken = limit("api-server-memory", cluster(control_plane=less))
    assert broken.breaks_at in range(5_001, 7_501)
    enough = make_control_plane(api_machine=Machine(4_000, int(broken.demand[2]) + 1))
    assert limit("api-server-memory", cluster(control_plane=enough)).breaks_at == 7_501


def test_a_stacked_etcd_takes_its_quota_from_the_api_servers_memory() -> None:
    stacked = cluster(control_plane=make_control_plane(etcd=make_etcd(stacked=True, quota_bytes=8 * GIB)))
    assert limit("api-server-memory", stacked).supply == (128 - 8) * GIB


def test_the_default_quota_is_full_before_7500_nodes_and_the_largest_is_not() -> None:
    broken = {
        size: limit("etcd-quota", cluster(control_plane=make_control_plane(etcd=make_etcd(quota_bytes=size * GIB))))
        for size in (2, 8)
    }
    first = [broken[size].breaks_at or 0 for size in (2, 8)]
    assert first[0] <= 7_500 < first[1]


def test_the_network_disk_that_openai_left_is_too_slow_for_its_7500_nodes_and_the_local_one_is_not() -> None:
    first = {
        disk: limit(
            "etcd-writes",
            cluster(control_plane=make_control_plane(etcd=make_etcd(disk_class=disk, write_latency_ns=None))),
        )
        for disk in ("network-ssd", "local-ssd")
    }
    assert (first["network-ssd"].breaks_at or 0) <= 7_500 < (first["local-ssd"].breaks_at or 0)
    assert first["local-ssd"].supplied_by == "spec.controlPlane.etcd.disk.class"


@pytest.mark.parametrize(
    ("controllers", "scheduler", "first_broken", "fix"),
    # In 60 s, of which a pod's own start takes 5: 55 s of creating 20/s, or of binding 50/s or at most 100/s.
    [(20, 50, 1_100, "controllerManager.qps"), (500, 50, 2_750, "scheduler.qps"), (500, 500, 5_500, "100 pods")],
)
def test_a_job_breaks_its_start_target_when_creating_binding_and_starting_take_too_long(
    controllers: int, scheduler: int, first_broken: int, fix: str
) -> None:
    job = gang("gpt", 2_500, start_target_ns=60 * SECOND)
    plane = make_control_plane(controller_manager_qps=controllers, scheduler_qps=scheduler)
    found = limit("start-seconds[gpt]", cluster(nodes=2_500, workloads=(job,), control_plane=plane))
    assert found.breaks_at == first_broken
    assert fix in found.fix


def test_a_slow_registry_breaks_a_start_target_that_the_control_plane_would_keep() -> None:
    job = gang("gpt", 2_500, pool="gpu", start_target_ns=300 * SECOND)
    plane = make_control_plane(controller_manager_qps=500, scheduler_qps=500)
    fleet = pool(nodes=Sizes(0, 4_000, 4_000), largest_image_bytes=17 * 2**30, registry_bps=100 * GBPS)
    found = limit("start-seconds[gpt]", cluster(fleet, workloads=(job,), control_plane=plane))
    # 2,500 images of 17 GiB through 100 Gbit/s, 25 s to bind, 5 s to start.
    assert found.demand[2] == pytest.approx(2_500 * 17 * 2**30 * 8 / 100e9 + 25 + 5)
    assert found.demand[2] > found.supply == 300
    assert "images.prePull" in found.fix


def test_a_registry_serves_as_many_machines_as_its_bandwidth_holds_of_what_one_was_seen_to_fetch() -> None:
    fleet = pool(nodes=Sizes(0, 4_000, 4_000), largest_image_bytes=17 * 2**30, registry_bps=100 * GBPS)
    # 100 Gbit/s hold 1,323 times the 17 GB in half an hour of one machine.
    assert limit("registry-bandwidth[gpu]", cluster(fleet)).breaks_at == 1_324
    assert "registry-bandwidth[gpu]" not in ids(cluster(replace(fleet, registry_bps=None)))


def test_a_job_without_a_start_target_has_no_limit() -> None:
    assert not {each for each in ids(cluster(workloads=(gang("gpt", 100),))) if "[gpt]" in each}


def test_host_gateways_meet_the_providers_routes_and_assigned_addresses_do_not() -> None:
    gateway = Flannel("host-gw", 8472, direct_routing=False, event_queue_depth=5_000, image="", cni_plugin_image="")
    routed = cluster(provider="azure", network=make_network(mode="flannel", cni="flannel", flannel=gateway))
    assert limit("routes", routed).breaks_at == 401
    assert "routes" not in ids(cluster(provider="azure"))
    assert "routes" not in ids(cluster(network=routed.network))


@pytest.mark.parametrize(
    ("mode", "cni", "routed"),
    [("native", "cilium", True), ("native", "azure-vnet", False), ("overlay", "cilium", False)],
)
def test_only_unwrapped_pods_whose_addresses_the_provider_does_not_know_need_routes(
    mode: str, cni: str, *, routed: bool
) -> None:
    assert ("routes" in ids(cluster(provider="azure", network=make_network(mode=mode, cni=cni)))) is routed


def test_a_machine_takes_an_address_for_every_pod_that_it_may_ever_have() -> None:
    # One of its own and 32 for pods, of which 11 run.
    assert limit("network-addresses", cluster(provider="azure")).breaks_at == 65_536 // 33 + 1
    assert "network-addresses" not in ids(cluster(provider="metal"))
    assert "network-addresses" not in ids(cluster(provider="azure", network=make_network(mode="overlay", cni="cilium")))


@pytest.mark.parametrize(
    ("settings", "of_a_machine"),
    [
        # 32 pods take two prefixes, one more is kept ahead, and the machine has its own address.
        ({"ENABLE_PREFIX_DELEGATION": "true"}, 4),
        ({"ENABLE_PREFIX_DELEGATION": "true", "WARM_PREFIX_TARGET": "2"}, 5),
        # A whole spare interface of fifty addresses is kept ahead, or as many as are asked for.
        ({}, 1 + 32 + 50),
        ({"WARM_IP_TARGET": "2"}, 1 + 32 + 2),
    ],
)
def test_the_vpc_plugin_keeps_addresses_ahead_of_the_pods(settings: Scalars, of_a_machine: int) -> None:
    sample = cluster(provider="aws", network=make_network(cni="aws-vpc", settings=settings))
    assert limit("network-addresses", sample).breaks_at == 64_000 // of_a_machine + 1


def test_a_ceiling_that_the_provider_raised_is_what_is_reckoned_with() -> None:
    raised = {"privateAddressesPerNetwork": Ceiling(262_144, "", "the spec")}
    assert limit("network-addresses", cluster(provider="azure", ceilings=raised)).breaks_at == 262_144 // 33 + 1
    own = {"routesPerTable": Ceiling(100, "", "the spec")}
    routed = cluster(ceilings=own, network=make_network(mode="native", cni="cilium"))
    assert limit("routes", routed).breaks_at == 101


def test_a_managed_cluster_meets_its_providers_ceilings() -> None:
    managed = cluster(pool(group_size=1_000), provider="aks")
    assert limit("provider-nodes", managed).breaks_at == 5_001
    assert limit("provider-pods", managed).breaks_at == 200_000 // 11 + 1
    assert limit("provider-pods", managed).name == "Pods that aks takes in one cluster"


def test_a_pool_of_one_group_meets_the_ceiling_of_a_group() -> None:
    whole = limit("provider-group[gpu]", cluster(pool(), provider="azure"))
    assert whole.breaks_at == 1_001
    assert "groups.size" in whole.fix
    assert whole.name == "Machines of gpu in one group of azure"
    assert "provider-group[gpu]" not in ids(cluster(pool(group_size=1_000), provider="azure"))


def test_an_events_etcd_has_a_quota_of_its_own() -> None:
    apart = make_control_plane(events_etcd=make_etcd("events", quota_bytes=2 * GIB))
    assert limit("events-etcd-quota", cluster(control_plane=apart)).supply == 2 * GIB
    assert "events-etcd-quota" not in ids(cluster())


def test_the_bandwidth_of_all_api_servers_carries_the_members_of_services() -> None:
    assert limit("endpoint-traffic", cluster()).supply == 5 * 32 * GBPS / 8


def test_what_nobody_said_is_no_limit() -> None:
    silent = cluster(
        control_plane=make_control_plane(api_machine=Machine(4_000, GIB)),
        prometheus=make_prometheus(memory_bytes=None),
    )
    assert not {"endpoint-traffic", "prometheus-memory"} & ids(silent)
    assert ids(cluster()) >= {"endpoint-traffic", "prometheus-memory"}


def test_the_smallest_neighbour_table_counts() -> None:
    small, large = (
        pool(name, Sizes(5, 5, 5), sysctls={"net.ipv4.neigh.default.gc_thresh3": size})
        for name, size in (("small", "2048"), ("large", "65536"))
    )
    found = limit("neighbours", cluster(large, small))
    assert found.supply == 2_048
    assert "nodePools[small]" in found.supplied_by


def test_a_supply_names_who_decided_it() -> None:
    path = "spec.controlPlane.etcd.quota"
    decided = replace(cluster(), decisions={path: Decision(path, "8Gi", Origin.DEFAULT)})
    assert limit("etcd-quota", decided).supplied_by == f"{path} (default)"
