"""API Priority and Fairness: teams and agents get seats of their own, so that heartbeats always find one."""

from __future__ import annotations

from clusterc.model.control_plane import PriorityLevel
from clusterc.model.document import Tree
from clusterc.resolve.ledger import Ledger
from clusterc.spec.cluster import Body
from clusterc.spec.teams import Team

SERVICE_ACCOUNTS = "system:serviceaccounts"
# Kubernetes ships a schema at 900 that takes every service account of kube-system, agents among them.
BEFORE_KUBE_SYSTEM = 850


def priority_levels(body: Body, ledger: Ledger) -> tuple[PriorityLevel, ...]:
    """Return the levels of our own. Kubernetes ships `node-high` for heartbeats; these keep everyone else off it."""
    levels = []
    agents = _agents(body)
    if agents:
        levels.append(
            PriorityLevel(
                name="node-agents",
                shares=_shares(ledger, "node-agents", 10, "agents on every node wait among themselves"),
                lendable_percent=50,
                borrowing_limit_percent=0,
                queues=64,
                hand_size=6,
                queue_length=50,
                precedence=BEFORE_KUBE_SYSTEM,
                distinguisher="ByUser",
                subjects=agents,
                why="requests of agents that run on every node: never more than their own seats",
            )
        )
    if body.teams:
        levels.append(
            PriorityLevel(
                name="teams",
                shares=_shares(
                    ledger, "teams", 40, "as much as Kubernetes gives workload-high; teams wait among themselves"
                ),
                lendable_percent=50,
                borrowing_limit_percent=100,
                queues=128,
                hand_size=6,
                queue_length=50,
                precedence=8500,
                distinguisher="ByUser",
                subjects=tuple(subject for team in body.teams for subject in _team(team)),
                why="requests of teams and of what runs in their namespaces: one user's flood fills its own queues",
            )
        )
    return tuple(levels)


def _shares(ledger: Ledger, level: str, shares: int, why: str) -> int:
    return ledger.fixed(
        f"controlPlane.fairness[{level}].shares",
        shares,
        why=why,
        source="Kubernetes' shipped levels: node-high 40 of 245",
    )


def _agents(body: Body) -> tuple[Tree, ...]:
    """Return the service accounts of DaemonSets that talk to the API server."""
    found = [
        {"kind": "ServiceAccount", "serviceAccount": {"name": addon.name, "namespace": addon.namespace}}
        for addon in body.addons
        if addon.kind == "DaemonSet" and addon.api_access
    ]
    return tuple(sorted(found, key=str))  # type: ignore[arg-type]


def _team(team: Team) -> list[Tree]:
    subjects: list[Tree] = [
        {"kind": "Group", "group": {"name": f"{SERVICE_ACCOUNTS}:{namespace}"}}
        for namespace in team.namespaces or (team.name,)
    ]
    for member in team.members:
        kind, _, name = member.partition(":")
        if kind == "group":
            subjects.append({"kind": "Group", "group": {"name": name}})
        elif kind == "user":
            subjects.append({"kind": "User", "user": {"name": name}})
        else:
            namespace, _, account = name.partition(":")
            subjects.append({"kind": "ServiceAccount", "serviceAccount": {"name": account, "namespace": namespace}})
    return subjects
