"""Placing pods and losing machines: how fast pods are created, bound, started and moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clusterc import formulas
from clusterc.capacity import sources
from clusterc.capacity.formula import NODES, Formula, fact, read
from clusterc.capacity.settings import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clusterc.capacity.formula import Bound
    from clusterc.capacity.load import Load
    from clusterc.model.cluster import Cluster

AREA = "scheduling"
POD_START_SECONDS = 5
FAILED_SHARE = 0.10
# What a rate of 0 stands for: client-go's own rate, and kube-scheduler's.
CLIENT_QPS, SCHEDULER_DEFAULT_QPS = 5, 50
KCM_QPS, SCHEDULER_QPS = "spec.controlPlane.controllerManager.qps", "spec.scheduler.qps"


def create_rate(cluster: Cluster) -> float:
    """Return the pods that kube-controller-manager creates per second: one request for each."""
    return number(cluster.control_plane.controller_manager_qps, CLIENT_QPS)


def bind_qps(cluster: Cluster) -> float:
    """Return the requests that kube-scheduler allows itself per second: one for each pod it binds."""
    return number(cluster.control_plane.scheduler_qps, SCHEDULER_DEFAULT_QPS)


def bind_rate(cluster: Cluster) -> float:
    """Return the pods that kube-scheduler binds per second."""
    return min(formulas.SCHEDULER_PODS_PER_SECOND, bind_qps(cluster))


def start_rate(cluster: Cluster) -> float:
    """Return the pods that start per second while a large job starts."""
    return formulas.start_rate(create_rate(cluster), bind_qps(cluster))


def place_seconds(cluster: Cluster, pods: float) -> float:
    """Return how long so many pods take from their job's creation until all run, images aside.

    Creating and binding overlap, so the slower of them counts.
    """
    return pods / start_rate(cluster) + (POD_START_SECONDS if pods else 0)


def scored(load: Load) -> int:
    """Return how many nodes the scheduler scores for one pod."""
    return formulas.nodes_scored(load.nodes, load.cluster.control_plane.nodes_to_score_percent)


def _scored_by(profile: str, percentage: int) -> Formula:
    return Formula(
        id=f"nodes-scored[{profile}]",
        name=f"Nodes scored for one pod, profile {profile}",
        unit="nodes",
        value=lambda load: formulas.nodes_scored(load.nodes, percentage),
        text="nodes x percentage, 100 at least",
        inputs=(
            NODES,
            read(
                "percentage",
                "percent",
                lambda _: percentage,
                f"spec.scheduler.profiles[{profile}].percentageOfNodesToScore",
            ),
        ),
        source=f"{sources.SCHEDULER}: numFeasibleNodesToFind",
        confidence="documented",
    )


def eviction_seconds(load: Load) -> float:
    """Return how long it takes until the pods of a tenth of all nodes are told to leave."""
    return load.nodes * FAILED_SHARE / load.cluster.control_plane.node_eviction_rate


CREATE = read("creates", "pods/s", lambda load: create_rate(load.cluster), KCM_QPS)
BIND_QPS = read("binds", "pods/s", lambda load: bind_qps(load.cluster), SCHEDULER_QPS)
SCHEDULED = fact(
    "scheduled",
    formulas.SCHEDULER_PODS_PER_SECOND,
    "pods/s",
    f"{sources.OURS}; {sources.SCHEDULER_PERF} asks for 270 at 5,000 nodes",
)
START = fact("start", POD_START_SECONDS, "s", f"{sources.SLOS}: 5 s at the 99th percentile, images aside")

QUANTITIES = (
    Formula(
        id="nodes-scored",
        name="Nodes scored for one pod",
        unit="nodes",
        value=scored,
        text="nodes x percentage, 100 at least; the scheduler's own percentage (0) is 50 - nodes / 125, 5 at least, so "
        "more nodes may mean fewer scored",
        inputs=(
            NODES,
            read(
                "percentage",
                "percent",
                lambda load: load.cluster.control_plane.nodes_to_score_percent,
                "spec.scheduler.percentageOfNodesToScore",
            ),
        ),
        source=f"{sources.SCHEDULER}: numFeasibleNodesToFind",
        confidence="documented",
    ),
    Formula(
        id="fleet-create-seconds",
        name="Creating a pod on every node",
        unit="s",
        value=lambda load: load.nodes / create_rate(load.cluster),
        text="nodes / creates",
        inputs=(NODES, CREATE),
        source=f"{sources.CONTROLLERS}: --kube-api-qps is 20 where nothing is said",
        confidence="derived",
    ),
    Formula(
        id="fleet-bind-seconds",
        name="Binding a pod on every node",
        unit="s",
        value=lambda load: load.nodes / bind_rate(load.cluster),
        text="nodes / the lesser of scheduled and binds",
        inputs=(NODES, SCHEDULED, BIND_QPS),
        source=f"{sources.SCHEDULER_PERF}; {sources.EKS_2025}: 500 pods/s",
        confidence="estimate",
    ),
    Formula(
        id="fleet-start-seconds",
        name="Starting a job with a pod on every node, images aside",
        unit="s",
        value=lambda load: place_seconds(load.cluster, load.nodes),
        text="nodes / the least of creates, scheduled and binds + start",
        inputs=(NODES, CREATE, SCHEDULED, BIND_QPS, START),
        source=f"{sources.SCHEDULER_PERF}; {sources.SLOS}",
        confidence="estimate",
    ),
    Formula(
        id="start-rate",
        name="Pods that start per second while a large job starts",
        unit="pods/s",
        value=lambda load: start_rate(load.cluster),
        text="the least of creates, scheduled and binds; upstream's latency targets hold up to a churn of 20",
        inputs=(CREATE, SCHEDULED, BIND_QPS),
        source=f"{sources.SLOS}: churn of 20 at the most",
        confidence="estimate",
    ),
)
EVICTION = Formula(
    id="eviction-seconds",
    name="Giving up a tenth of all nodes",
    unit="s",
    value=eviction_seconds,
    text="nodes x 10 % / eviction rate",
    inputs=(
        NODES,
        read(
            "eviction rate",
            "nodes/s",
            lambda load: load.cluster.control_plane.node_eviction_rate,
            "spec.controlPlane.controllerManager.flags.node-eviction-rate",
        ),
    ),
    source=f"{sources.CONTROLLERS}: --node-eviction-rate is 0.1 where nothing is said",
    confidence="documented",
)


def quantities(cluster: Cluster) -> Iterator[Formula]:
    """Return how a job on every node starts, and how lost machines are given up."""
    yield from QUANTITIES
    for profile, percentage in cluster.control_plane.profile_percentages.items():
        yield _scored_by(profile, percentage)
    if cluster.control_plane.node_eviction_rate > 0:
        yield EVICTION


def limits(_: Cluster) -> tuple[Bound, ...]:
    """Return no limit: a slow start matters to the jobs that have a target."""
    return ()
