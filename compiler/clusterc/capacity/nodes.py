"""Machines and pods: upstream's envelope, the provider's ceilings, and how fast machines join."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from clusterc import formulas
from clusterc.capacity import sources
from clusterc.capacity.formula import NODES, PODS, Bound, Formula, Term, read
from clusterc.capacity.heartbeats import NODE_BYTES, NODE_OBJECT
from clusterc.capacity.load import origin
from clusterc.capacity.settings import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clusterc.capacity.formula import Amount
    from clusterc.capacity.load import Load
    from clusterc.model.cluster import Cluster
    from clusterc.model.pools import Pool

AREA = "nodes"
MOST_NODES, MOST_PODS, MOST_CONTAINERS = 5_000, 150_000, 300_000
JOIN_PAUSE_SECONDS = 120


def batch(load: Load) -> int:
    """Return how many machines join at once."""
    autoscaler = load.cluster.autoscaler
    return autoscaler.join_batch if autoscaler else formulas.join_batch(load.nodes)


def pause_seconds(load: Load) -> float:
    """Return the pause between two batches of machines that join."""
    autoscaler = load.cluster.autoscaler
    return autoscaler.join_pause_ns / SECOND if autoscaler else JOIN_PAUSE_SECONDS


def join_seconds(load: Load) -> float:
    """Return how long all machines take to join an empty cluster; the last batch is followed by no pause."""
    return max(0, ceil(load.nodes / batch(load)) - 1) * pause_seconds(load)


CONTAINERS_PER_POD = read(
    "containers of a pod",
    "containers",
    lambda load: load.cluster.scale.containers_per_pod,
    "spec.scale.containersPerPod",
)

QUANTITIES = (
    Formula(
        id="pods",
        name="Pods",
        unit="pods",
        value=lambda load: load.pods,
        text="nodes x pods of a machine, summed over the pools",
        inputs=(
            NODES,
            read(
                "pods of a machine",
                "pods",
                lambda load: load.pods / max(1, load.nodes),
                "spec.nodePools[].pods.perNode",
            ),
        ),
        source=f"{sources.OPENAI_2021}: one job pod a machine; ten DaemonSet pods beside it is {sources.OURS}",
        confidence="estimate",
    ),
    Formula(
        id="containers",
        name="Containers",
        unit="containers",
        value=lambda load: load.containers,
        text="pods x containers of a pod",
        inputs=(PODS, CONTAINERS_PER_POD),
        source=sources.OURS,
        confidence="estimate",
    ),
    Formula(
        id="node-objects",
        name="Node objects",
        unit="bytes",
        value=lambda load: load.nodes * NODE_BYTES,
        text="nodes x node object; nodeStatusMaxImages below 50 makes them smaller",
        inputs=(NODES, NODE_OBJECT),
        source=sources.HEARTBEATS,
        confidence="documented",
    ),
    Formula(
        id="join-seconds",
        name="All machines joining an empty cluster",
        unit="s",
        value=join_seconds,
        text="(nodes / batch, rounded up, - 1) x pause",
        inputs=(
            NODES,
            read("batch", "nodes", batch, "quantity join-batch"),
            read("pause", "s", pause_seconds, "spec.autoscaler.joinPause"),
        ),
        source=f"{sources.AKS_GUIDE}; {sources.EKS_2025}: 2,000 nodes a minute with a rebuilt control plane",
        confidence="derived",
    ),
)


def _batch(cluster: Cluster) -> Formula:
    said = cluster.autoscaler is not None
    return Formula(
        id="join-batch",
        name="Machines that join at once",
        unit="nodes",
        value=batch,
        text="joinBatch" if said else "nodes / 10, rounded down, 1 at the least and 500 at the most",
        inputs=(read("joinBatch", "nodes", batch, "spec.autoscaler.joinBatch"),) if said else (NODES,),
        source=f"{sources.AKS_GUIDE}; {sources.OPENAI_2021}: hundreds at once can overload the API servers",
        confidence="documented",
    )


def quantities(cluster: Cluster) -> Iterator[Formula]:
    """Return machines, pods and joins, and the pods of each pool's machines."""
    yield from QUANTITIES
    yield _batch(cluster)
    for pool in cluster.pools:
        yield Formula(
            id=f"pods-per-node[{pool.name}]",
            name=f"Pods of a machine, {pool.name}",
            unit="pods",
            value=_always(pool.pods_per_node),
            text="ordinary; most is what its kubelet takes",
            inputs=(
                _said("ordinary", pool.pods_per_node, f"spec.nodePools[{pool.name}].pods.perNode"),
                _said("most", pool.max_pods, f"spec.nodePools[{pool.name}].pods.max"),
            ),
            source=f"{sources.OPENAI_2021}: one job pod a machine; {sources.OURS}: ten DaemonSet pods beside it, 30 "
            f"where pods share machines; {sources.THRESHOLDS}: at the most the lesser of 110 and 10 a core",
            confidence="estimate",
        )


def _always(value: float) -> Amount:
    return lambda _: value


def _said(name: str, pods: int, path: str) -> Term:
    return read(name, "pods", _always(pods), path)


def limits(cluster: Cluster) -> Iterator[Bound]:
    """Return upstream's envelope, and the provider's ceilings of clusters, pods and groups."""
    divide = "divide the cluster, or take every mitigation of a larger one and waive the rule"
    yield _envelope("nodes", "Nodes", MOST_NODES, sources.THRESHOLDS, lambda load: load.nodes, divide)
    fewer = "run fewer pods on a machine (nodePools[].pods.perNode), or divide the cluster"
    yield _envelope("pods", "Pods", MOST_PODS, sources.THRESHOLDS, lambda load: load.pods, fewer)
    yield _envelope(
        "containers", "Containers", MOST_CONTAINERS, sources.LARGE_CLUSTERS, lambda load: load.containers, fewer
    )
    yield from _ceiling(cluster, "nodesPerCluster", "nodes", "Nodes", lambda load: load.nodes)
    yield from _ceiling(cluster, "podsPerCluster", "pods", "Pods", lambda load: load.pods)
    for index, pool in enumerate(cluster.pools):
        if pool.group_size is None:
            yield from _group(cluster, pool, index)


def _machines(index: int) -> Amount:
    return lambda load: load.counts[index]


def _envelope(what: str, name: str, most: int, source: str, demand: Amount, fix: str) -> Bound:
    return Bound(
        id=f"supported-{what}",
        name=f"{name} that upstream supports",
        unit=what,
        demand=demand,
        supply=most,
        supplied_by="upstream's supported envelope",
        source=f"{source}: {most:,} {what}",
        fix=fix,
        fits_exactly=True,
    )


def _ceiling(cluster: Cluster, ceiling: str, what: str, name: str, demand: Amount) -> Iterator[Bound]:
    if ceiling in cluster.ceilings:
        yield _provided(
            cluster,
            ceiling,
            id_=f"provider-{what}",
            name=f"{name} that {cluster.provider} takes in one cluster",
            unit=what,
            demand=demand,
            fix="divide the cluster",
        )


def _group(cluster: Cluster, pool: Pool, index: int) -> Iterator[Bound]:
    if "nodesPerGroup" in cluster.ceilings:
        yield _provided(
            cluster,
            "nodesPerGroup",
            id_=f"provider-group[{pool.name}]",
            name=f"Machines of {pool.name} in one group of {cluster.provider}",
            unit="nodes",
            demand=_machines(index),
            fix="divide the pool into groups (nodePools[].groups.size)",
        )


def _provided(cluster: Cluster, ceiling: str, *, id_: str, name: str, unit: str, demand: Amount, fix: str) -> Bound:
    row = cluster.ceilings[ceiling]
    return Bound(
        id=id_,
        name=name,
        unit=unit,
        demand=demand,
        supply=row.value,
        supplied_by=origin(cluster, f"spec.providerLimits.{ceiling}"),
        source=f"{row.source}: {row.note}",
        fix=f"{fix}; if the provider raised the ceiling, write it into providerLimits",
        fits_exactly=True,
    )
