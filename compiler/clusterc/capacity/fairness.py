"""The request budget of machines: the seats of their priority levels against what kubelets ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clusterc.capacity import sources
from clusterc.capacity.formula import CHURN, SERVERS, Bound, Formula, read
from clusterc.capacity.heartbeats import LEASES, REPORTS, lease_writes, status_writes
from clusterc.capacity.levels import NODE_HIGH, SYSTEM, Level, all_shares, seats
from clusterc.capacity.load import is_default, origin

if TYPE_CHECKING:
    from clusterc.capacity.load import Load
    from clusterc.model.cluster import Cluster

AREA = "request budget"
REQUESTS_PER_POD = 3
HEADROOM = 3
FAST_SECONDS, SLOW_SECONDS = 0.010, 0.100
# What EKS lets a server grow to; the ladder goes no further.
MOST_INFLIGHT = 2_000
INFLIGHT = "spec.controlPlane.apiServers.inflight"


def node_requests(load: Load) -> float:
    """Return the requests per second that the level of heartbeats must have room for."""
    return HEADROOM * (lease_writes(load) + status_writes(load))


def pod_requests(load: Load) -> float:
    """Return the requests per second about pods that the level of all other requests of kubelets must have room for."""
    return HEADROOM * REQUESTS_PER_POD * load.cluster.scale.churn_per_second


def request_budget(cluster: Cluster, level: Level, latency_seconds: float) -> float:
    """Return the requests per second that all API servers serve in a level."""
    return len(cluster.control_plane.api_server.hosts) * seats(cluster, level) / latency_seconds


def _seats(level: Level) -> Formula:
    nodes = level is NODE_HIGH
    return Formula(
        id="node-high-seats" if nodes else "system-seats",
        name=f"Seats of kubelets' {'heartbeats' if nodes else 'other requests'} on one API server",
        unit="requests",
        value=lambda load: seats(load.cluster, level),
        text="(reading + changing) x shares / all shares, rounded up: requests in flight, divided by level",
        inputs=(
            read(
                "reading",
                "requests",
                lambda load: load.cluster.control_plane.api_server.inflight_read,
                f"{INFLIGHT}.read",
            ),
            read(
                "changing",
                "requests",
                lambda load: load.cluster.control_plane.api_server.inflight_mutating,
                f"{INFLIGHT}.mutating",
            ),
            read("shares", "shares", lambda _: level.shares, f"{sources.FAIRNESS}: {level.name}"),
            read(
                "all shares",
                "shares",
                lambda load: all_shares(load.cluster),
                f"{sources.FAIRNESS}: 245, and the cluster's own levels",
            ),
        ),
        source=f"{sources.FAIRNESS}; {sources.EKS_GUIDE}/scalability/control-plane",
        confidence="measured",
    )


SEATS = read("seats", "requests", lambda load: seats(load.cluster, NODE_HIGH), "quantity node-high-seats")
THREEFOLD = "threefold, since nodes come and fail together"

QUANTITIES = (
    _seats(NODE_HIGH),
    _seats(SYSTEM),
    Formula(
        id="request-budget-10ms",
        name="Heartbeats served at 10 ms",
        unit="1/s",
        value=lambda load: request_budget(load.cluster, NODE_HIGH, FAST_SECONDS),
        text="API servers x seats / 10 ms",
        inputs=(SERVERS, SEATS),
        source=sources.FAIRNESS,
        confidence="derived",
    ),
    Formula(
        id="request-budget-100ms",
        name="Heartbeats served at 100 ms",
        unit="1/s",
        value=lambda load: request_budget(load.cluster, NODE_HIGH, SLOW_SECONDS),
        text="API servers x seats / 100 ms",
        inputs=(SERVERS, SEATS),
        source=sources.FAIRNESS,
        confidence="derived",
    ),
    Formula(
        id="node-requests",
        name="Heartbeats to have room for",
        unit="1/s",
        value=node_requests,
        text=f"3 x (lease renewals + status reports): {THREEFOLD}",
        inputs=(LEASES, REPORTS),
        source=sources.OURS,
        confidence="estimate",
    ),
    Formula(
        id="pod-requests",
        name="Requests of kubelets about pods to have room for",
        unit="1/s",
        value=pod_requests,
        text=f"3 x 3 x churn: a kubelet reports a pod waiting, running and done; {THREEFOLD}",
        inputs=(CHURN,),
        source=sources.OURS,
        confidence="estimate",
    ),
)


def quantities(_: Cluster) -> tuple[Formula, ...]:
    """Return the seats of kubelets' two levels, and the requests that must fit into them."""
    return QUANTITIES


def limits(cluster: Cluster) -> tuple[Bound, ...]:
    """Return the request budget of heartbeats, and of what kubelets ask about pods."""
    fix = "raise controlPlane.apiServers.inflight, take shares from own priority levels, or add an API server"
    source = f"{sources.FAIRNESS}; {sources.EKS_GUIDE}/scalability/control-plane"
    server = cluster.control_plane.api_server
    return tuple(
        Bound(
            id=id_,
            name=name,
            unit="1/s",
            demand=demand,
            supply=request_budget(cluster, level, SLOW_SECONDS),
            supplied_by=f"{origin(cluster, f'{INFLIGHT}.read')}, level {level.name}",
            source=source,
            fix=fix,
            follows_nodes=is_default(cluster, f"{INFLIGHT}.read")
            and server.inflight_read + server.inflight_mutating < MOST_INFLIGHT,
        )
        for id_, name, level, demand in (
            ("request-budget", "Heartbeats of nodes, at 100 ms each", NODE_HIGH, node_requests),
            ("pod-request-budget", "Requests of kubelets about pods, at 100 ms each", SYSTEM, pod_requests),
        )
    )
