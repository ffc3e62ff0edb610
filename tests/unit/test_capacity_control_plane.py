"""The control plane's quantities, each by numbers that can be checked by hand or were published."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clusterc.capacity import reckon
from clusterc.model.cluster import Cluster
from clusterc.model.control_plane import PriorityLevel
from clusterc.model.document import Tree
from clusterc.model.pools import Sizes
from clusterc.model.promises import ApiAccess, Write
from unit.clusters import (
    SECOND,
    cluster,
    daemon,
    gang,
    level,
    make_control_plane,
    make_etcd,
    make_network,
    make_scale,
    pool,
    rich,
    without_proxy,
)


def largest(id_: str, sample: Cluster) -> float:
    return reckon(sample).quantity(id_).values[2]


OPENAI = cluster(nodes=7_500, pods_per_node=11)
AGENT_OF_KUBE_SYSTEM: Tree = {"kind": "ServiceAccount", "serviceAccount": {"name": "agent", "namespace": "kube-system"}}
GROUP_OF_AGENTS: Tree = {"kind": "Group", "group": {"name": "system:serviceaccounts:agents"}}


def test_the_heap_is_the_sum_of_its_terms() -> None:
    capacity = reckon(rich())
    terms = [
        capacity.quantity(f"api-server-heap-{term}").values[2] for term in ("nodes", "objects", "watches", "lists")
    ]
    assert all(term > 0 for term in terms)
    assert capacity.quantity("api-server-heap").values[2] == pytest.approx(sum(terms))


def test_memory_is_half_as_much_again_as_the_measured_heap() -> None:
    assert largest("api-server-memory", OPENAI) == pytest.approx(105e9, rel=0.001)


def test_an_api_server_of_a_few_nodes_takes_what_an_idle_one_was_seen_to_take_and_no_more_than_kubeadm_asks_for() -> (
    None
):
    # kube-apiserver 1.37.2 without a node: 0.32 GB resident. kubeadm's preflight asks for 1,700 MiB for all programs.
    small = reckon(cluster(nodes=1, pods_per_node=11, scale=make_scale(services=1, churn_per_second=1)))
    server, beside = (small.quantity(f"{name}-memory").values[2] for name in ("api-server", "companion"))
    assert 0.32e9 < server < server + beside < 1_700 * 2**20


def test_controller_manager_and_scheduler_take_what_they_were_seen_to_take() -> None:
    # 1.37.2, resident: 366 and 355 MB with 1,000 nodes of 20 kB and 10,000 pods of 10 kB.
    seen = 366e6 + 355e6
    assert seen < largest("companion-memory", cluster(nodes=1_000, pods_per_node=10)) < 1.2 * seen


def test_lease_renewals_at_130000_nodes_are_what_google_measured() -> None:
    assert largest("lease-writes", cluster(nodes=130_000)) == 13_000


def test_a_longer_lease_is_renewed_less_often() -> None:
    assert largest("lease-writes", cluster(kubelet={"nodeLeaseDurationSeconds": 60})) == 500


def test_an_update_frequency_given_alone_multiplies_status_writes_by_thirty() -> None:
    alone = cluster(kubelet={"nodeStatusUpdateFrequency": "10s"})
    assert (largest("status-writes", alone), largest("status-bytes", alone)) == (750, 15e6)


def test_both_frequencies_given_keep_status_writes_few() -> None:
    both = cluster(kubelet={"nodeStatusUpdateFrequency": "10s", "nodeStatusReportFrequency": "5m0s"})
    assert largest("status-writes", both) == 25


def test_a_pools_own_kubelet_settings_win_over_the_clusters() -> None:
    pools = (pool("a", Sizes(10, 10, 10), kubelet={"kubeAPIQPS": 7}), pool("b", Sizes(10, 10, 10)))
    assert largest("kubelet-requests-ceiling", cluster(*pools, kubelet={"kubeAPIQPS": 3})) == 10 * 7 + 10 * 3


def test_a_setting_that_is_no_number_is_reckoned_as_the_default() -> None:
    odd = cluster(kubelet={"nodeStatusReportFrequency": "soon", "kubeAPIQPS": "many", "nodeLeaseDurationSeconds": 0})
    assert [largest(id_, odd) for id_ in ("status-writes", "kubelet-requests-ceiling", "lease-writes")] == [
        25,
        375_000,
        750,
    ]


def test_a_priority_level_of_ones_own_takes_seats_from_the_nodes() -> None:
    own = cluster(control_plane=make_control_plane(levels=(level(155),)))
    assert largest("node-high-seats", own) == 600 * 40 / 400
    assert largest("system-seats", own) == 600 * 30 / 400


def test_heartbeats_and_reports_about_pods_wait_in_different_levels() -> None:
    still, lively = (cluster(scale=make_scale(churn_per_second=churn)) for churn in (0, 20))
    assert largest("node-requests", lively) == largest("node-requests", still)
    assert (largest("pod-requests", still), largest("pod-requests", lively)) == (0, 3 * 3 * 20)


def test_pods_beyond_the_measured_density_add_two_decoded_copies_of_20_kb_each() -> None:
    sparse, dense = (cluster(nodes=1_500, pods_per_node=count) for count in (26, 27))
    # 200,000 pods on 7,500 nodes were measured: 40,000 on 1,500.
    added = largest("api-server-heap-objects", dense) - largest("api-server-heap-objects", sparse)
    assert added == pytest.approx((27 * 1_500 - 40_000) * 20_000 * 2)


def test_custom_objects_take_more_heap_than_their_bytes() -> None:
    objects = replace(make_scale(), custom_objects=1_000)
    added = largest("api-server-heap-objects", cluster(scale=objects)) - largest("api-server-heap-objects", OPENAI)
    assert added == pytest.approx(1_000 * 5_000 * 5.2)


def test_watches_of_agents_are_divided_over_the_api_servers() -> None:
    watching = daemon("agent", ApiAccess("watch", "pods", "node", None, from_cache=False))
    sample = cluster(nodes=7_500, addons=(watching,))
    assert largest("addon-watches", sample) == 7_500
    assert largest("api-server-heap-watches", sample) == 1_500 * 100_000


def test_lists_at_once_are_bounded_by_the_seats_of_the_level_that_they_reach() -> None:
    listing = daemon("agent", ApiAccess("list", "pods", "cluster", 60 * SECOND, from_cache=True))
    sample = cluster(nodes=7_500, addons=(listing,))
    # Service accounts of kube-system reach workload-high: 98 of 600 requests in flight. 825 MB take 100 seats.
    assert largest("api-server-heap-lists", sample) == pytest.approx(825e6)
    assert largest("addon-list-bytes", sample) == pytest.approx(7_500 * 825e6 / 60)


@pytest.mark.parametrize(
    ("nodes", "scope", "seats"),
    [
        # An answer of 20 kB takes one seat, of 2 MB twenty.
        (7_500, "node", 1),
        (100, "cluster", 20),
    ],
)
@pytest.mark.parametrize(
    ("namespace", "levels", "of_level"),
    [
        # 600 in flight x shares / all shares, rounded up.
        ("kube-system", (), 98),
        ("agents", (), 245),
        ("kube-system", (level(10, precedence=850, subjects=(AGENT_OF_KUBE_SYSTEM,)),), 24),
        ("kube-system", (level(10, precedence=8_000, subjects=(AGENT_OF_KUBE_SYSTEM,)),), 95),
        ("agents", (level(10, precedence=8_500, subjects=(GROUP_OF_AGENTS,)),), 24),
        ("agents", (level(10, precedence=850, subjects=(AGENT_OF_KUBE_SYSTEM,)),), 236),
    ],
)
def test_a_list_takes_a_seat_for_each_100_kb_of_the_level_of_its_sender(
    nodes: int, scope: str, seats: int, namespace: str, levels: tuple[PriorityLevel, ...], of_level: int
) -> None:
    listing = replace(daemon("agent", ApiAccess("list", "nodes", scope, None, from_cache=True)), namespace=namespace)
    size = 20_000 if scope == "node" else nodes * 20_000
    plane = make_control_plane(api_servers=1, levels=levels)
    found = largest("api-server-heap-lists", cluster(nodes=nodes, addons=(listing,), control_plane=plane))
    assert found == pytest.approx(of_level / seats * size)


def test_the_heaviest_lists_count() -> None:
    light, heavy = (
        daemon(resource, ApiAccess("list", resource, "cluster", None, from_cache=True))
        for resource in ("leases", "pods")
    )
    alone = largest("api-server-heap-lists", cluster(addons=(heavy,)))
    assert largest("api-server-heap-lists", cluster(addons=(light, heavy))) == alone


def test_agents_ask_as_often_as_they_say() -> None:
    getting = daemon("agent", ApiAccess("get", "nodes", "node", 30 * SECOND, from_cache=True))
    assert largest("addon-requests", cluster(addons=(getting,))) == 250


def test_a_resource_that_nobody_knows_is_a_custom_one_and_events_are_those_that_stand() -> None:
    scale = replace(make_scale(), custom_objects=1_000)
    for resource, size in (("widgets", 5_000_000), ("events", 432_000 * 700)):
        listing = daemon("agent", ApiAccess("list", resource, "cluster", SECOND, from_cache=True))
        assert largest("addon-list-bytes", cluster(nodes=10, scale=scale, addons=(listing,))) == 10 * size


def test_a_namespaced_list_takes_its_share() -> None:
    listing = daemon("agent", ApiAccess("list", "pods", "namespace", SECOND, from_cache=True))
    assert largest("addon-list-bytes", cluster(nodes=10, addons=(listing,))) == 10 * 110 * 10_000 / 10


def test_few_agents_cannot_list_more_often_than_they_are() -> None:
    listing = daemon("agent", ApiAccess("list", "nodes", "node", None, from_cache=True))
    # Ten agents over five servers, each with the answer of one node.
    assert largest("api-server-heap-lists", cluster(nodes=10, addons=(listing,))) == 2 * 20_000


def test_a_plugin_that_replaces_kube_proxy_saves_four_watches_a_node() -> None:
    saved = largest("node-watches", OPENAI) - largest("node-watches", cluster(network=without_proxy(make_network())))
    assert saved == 4 * 7_500


def test_only_those_who_watch_get_members_of_services() -> None:
    quiet = cluster(network=without_proxy(make_network()))
    watching = ApiAccess("watch", "endpoints", "cluster", None, from_cache=False)
    heard = replace(quiet, addons=(daemon("agent", watching),))
    assert largest("endpoint-traffic", quiet) == 0
    assert largest("endpoint-traffic", heard) == pytest.approx(7_500 * 1_000 * 100 * 15 / 60)


def test_an_agent_that_watches_slices_gets_as_much_as_a_kube_proxy() -> None:
    watching = ApiAccess("watch", "endpointslices", "cluster", None, from_cache=False)
    twice = largest("endpoint-traffic", cluster(addons=(daemon("agent", watching),)))
    assert twice == 2 * largest("endpoint-traffic", OPENAI)


def test_a_service_of_few_nodes_has_one_small_slice() -> None:
    assert largest("endpoint-traffic", cluster(nodes=20)) == pytest.approx(20 * 20 * 100 * 15 / 60)


def test_replacing_20000_pods_behind_slices_sends_the_terabyte_of_kep_752() -> None:
    scale = replace(make_scale(), endpoints_per_service=20_000)
    assert largest("rollout-slices", cluster(nodes=5_000, scale=scale)) == 1e12
    assert largest("rollout-endpoints", cluster(nodes=5_000, scale=scale)) == 10e12


def test_history_between_compactions_is_that_of_leases_and_status() -> None:
    quiet = cluster(scale=make_scale(churn_per_second=0))
    assert largest("etcd-history-bytes", quiet) == pytest.approx(112.5e6 + 150e6)


def test_a_shorter_compaction_interval_keeps_less_history() -> None:
    often = cluster(control_plane=make_control_plane(flags={"etcd-compaction-interval": "2m30s"}))
    assert largest("etcd-history-bytes", often) == pytest.approx(largest("etcd-history-bytes", OPENAI) / 2)


def test_the_database_from_its_parts_is_close_to_the_worked_example() -> None:
    quiet = cluster(scale=make_scale(churn_per_second=0, services=0))
    assert largest("etcd-database-bottom-up", quiet) == pytest.approx(1.8e9, rel=0.04)


@pytest.mark.parametrize(("pods", "gigabytes"), [(900_000, 32), (82_500, 2.9)])
def test_the_database_as_measured_elsewhere(pods: int, gigabytes: float) -> None:
    sample = cluster(nodes=pods // 11 or 1, pods_per_node=11)
    assert largest("etcd-database-top-down", sample) == pytest.approx(gigabytes * 1e9, rel=0.03)


def test_the_larger_estimate_counts_and_events_are_added_only_where_they_share_the_etcd() -> None:
    shared = reckon(cluster())
    apart = reckon(cluster(control_plane=make_control_plane(events_etcd=make_etcd("events"))))
    larger = max(apart.quantity(f"etcd-database-{way}").values[2] for way in ("bottom-up", "top-down"))
    assert apart.quantity("etcd-database").values[2] == larger
    events = shared.quantity("events-database").values[2]
    assert shared.quantity("etcd-database").values[2] == pytest.approx(larger + events)
    assert shared.quantity("etcd-writes").values[2] == apart.quantity("etcd-writes").values[2] + 120


@pytest.mark.parametrize(
    ("latency", "disk", "expected"),
    [
        (200_000, "network-disk", 5_000),
        (None, "local-nvme", 5_000),
        (None, "local-ssd", 5_000),
        (None, "network-ssd", 500),
        (None, "network-disk", 100),
    ],
)
def test_a_disk_confirms_as_many_writes_as_its_latency_allows(latency: int | None, disk: str, expected: float) -> None:
    etcd = make_etcd(write_latency_ns=latency, disk_class=disk)
    sample = cluster(control_plane=make_control_plane(etcd=etcd))
    assert largest("etcd-serial-writes", sample) == pytest.approx(expected)


def test_what_addons_write_is_kept_and_written() -> None:
    report = Write("NodeReport", "node", 3_000, 30 * SECOND, None)
    sample = cluster(nodes=600, addons=(daemon("agent", writes=(report,)),))
    plain = cluster(nodes=600)
    grown = {
        id_: largest(id_, sample) - largest(id_, plain)
        for id_ in ("etcd-live-bytes", "etcd-writes", "etcd-write-bytes")
    }
    expected = {"etcd-live-bytes": 600 * 3_000, "etcd-writes": 600 / 30, "etcd-write-bytes": 600 * 3_000 / 30}
    assert grown == pytest.approx(expected)
    assert largest("addon-requests", sample) == 20


def test_an_object_of_the_cluster_is_one_and_of_namespaces_as_many_as_there_are() -> None:
    writes = tuple(Write("Lock", per, 1_000, SECOND, None) for per in ("cluster", "namespace"))
    sample = cluster(nodes=600, addons=(daemon("agent", writes=writes),))
    assert largest("addon-requests", sample) == 1 + 10


def test_services_take_an_object_and_a_slice_each() -> None:
    sample = cluster(scale=make_scale(services=1_500))
    assert largest("etcd-live-bytes", sample) - largest("etcd-live-bytes", OPENAI) == 1_000 * (3_200 + 10_000)


@pytest.mark.parametrize(("cni", "objects"), [("cilium", 1), ("calico", 1), ("flannel", 0)])
def test_network_plugins_keep_an_object_for_each_pod_and_node(cni: str, objects: int) -> None:
    sample = cluster(network=make_network(mode="overlay", cni=cni))
    assert largest("etcd-live-bytes", sample) - largest("etcd-live-bytes", OPENAI) == objects * 90_000 * 3_200


def test_an_object_that_is_kept_a_while_is_still_one_for_each_node() -> None:
    report = Write("NodeReport", "node", 1_000, None, 600 * SECOND)
    sample = cluster(nodes=10, addons=(daemon("agent", writes=(report,)),))
    assert largest("etcd-live-bytes", sample) - largest("etcd-live-bytes", cluster(nodes=10)) == 10_000


def test_reports_of_dead_pods_are_kept_until_their_time_is_up() -> None:
    report = Write("PodReport", "pod", 1_000, None, 600 * SECOND)
    sample = cluster(nodes=10, pods_per_node=11, addons=(daemon("agent", writes=(report,)),))
    grown = largest("etcd-live-bytes", sample) - largest("etcd-live-bytes", cluster(nodes=10, pods_per_node=11))
    assert grown == pytest.approx((110 + 20 * 600) * 1_000)


def test_events_of_addons_count_as_events_and_not_as_objects() -> None:
    noise = Write("Event", "node", 1_000, 10 * SECOND, None)
    sample = cluster(nodes=100, addons=(daemon("agent", writes=(noise,)),))
    assert largest("event-writes", sample) == 20 * 6 + 10
    for id_ in ("etcd-live-bytes", "etcd-write-bytes"):
        assert largest(id_, sample) == largest(id_, cluster(nodes=100))


def test_the_largest_job_says_how_many_events_come_at_once() -> None:
    sample = cluster(nodes=100, workloads=(gang("small", 10), gang("large", 90)))
    assert largest("events-burst", sample) == 450


@pytest.mark.parametrize(
    ("level_", "line"), [("None", 0), ("Metadata", 1_000), ("Request", 11_000), ("RequestResponse", 21_000)]
)
def test_the_audit_log_grows_with_its_level_but_for_tokens(level_: str, line: int) -> None:
    sample = cluster(control_plane=make_control_plane(audit_level=level_))
    # A token for each of 20 pods that start, and for each of 82,500 after four fifths of 3,607 s: only who asked.
    tokens = (20 + 82_500 / (0.8 * 3_607)) * 1_000 if line else 0
    assert largest("audit-log-bytes", sample) == pytest.approx(20 * 3 * line + tokens)


def test_only_what_changes_something_is_logged_of_addons() -> None:
    reading, changing = (ApiAccess(verb, "nodes", "node", 10 * SECOND, from_cache=False) for verb in ("list", "patch"))
    plain = largest("audit-log-bytes", cluster())
    assert largest("audit-log-bytes", cluster(addons=(daemon("reader", reading),))) == plain
    grown = largest("audit-log-bytes", cluster(addons=(daemon("writer", changing),)))
    assert grown - plain == pytest.approx(750 * 1_000)


def test_a_machine_of_few_pods_mounts_no_more_objects_than_it_has_pods() -> None:
    assert largest("node-watches", cluster(nodes=100, pods_per_node=2)) == 100 * (5 + 4 + 2)
