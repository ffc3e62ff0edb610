"""Priority levels: whose requests reach which level, and the seats that a level has on one API server."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from clusterc.model.cluster import Cluster
    from clusterc.model.control_plane import PriorityLevel
    from clusterc.model.promises import Addon

# Kubernetes' own levels with their shares (k8s.io/apiserver, pkg/apis/flowcontrol/bootstrap; 1.34 to 1.37 are alike).
SHIPPED = {
    "system": 30,
    "node-high": 40,
    "leader-election": 10,
    "workload-high": 40,
    "workload-low": 100,
    "global-default": 20,
    "catch-all": 5,
}
KUBE_SYSTEM = "kube-system"
# The shipped schemas that take a service account's requests, with their precedence: kube-system-service-accounts and
# service-accounts.
KUBE_SYSTEM_PRECEDENCE, ACCOUNTS_PRECEDENCE = 900, 9000


class Level(NamedTuple):
    """A priority level."""

    name: str
    shares: int


NODE_HIGH, SYSTEM = (Level(name, SHIPPED[name]) for name in ("node-high", "system"))


def all_shares(cluster: Cluster) -> int:
    """Return the shares of all levels, the cluster's own included."""
    return sum(SHIPPED.values()) + sum(level.shares for level in cluster.control_plane.priority_levels)


def seats(cluster: Cluster, level: Level) -> int:
    """Return the requests that one API server works on at once for a priority level."""
    server = cluster.control_plane.api_server
    return ceil((server.inflight_read + server.inflight_mutating) * level.shares / all_shares(cluster))


def level_of(cluster: Cluster, addon: Addon) -> Level:
    """Return the level that an add-on's requests reach: that of the schema of least precedence which matches them."""
    matching = [
        (level.precedence, Level(level.name, level.shares))
        for level in cluster.control_plane.priority_levels
        if _takes(level, addon)
    ]
    if addon.namespace == KUBE_SYSTEM:
        matching.append((KUBE_SYSTEM_PRECEDENCE, Level("workload-high", SHIPPED["workload-high"])))
    matching.append((ACCOUNTS_PRECEDENCE, Level("workload-low", SHIPPED["workload-low"])))
    return min(matching)[1]


def _takes(level: PriorityLevel, addon: Addon) -> bool:
    """Return whether a schema of our own names the add-on's service account, or a group that it is in."""
    wanted = (
        {"kind": "ServiceAccount", "serviceAccount": {"name": addon.name, "namespace": addon.namespace}},
        {"kind": "Group", "group": {"name": f"system:serviceaccounts:{addon.namespace}"}},
    )
    return any(subject in wanted for subject in level.subjects)
