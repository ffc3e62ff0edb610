"""The quantities of jobs, images, network, DNS and monitoring, by numbers that can be checked by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clusterc.capacity import reckon
from clusterc.model.cluster import Cluster
from clusterc.model.document import Tree
from clusterc.model.pools import Machine, Sizes
from clusterc.model.promises import Autoscaler, Workload
from unit.clusters import (
    GBPS,
    GIB,
    SECOND,
    cluster,
    gang,
    make_control_plane,
    make_network,
    make_prometheus,
    pool,
)


def largest(id_: str, sample: Cluster) -> float:
    return reckon(sample).quantity(id_).values[2]


OPENAI = cluster(nodes=7_500, pods_per_node=11)


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [(99, 99), (3_124, 812), (5_000, 500), (5_624, 337), (5_625, 281), (7_500, 375), (15_000, 750)],
)
def test_more_nodes_may_mean_fewer_scored(nodes: int, expected: int) -> None:
    assert largest("nodes-scored", cluster(nodes=nodes)) == expected


@pytest.mark.parametrize(("controllers", "scheduler", "seconds"), [(20, 50, 375), (500, 50, 150), (500, 500, 75)])
def test_the_slower_of_creating_and_binding_places_a_job(controllers: int, scheduler: int, seconds: float) -> None:
    plane = make_control_plane(controller_manager_qps=controllers, scheduler_qps=scheduler)
    sample = cluster(control_plane=plane, workloads=(gang("all", 7_500),))
    assert largest("gang-start-seconds[all]", sample) == seconds + 5
    assert largest("gang-create-seconds[all]", sample) == 7_500 / controllers
    assert largest("gang-bind-seconds[all]", sample) == 7_500 / min(scheduler, 100)


def test_a_rate_of_zero_is_the_components_own_and_no_eviction_has_no_time() -> None:
    still = replace(make_control_plane(controller_manager_qps=0, scheduler_qps=0), node_eviction_rate=0.0)
    capacity = reckon(cluster(control_plane=still))
    assert capacity.quantity("fleet-bind-seconds").values[2] == 150
    assert capacity.quantity("fleet-create-seconds").values[2] == 1_500
    assert not [each for each in capacity.quantities if each.id == "eviction-seconds"]


@pytest.mark.parametrize(
    ("gigabytes", "registry_gbps", "seconds"),
    [(17, 800, 1_275), (5, 800, 375), (17, None, 1_800), (5, None, 1_800 * 5 / 17)],
)
def test_an_image_storm_is_as_slow_as_its_narrowest_place(
    gigabytes: int, registry_gbps: int | None, seconds: float
) -> None:
    registry = registry_gbps * GBPS if registry_gbps else None
    fleet = pool(largest_image_bytes=gigabytes * 10**9, registry_bps=registry)
    sample = cluster(fleet, workloads=(gang("all", 7_500, pool="gpu"),))
    assert largest("image-bytes[gpu]", sample) == 7_500 * gigabytes * 1e9
    assert largest("image-seconds[gpu]", sample) == pytest.approx(seconds)
    assert largest("gang-image-seconds[all]", sample) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("machines", "disk", "needed"),
    # 17 GB in half an hour are 9.44 MB/s of each machine; a disk that takes half of it halves what is asked for.
    [(1, None, 9.444e6), (4_000, None, 37.78e9), (4_000, 4.722e6 * 8, 18.89e9)],
)
def test_registries_must_give_what_all_machines_fetch_at_once(machines: int, disk: float | None, needed: float) -> None:
    fleet = pool(
        nodes=Sizes(machines, machines, machines), largest_image_bytes=10**9, disk_bps=int(disk) if disk else None
    )
    assert largest("image-bandwidth[gpu]", cluster(fleet)) == pytest.approx(needed, rel=1e-3)


def test_an_image_that_no_machine_needs_takes_no_time() -> None:
    sample = cluster(pool(nodes=Sizes(0, 1, 1), largest_image_bytes=10**9, registry_bps=800 * GBPS))
    least, desired, _ = reckon(sample).quantity("image-seconds[gpu]").values
    assert least == 0
    assert desired == pytest.approx(1e9 * 8 / (100 * GBPS))


def test_a_disk_that_is_slower_than_what_openai_met_holds_up_an_image() -> None:
    slow = pool(largest_image_bytes=17 * 10**9, disk_bps=17 * 8 * 10**9 // 3_600)
    assert largest("image-seconds[gpu]", cluster(slow)) == pytest.approx(3_600)


@pytest.mark.parametrize(("machines", "image"), [(1, 10**9), (7_500, 10**9), (7_500, 17 * 10**9)])
def test_without_a_registrys_rate_a_machine_fetches_what_openais_did_however_many_there_are(
    machines: int, image: int
) -> None:
    fast = pool(nodes=Sizes(machines, machines, machines), largest_image_bytes=image)
    unknown = replace(fast, machine=Machine(cpu_millicores=8_000, memory_bytes=GIB))
    for sample in (fast, unknown):
        assert largest("image-seconds[gpu]", cluster(sample)) == pytest.approx(1_800 * image / 17e9)


def test_an_image_that_machines_have_before_takes_no_time_of_a_start() -> None:
    job = gang("all", 7_500, pool="gpu")
    ahead = cluster(pool(largest_image_bytes=17 * 10**9, pre_pulled=("train:1",)), workloads=(job,))
    assert largest("gang-image-seconds[all]", ahead) == 0
    assert largest("gang-start-seconds[all]", ahead) == 7_500 / 20 + 5
    assert largest("image-seconds[gpu]", ahead) == pytest.approx(1_800)


@pytest.mark.parametrize("job", [gang("all", 10), gang("all", 10, pool="gpu")])
def test_an_image_that_nobody_names_takes_no_time(job: Workload) -> None:
    sample = cluster(workloads=(job,))
    assert largest("gang-image-seconds[all]", sample) == 0


def test_a_jobs_own_image_counts_before_the_pools_largest() -> None:
    job = replace(gang("all", 10, pool="gpu"), image_bytes=10**9)
    sample = cluster(pool(largest_image_bytes=17 * 10**9, registry_bps=8_000 * GBPS), workloads=(job,))
    assert largest("gang-image-seconds[all]", sample) == pytest.approx(1e9 * 8 / (100 * GBPS))


@pytest.mark.parametrize(("minimum", "expected"), [(None, 131_072), (500_000, 500_000), (1, 65_536)])
def test_a_small_machine_tracks_the_least_number_of_connections(minimum: int | None, expected: int) -> None:
    small = pool(machine=Machine(cpu_millicores=2_000, memory_bytes=GIB))
    proxy: Tree = {"conntrack": {"min": minimum}} if minimum else {}
    assert largest("conntrack[gpu]", cluster(small, network=make_network(kube_proxy=proxy))) == expected


def test_a_scrape_interval_of_zero_is_prometheus_own_minute() -> None:
    sample = cluster(prometheus=replace(make_prometheus(), scrape_interval_ns=0))
    assert largest("prometheus-samples", sample) == 30_750_000 / 60


def test_the_proportional_autoscaler_counts_nodes_where_machines_are_small() -> None:
    small = pool(machine=Machine(cpu_millicores=2_000, memory_bytes=GIB))
    assert largest("dns-proportional-replicas", cluster(small)) == 469


def test_typha_is_reckoned_for_calico_only() -> None:
    assert largest("typha-replicas", cluster(network=make_network(cni="calico"))) == 39
    assert not [each for each in reckon(OPENAI).quantities if each.id == "typha-replicas"]


def test_wrapped_pods_are_no_neighbours() -> None:
    assert largest("neighbours", cluster(network=make_network(mode="overlay", cni="cilium"))) == 7_500


def test_blocks_of_64_set_aside_twice_the_addresses_of_32_pods() -> None:
    blocks = cluster(nodes=8_192, network=make_network(cni="cilium", pod_cidr="10.64.0.0/13", pod_block_mask=26))
    assert largest("pod-addresses-reserved", blocks) == 524_288
    assert largest("block-spare[gpu]", blocks) == 2


def test_the_autoscalers_own_batches_say_how_fast_machines_join() -> None:
    scaler = Autoscaler("cluster-autoscaler", 100, 60 * SECOND, 0.5)
    assert largest("join-seconds", cluster(nodes=1_000, autoscaler=scaler)) == 9 * 60
