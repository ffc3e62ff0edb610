"""Cluster DNS: queries, the replicas they need, and the memory of each."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from clusterc import formulas
from clusterc.capacity import sources
from clusterc.capacity.formula import NODES, PODS, Bound, Formula, fact, read
from clusterc.capacity.load import is_default, origin

if TYPE_CHECKING:
    from clusterc.capacity.load import Load
    from clusterc.model.cluster import Cluster

AREA = "DNS"
QUERIES_PER_REPLICA = 20_000
REPLICAS = "spec.network.dns.replicas"
CORES_PER_REPLICA, NODES_PER_REPLICA = 256, 16


def queries(load: Load) -> int:
    """Return the look-ups per second of all nodes."""
    return load.nodes * load.cluster.network.dns.queries_per_node


def proportional_replicas(load: Load) -> int:
    """Return the replicas that the proportional autoscaler makes by its own defaults."""
    cores = sum(count * pool.machine.cpu_millicores for pool, count in load.pools()) / 1000
    return max(ceil(cores / CORES_PER_REPLICA), ceil(load.nodes / NODES_PER_REPLICA))


SERVICES = read("services", "services", lambda load: load.cluster.scale.services, "spec.scale.services")
QUERIES = read("queries", "1/s", queries, "quantity dns-queries")

QUANTITIES = (
    Formula(
        id="dns-queries",
        name="DNS queries",
        unit="1/s",
        value=queries,
        text="nodes x queries of a node, all of them: nobody published what share a cache on the node answers",
        inputs=(
            NODES,
            read(
                "queries of a node",
                "1/s",
                lambda load: load.cluster.network.dns.queries_per_node,
                "spec.network.dns.queriesPerNode",
            ),
        ),
        source=sources.OURS,
        confidence="estimate",
    ),
    Formula(
        id="dns-replicas",
        name="CoreDNS replicas that the queries need",
        unit="replicas",
        value=lambda load: formulas.dns_replicas(queries(load)),
        text="queries / one replica, rounded up, two at least",
        inputs=(QUERIES, fact("one replica", QUERIES_PER_REPLICA, "1/s", f"{sources.OURS}: 33,669/s were measured")),
        source=f"{sources.COREDNS}: 33,669/s on two cores; {sources.OURS}: 20,000/s leave room",
        confidence="estimate",
    ),
    Formula(
        id="dns-memory",
        name="Memory of one CoreDNS replica",
        unit="bytes",
        value=lambda load: formulas.dns_memory_bytes(load.pods, load.cluster.scale.services),
        text="((pods + services) / 1,000 + 54) MB",
        inputs=(PODS, SERVICES),
        source=sources.COREDNS,
        confidence="documented",
    ),
    Formula(
        id="dns-proportional-replicas",
        name="CoreDNS replicas by the proportional autoscaler's defaults",
        unit="replicas",
        value=proportional_replicas,
        text="the larger of cores / 256 and nodes / 16, rounded up: why the number is fixed by queries instead",
        inputs=(
            NODES,
            read(
                "cores",
                "cores",
                lambda load: sum(count * pool.machine.cpu_millicores for pool, count in load.pools()) / 1000,
                "spec.nodePools[].machine.cpu",
            ),
        ),
        source=f"{sources.EKS_GUIDE}/scalability/cluster-services",
        confidence="documented",
    ),
)


def quantities(_: Cluster) -> tuple[Formula, ...]:
    """Return what DNS is asked and what it takes."""
    return QUANTITIES


def limits(cluster: Cluster) -> tuple[Bound, ...]:
    """Return the queries that the replicas answer."""
    return (
        Bound(
            id="dns-queries",
            name="DNS queries",
            unit="1/s",
            demand=queries,
            supply=cluster.network.dns.replicas * QUERIES_PER_REPLICA,
            supplied_by=origin(cluster, REPLICAS),
            source=f"{sources.COREDNS}: 33,669/s on two cores; {sources.OURS}: 20,000/s leave room",
            fix="raise network.dns.replicas, or leave it out so that it follows the nodes",
            fits_exactly=True,
            follows_nodes=is_default(cluster, REPLICAS),
        ),
    )
