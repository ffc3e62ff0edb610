"""The report as a whole: the published cluster comes out as published, and every number says what it is made of."""

from __future__ import annotations

import math

import pytest

from clusterc.capacity import reckon
from clusterc.model.cluster import Cluster
from clusterc.model.document import Tree
from clusterc.model.pools import Sizes
from unit.clusters import (
    cluster,
    make_network,
    pool,
    rich,
)


def largest(id_: str, sample: Cluster) -> float:
    return reckon(sample).quantity(id_).values[2]


OPENAI = cluster(nodes=7_500, pods_per_node=11)


@pytest.mark.parametrize(
    ("id_", "expected"),
    [
        ("pods", 82_500),
        ("containers", 165_000),
        ("node-objects", 7_500 * 20_000),
        ("api-server-heap-nodes", 70e9),
        ("lease-writes", 750),
        ("lease-bytes", 375_000),
        ("status-writes", 25),
        ("status-bytes", 500_000),
        ("outage-status-writes", 750),
        ("kubelet-requests-ceiling", 375_000),
        ("node-high-seats", 98),
        ("request-budget-10ms", 49_000),
        ("request-budget-100ms", 4_900),
        # Leases and status reports; what kubelets ask about pods goes to the level system.
        ("node-requests", 3 * (750 + 25)),
        ("pod-requests", 3 * 3 * 20),
        ("system-seats", 74),
        # Five of kubelet and four of kube-proxy, and five ConfigMaps and Secrets that the eleven pods share.
        ("node-watches", 7_500 * (5 + 4 + 5)),
        # Nodes, leases, pods; 500 Services with their slices, 3 of the largest, 75 of all nodes; 10 namespaces.
        ("etcd-live-bytes", 150e6 + 3.75e6 + 825e6 + 500 * 3_200 + 578 * 10_000 + 10 * 3_200),
        ("start-rate", 20),
        ("endpoints-change", 5.625e9),
        ("endpoints-change-truncated", 0.75e9),
        ("slice-change", 75e6),
        ("slice-gain", 75),
        ("endpoints-rate", 5.625e9 * 15 / 60),
        ("events-kept", 432_000),
        ("slice-rate", 75e6 * 15 / 60),
        ("etcd-writes", 750 + 25 + 3 * 20 + 6 * 20),
        ("events-database", (432_000 + 37_500) * 700 * 1.5),
        ("api-server-heap-watches", 0),
        ("api-server-heap-lists", 0),
        ("prometheus-disk", 132.84e9 * 15),
        ("events-burst", 37_500),
        ("events-ceiling", 375_000),
        ("pod-addresses", 82_500),
        ("neighbours", 90_000),
        ("nodes-scored", 375),
        ("fleet-create-seconds", 375),
        ("fleet-bind-seconds", 150),
        ("fleet-start-seconds", 380),
        ("eviction-seconds", 7_500),
        ("dns-queries", 300_000),
        ("dns-replicas", 15),
        ("dns-memory", 137e6),
        ("dns-proportional-replicas", 2_813),
        ("prometheus-series", 30_750_000),
        ("prometheus-memory", 138.375e9),
        ("prometheus-samples", 1_025_000),
        ("prometheus-disk-per-day", 132.84e9),
        ("join-batch", 500),
        ("join-seconds", 14 * 120),
        ("image-requests[gpu]", 37_500),
        ("conntrack[gpu]", 96 * 32_768),
    ],
)
def test_the_published_cluster_of_7500_nodes_comes_out_as_published(id_: str, expected: float) -> None:
    assert largest(id_, OPENAI) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("id_", "name", "value"),
    [
        ("slice-change", "slice", 10_000),
        ("api-server-heap-objects", "density", 200_000 / 7_500),
        ("conntrack[gpu]", "cores", 96),
        ("dns-proportional-replicas", "cores", 7_500 * 96),
        ("etcd-serial-writes", "write latency", 0.0002),
        ("node-high-seats", "all shares", 245),
        ("prometheus-samples", "scrape interval", 30),
        ("prometheus-disk", "retention", 15 * 86_400),
        ("pods", "pods of a machine", 11),
        ("etcd-history-bytes", "compaction interval", 300),
        ("join-seconds", "pause", 120),
    ],
)
def test_an_input_has_the_value_that_goes_into_the_formula(id_: str, name: str, value: float) -> None:
    found = {term.name: term.value for term in reckon(OPENAI).quantity(id_).inputs}
    assert found[name] == pytest.approx(value)


@pytest.mark.parametrize(
    ("id_", "name", "value"),
    [
        ("lease-writes", "renewal", 20),
        ("status-writes", "report", 600),
        ("outage-status-writes", "update", 30),
        ("kubelet-requests-ceiling", "kubeAPIQPS", 7),
        ("events-ceiling", "eventRecordQPS", 5),
        ("image-requests[gpu]", "registryPullQPS", 9),
        ("conntrack[gpu]", "least size", 500_000),
        ("conntrack[gpu]", "entries of a core", 1_000),
    ],
)
def test_an_input_is_what_the_component_is_told_and_not_its_default(id_: str, name: str, value: float) -> None:
    told: Tree = {
        "nodeLeaseDurationSeconds": 80,
        "nodeStatusReportFrequency": "10m",
        "nodeStatusUpdateFrequency": "30s",
        "kubeAPIQPS": 7,
        "eventRecordQPS": 5,
        "registryPullQPS": 9,
    }
    network = make_network(kube_proxy={"conntrack": {"min": 500_000, "maxPerCore": 1_000}})
    found = {term.name: term.value for term in reckon(cluster(kubelet=told, network=network)).quantity(id_).inputs}
    assert found[name] == pytest.approx(value)


def test_a_cluster_that_may_shrink_to_nothing_can_be_reckoned() -> None:
    capacity = reckon(cluster(pool(nodes=Sizes(0, 0, 10)), pool("b", Sizes(0, 0, 0))))
    assert capacity.nodes == (0, 0, 10)
    assert capacity.quantity("lease-writes").values == (0, 0, 1)


@pytest.mark.parametrize("sample", [OPENAI, rich()], ids=["whole-node", "rich"])
def test_every_quantity_says_what_it_is_made_of(sample: Cluster) -> None:
    quantities = reckon(sample).quantities
    assert len({each.id for each in quantities}) == len(quantities)
    for each in quantities:
        assert each.confidence in {"measured", "documented", "derived", "estimate"}, each.id
        assert all((each.area, each.name, each.unit, each.formula, each.source)), each.id
        assert each.inputs, each.id
        assert all(math.isfinite(value) and value >= 0 for value in each.values), each.id
        for term in each.inputs:
            assert term.name in each.formula, (each.id, term.name)
            assert math.isfinite(term.value), (each.id, term.name)
            assert term.origin, (each.id, term.name)


def test_a_quantity_that_goes_into_another_is_a_quantity_of_the_report() -> None:
    capacity = reckon(rich())
    ids = {each.id for each in capacity.quantities}
    origins = {term.origin for each in capacity.quantities for term in each.inputs}
    named = {origin.removeprefix("quantity ") for origin in origins if origin.startswith("quantity ")}
    assert named
    assert named <= ids


def test_reckoning_twice_says_the_same() -> None:
    assert reckon(rich()) == reckon(rich())
