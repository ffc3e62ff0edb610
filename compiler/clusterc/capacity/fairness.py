"""The seats of API Priority and Fairness: how many requests of nodes the API servers work on at once."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from clusterc.capacity import sources
from clusterc.capacity.formula import CHURN, SERVERS, Bound, Formula, read
from clusterc.capacity.heartbeats import LEASES, REPORTS, lease_writes, status_writes
from clusterc.capacity.load import origin

if TYPE_CHECKING:
    from clusterc.capacity.load import Load
    from clusterc.model.cluster import Cluster

AREA = "request budget"
# The shares of Kubernetes' own levels: system, node-high, leader-election, workload-high, workload-low, global-default,
# catch-all.
SHIPPED_SHARES = 30 + 40 + 10 + 40 + 100 + 20 + 5
NODE_HIGH_SHARES = 40
REQUESTS_PER_POD = 3
HEADROOM = 3
FAST_SECONDS, SLOW_SECONDS = 0.010, 0.100


def seats(cluster: Cluster, shares: int) -> int:
    """Return the requests that one API server works on at once for a priority level of so many shares."""
    server, levels = cluster.control_plane.api_server, cluster.control_plane.priority_levels
    total = SHIPPED_SHARES + sum(level.shares for level in levels)
    return ceil((server.inflight_read + server.inflight_mutating) * shares / total)


def node_requests(load: Load) -> float:
    """Return the requests per second that the level of the nodes must have room for."""
    pods = load.cluster.scale.churn_per_second * REQUESTS_PER_POD
    return HEADROOM * (lease_writes(load) + status_writes(load) + pods)


def request_budget(cluster: Cluster, latency_seconds: float) -> float:
    """Return the requests per second that all API servers serve in the level of the nodes."""
    return len(cluster.control_plane.api_server.hosts) * seats(cluster, NODE_HIGH_SHARES) / latency_seconds


SEATS = read(
    "seats",
    "requests",
    lambda load: seats(load.cluster, NODE_HIGH_SHARES),
    "spec.controlPlane.apiServers.inflight.read",
)

QUANTITIES = (
    Formula(
        id="node-high-seats",
        name="Seats of the nodes' priority level on one API server",
        unit="requests",
        value=lambda load: seats(load.cluster, NODE_HIGH_SHARES),
        text="(reading + changing requests in flight) x 40 shares / all shares, rounded up",
        inputs=(
            read(
                "reading",
                "requests",
                lambda load: load.cluster.control_plane.api_server.inflight_read,
                "spec.controlPlane.apiServers.inflight.read",
            ),
            read(
                "changing",
                "requests",
                lambda load: load.cluster.control_plane.api_server.inflight_mutating,
                "spec.controlPlane.apiServers.inflight.mutating",
            ),
            read(
                "all shares",
                "shares",
                lambda load: SHIPPED_SHARES + sum(level.shares for level in load.cluster.control_plane.priority_levels),
                f"{sources.FAIRNESS}: 245, and the cluster's own levels",
            ),
        ),
        source=f"{sources.FAIRNESS}; {sources.EKS_GUIDE}/scalability/control-plane",
        confidence="measured",
    ),
    Formula(
        id="request-budget-10ms",
        name="Requests of nodes served at 10 ms",
        unit="1/s",
        value=lambda load: request_budget(load.cluster, FAST_SECONDS),
        text="API servers x seats / 10 ms",
        inputs=(SERVERS, SEATS),
        source=sources.FAIRNESS,
        confidence="derived",
    ),
    Formula(
        id="request-budget-100ms",
        name="Requests of nodes served at 100 ms",
        unit="1/s",
        value=lambda load: request_budget(load.cluster, SLOW_SECONDS),
        text="API servers x seats / 100 ms",
        inputs=(SERVERS, SEATS),
        source=sources.FAIRNESS,
        confidence="derived",
    ),
    Formula(
        id="node-requests",
        name="Requests of nodes to have room for",
        unit="1/s",
        value=node_requests,
        text="3 x (lease renewals + status reports + churn x 3): threefold, since nodes come and fail together",
        inputs=(LEASES, REPORTS, CHURN),
        source=sources.OURS,
        confidence="estimate",
    ),
)


def quantities(_: Cluster) -> tuple[Formula, ...]:
    """Return the seats of the nodes' priority level, and the requests that must fit into them."""
    return QUANTITIES


def limits(cluster: Cluster) -> tuple[Bound, ...]:
    """Return the request budget of the nodes."""
    return (
        Bound(
            id="request-budget",
            name="Requests of nodes, at 100 ms each",
            unit="1/s",
            demand=node_requests,
            supply=request_budget(cluster, SLOW_SECONDS),
            supplied_by=origin(cluster, "spec.controlPlane.apiServers.inflight.read"),
            source=f"{sources.FAIRNESS}; {sources.EKS_GUIDE}/scalability/control-plane",
            fix="raise controlPlane.apiServers.inflight, take shares from own priority levels, or add an API server",
        ),
    )
