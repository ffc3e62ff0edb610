"""Every quantity can be reckoned again by hand from the inputs that it shows, and from nothing else.

The arithmetic of each stands here once more, from the capacity model's own description; what a formula says in words as
a constant ("20 kB", "a tenth") is a number here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import ceil

import pytest

from clusterc.capacity import reckon
from clusterc.model.capacity import Quantity
from clusterc.model.cluster import Cluster
from clusterc.model.pools import Sizes
from clusterc.model.promises import ApiAccess, Write
from unit.clusters import (
    GBPS,
    SECOND,
    cluster,
    daemon,
    gang,
    make_control_plane,
    make_etcd,
    make_network,
    make_scale,
    pool,
    rich,
    without_proxy,
)

Inputs = Mapping[str, float]


def scored(i: Inputs) -> float:
    share = i["percentage"] or max(5, 50 - i["nodes"] // 125)
    return i["nodes"] if i["nodes"] < 100 else min(i["nodes"], max(100, i["nodes"] * share // 100))


def narrowest(i: Inputs, machines: str) -> float:
    if not i[machines]:
        return 0
    times = [i["image"] / i[place] for place in ("network", "disk", "seen") if place in i]
    return max([*times, *([i[machines] * i["image"] / i["registry"]] if "registry" in i else [])])


def lists(i: Inputs) -> float:
    if not i["answer"]:
        return 0
    of_one = min(100, max(1, i["answer"] / 100_000))
    return i["answer"] * min(ceil(i["agents"] / i["API servers"]), max(1, i["seats"] / of_one))


def total(i: Inputs) -> float:
    return sum(i.values())


FLAGS = {"audit-log-maxage": "30", "audit-log-maxbackup": "9", "audit-log-maxsize": "100"}

BY_HAND: dict[str, Callable[[Inputs], float]] = {
    "pods": lambda i: i["nodes"] * i["pods of a machine"],
    "containers": lambda i: i["pods"] * i["containers of a pod"],
    "node-objects": lambda i: i["nodes"] * i["node object"],
    "join-batch": lambda i: i.get("joinBatch") or max(1, min(500, i["nodes"] // 10)),
    "join-seconds": lambda i: max(0, ceil(i["nodes"] / i["batch"]) - 1) * i["pause"],
    "pods-per-node": lambda i: i["ordinary"],
    "api-server-heap-nodes": lambda i: i["fixed"] + i["nodes"] * (i["measured"] - i["fixed"]) / 7_500,
    "api-server-heap-objects": lambda i: (
        max(0, i["pods"] - i["density"] * i["nodes"]) * 20_000 * 2 + i["built-in"] * 2 + i["custom"] * 5.2
    ),
    "api-server-heap-watches": lambda i: ceil(i["watches"] / i["API servers"]) * i["one watch"],
    "api-server-heap-lists": lists,
    "api-server-heap": total,
    "api-server-memory": lambda i: i["heap"] * 1.5,
    "companion-memory": lambda i: 2 * (i["idle"] + 2 * (i["nodes"] * i["node object"] + i["pods"] * i["pod"])),
    "audit-log-bytes": lambda i: (
        (i["churn"] * 3 + i["changes by add-ons"]) * i["line"] + (i["tokens"] * 1_000 if i["line"] else 0)
    ),
    "audit-log-seconds": lambda i: min(i["files"] * i["file"] * i["API servers"] / i["audit logs"], i["age"]),
    "lease-writes": lambda i: i["nodes"] / i["renewal"],
    "lease-bytes": lambda i: i["lease renewals"] * i["lease"],
    "status-writes": lambda i: i["nodes"] / i["report"],
    "status-bytes": lambda i: i["status reports"] * i["node object"],
    "outage-status-writes": lambda i: i["nodes"] / i["update"],
    "kubelet-requests-ceiling": lambda i: i["nodes"] * i["kubeAPIQPS"],
    "node-high-seats": lambda i: ceil((i["reading"] + i["changing"]) * i["shares"] / i["all shares"]),
    "system-seats": lambda i: ceil((i["reading"] + i["changing"]) * i["shares"] / i["all shares"]),
    "request-budget-10ms": lambda i: i["API servers"] * i["seats"] / 0.010,
    "request-budget-100ms": lambda i: i["API servers"] * i["seats"] / 0.100,
    "node-requests": lambda i: 3 * (i["lease renewals"] + i["status reports"]),
    "pod-requests": lambda i: 3 * 3 * i["churn"],
    "addon-requests": total,
    "addon-watches": total,
    "addon-list-bytes": total,
    "addon-fresh-lists": total,
    "addon-etcd-bytes": total,
    "node-watches": lambda i: i["nodes"] * (i["kubelet watches"] + i["proxy watches"]) + i["mounted"],
    "endpoints-change": lambda i: i["nodes"] ** 2 * i["endpoint"],
    "endpoints-change-truncated": lambda i: i["nodes"] * min(i["nodes"], 1_000) * i["endpoint"],
    "endpoints-rate": lambda i: i["changes"] * i["nodes"] ** 2 * i["endpoint"],
    "slice-change": lambda i: i["nodes"] * i["slice"] * min(i["nodes"], 100) / 100,
    "slice-rate": lambda i: i["changes"] * i["nodes"] * i["slice"] * min(i["nodes"], 100) / 100,
    "slice-gain": lambda i: i["nodes"] / min(i["nodes"], 100),
    "rollout-endpoints": lambda i: i["members"] * min(i["members"], 1_000) * i["endpoint"] * i["nodes"],
    "rollout-slices": lambda i: i["members"] * i["slice"] * min(i["members"], 100) / 100 * i["nodes"],
    "endpoint-traffic": lambda i: (
        i["changes"]
        * i["endpoint"]
        * (
            (i["kube-proxies"] + i["slice watchers"]) * min(i["nodes"], 100)
            + i["Endpoints watchers"] * min(i["nodes"], 1_000)
        )
    ),
    "etcd-live-bytes": total,
    "etcd-write-bytes": lambda i: (
        i["lease renewals"] * 500 + i["status reports"] * 20_000 + i["churn"] * 3 * 10_000 + i["of add-ons"]
    ),
    "etcd-history-bytes": lambda i: i["bytes written"] * i["compaction interval"],
    "etcd-database-bottom-up": lambda i: (i["live objects"] + i["history"]) * 1.5,
    "etcd-database-top-down": lambda i: i["pods"] * i["measured"],
    "etcd-database": lambda i: max(i["bottom-up"], i["top-down"]) + i["Events"],
    "etcd-writes": lambda i: i["lease renewals"] + i["status reports"] + i["churn"] * 3 + i["of add-ons"] + i["Events"],
    "etcd-serial-writes": lambda i: 1 / i["write latency"],
    "event-writes": lambda i: i["churn"] * i["events of a pod"] + i["of add-ons"],
    "events-kept": lambda i: i["new Events"] * i["TTL"],
    "events-burst": lambda i: i["largest job"] * i["events of a start"],
    "events-database": lambda i: (i["Events kept"] + i["burst"]) * i["event"] * 1.5,
    "events-ceiling": lambda i: i["nodes"] * i["eventRecordQPS"],
    "pod-addresses": lambda i: i["pods"],
    "pod-addresses-reserved": lambda i: i["most pods"] if "most pods" in i else i["nodes"] * i["block"],
    "block-spare": lambda i: 2 ** (32 - i["mask"]) / i["most pods"],
    "network-addresses": lambda i: sum(
        count * (1 + i[name.replace("machines of", "set aside on")])
        for name, count in i.items()
        if name.startswith("machines of ")
    ),
    "neighbours": lambda i: i["nodes"] + i["pods there"],
    "routes": lambda i: i["nodes"],
    "typha-replicas": lambda i: max(3, i["nodes"] // 200 + 2),
    "conntrack": lambda i: max(i["least size"], i["cores"] * i["entries of a core"]),
    "nodes-scored": scored,
    "fleet-create-seconds": lambda i: i["nodes"] / i["creates"],
    "fleet-bind-seconds": lambda i: i["nodes"] / min(i["scheduled"], i["binds"]),
    "fleet-start-seconds": lambda i: i["nodes"] / min(i["creates"], i["scheduled"], i["binds"]) + i["start"],
    "start-rate": lambda i: min(i["creates"], i["scheduled"], i["binds"]),
    "eviction-seconds": lambda i: i["nodes"] * 0.10 / i["eviction rate"],
    "gang-create-seconds": lambda i: i["job"] / i["creates"],
    "gang-bind-seconds": lambda i: i["job"] / min(i["scheduled"], i["binds"]),
    "gang-image-seconds": lambda i: narrowest(i, "job") if "image" in i else 0,
    "gang-start-seconds": lambda i: i["job"] / min(i["creates"], i["scheduled"], i["binds"]) + i["start"] + i["image"],
    "image-requests": lambda i: i["machines"] * i["registryPullQPS"],
    "image-bytes": lambda i: i["machines"] * i["image"],
    "image-bandwidth": lambda i: i["machines"] * min(i[place] for place in ("seen", "network", "disk") if place in i),
    "image-seconds": lambda i: narrowest(i, "machines"),
    "dns-queries": lambda i: i["nodes"] * i["queries of a node"],
    "dns-replicas": lambda i: max(2, ceil(i["queries"] / i["one replica"])),
    "dns-memory": lambda i: int(((i["pods"] + i["services"]) / 1_000 + 54) * 1e6),
    "dns-proportional-replicas": lambda i: max(ceil(i["cores"] / 256), ceil(i["nodes"] / 16)),
    "prometheus-series": lambda i: i["nodes"] * i["series of a node"] + i["pods"] * i["series of a pod"],
    "prometheus-memory": lambda i: i["series"] * 4_500 * i["remote store"],
    "prometheus-samples": lambda i: i["series"] / i["scrape interval"],
    "prometheus-disk-per-day": lambda i: i["samples"] * i["sample"] * 86_400,
    "prometheus-disk": lambda i: i["samples"] * i["sample"] * i["retention"],
}


def base(quantity: Quantity) -> str:
    return quantity.id.partition("[")[0]


def clusters() -> dict[str, Cluster]:
    """Return clusters that together have every quantity, with an input of every kind in it."""
    listing = ApiAccess("list", "nodes", "cluster", 30 * SECOND, from_cache=True)
    watching = ApiAccess("watch", "endpointslices", "cluster", None, from_cache=False)
    events = Write("Event", "node", 1_000, 10 * SECOND, None)
    shared = cluster(
        pool("gpu", Sizes(0, 50, 90), largest_image_bytes=17 * 10**9),
        pool("ready", Sizes(7, 7, 7), largest_image_bytes=5 * 10**9, pre_pulled=("train:1",)),
        provider="aws",
        network=without_proxy(make_network(cni="aws-vpc", settings={"WARM_IP_TARGET": "4"})),
        addons=(daemon("agent", listing, watching, writes=(events,)),),
        workloads=(gang("cold", 70, pool="gpu"), gang("warm", 7, pool="ready", start_target_ns=60 * SECOND)),
    )
    routed = cluster(
        pool("gpu", Sizes(0, 800, 8_000), pods_per_node=40, largest_image_bytes=10**9, registry_bps=100 * GBPS),
        network=make_network(cni="cilium", pod_block_mask=25),
        control_plane=replace(
            make_control_plane(events_etcd=make_etcd("events"), nodes_to_score_percent=30, flags=FLAGS),
            scheduler={"profiles": [{"schedulerName": "gpu", "percentageOfNodesToScore": 44}]},
        ),
        scale=replace(make_scale(), custom_objects=900, services=4_000),
        workloads=(replace(gang("own", 700, pool="gpu"), image_bytes=3 * 10**9),),
    )
    return {"whole-node": cluster(), "rich": rich(), "shared": shared, "routed": routed}


CASES = [(name, quantity) for name, sample in clusters().items() for quantity in reckon(sample).quantities]


@pytest.mark.parametrize(("name", "quantity"), CASES, ids=[f"{name}-{quantity.id}" for name, quantity in CASES])
def test_a_quantity_is_what_its_inputs_make(name: str, quantity: Quantity) -> None:
    inputs = {term.name: term.value for term in quantity.inputs}
    assert len(inputs) == len(quantity.inputs), name
    assert BY_HAND[base(quantity)](inputs) == pytest.approx(quantity.values[2], rel=1e-9)


def test_no_arithmetic_stands_here_for_what_no_cluster_has() -> None:
    assert {base(quantity) for _, quantity in CASES} == BY_HAND.keys()
