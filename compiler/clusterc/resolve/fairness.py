"""API Priority and Fairness: teams and agents get seats of their own, so that heartbeats always find one."""

from __future__ import annotations

from clusterc.model.control_plane import PriorityLevel
from clusterc.model.document import Tree
from clusterc.resolve.ledger import Ledger, Settings
from clusterc.spec.cluster import Body
from clusterc.spec.teams import Team

SERVICE_ACCOUNTS = "system:serviceaccounts"
SHIPPED = "Kubernetes' shipped priority levels and flow schemas (k8s.io/apiserver, pkg/apis/flowcontrol/bootstrap)"
ENTROPY = "flowcontrol/v1: the default length of a queue; 64 queues of hands of 6 part users well"


def priority_levels(body: Body, ledger: Ledger) -> tuple[PriorityLevel, ...]:
    """Return the levels of our own. Kubernetes ships `node-high` for heartbeats; these keep everyone else off it."""
    levels = []
    if agents := _agents(body):
        fields = ledger.settings("controlPlane.fairness[node-agents]", {})
        fields.put(
            "nominalConcurrencyShares", 10, why="agents on every node wait among themselves", source=f"{SHIPPED}: 245"
        )
        fields.put("borrowingLimitPercent", 0, why="agents that all start at once get their own seats and no others'")
        fields.put("queues", 64, why="all pods of a DaemonSet are one user, so few queues are enough", source=ENTROPY)
        fields.put(
            "matchingPrecedence",
            850,
            why="after kube-controller-manager and kube-scheduler (800) and before kube-system-service-accounts (900), "
            "which would send agents in kube-system to workload-high",
            source=SHIPPED,
        )
        levels.append(_level("node-agents", fields, agents, "spec.addons"))
    if body.teams:
        fields = ledger.settings("controlPlane.fairness[teams]", {})
        fields.put(
            "nominalConcurrencyShares", 40, why="as much as workload-high; teams wait among themselves", source=SHIPPED
        )
        fields.put("borrowingLimitPercent", 100, why="teams may double their seats with what others leave idle")
        fields.put("queues", 128, why="one user's flood fills its own queues", source=ENTROPY)
        fields.put("matchingPrecedence", 8500, why="before service-accounts (9000)", source=SHIPPED)
        subjects = tuple(subject for team in body.teams for subject in _team(team))
        levels.append(_level("teams", fields, subjects, "spec.teams"))
    return tuple(levels)


def _level(name: str, fields: Settings, subjects: tuple[Tree, ...], owner: str) -> PriorityLevel:
    fields.put("lendablePercent", 50, why="half of the seats serve others while nobody here needs them")
    fields.put("handSize", 6, why="a user is dealt six queues and waits in the shortest", source=ENTROPY)
    fields.put("queueLengthLimit", 50, why="Kubernetes' own default", source=ENTROPY)
    fields.put("distinguisherMethod", "ByUser", why="each user, and each service account, has queues of its own")
    return PriorityLevel(name, fields.tree(), subjects, owner)


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
