"""API Priority and Fairness: a level of seats, and the schema that sends requests to it."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.emit._object import api_object
from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.control_plane import PriorityLevel
from clusterc.model.document import Document, Tree, Value


def documents(cluster: Cluster, _capacity: Capacity) -> Iterator[Document]:
    """Yield a PriorityLevelConfiguration and a FlowSchema for each level of our own."""
    for level in cluster.control_plane.priority_levels:
        owner = ("spec.teams",) if level.name == "teams" else ("spec.addons",)
        yield api_object("PriorityLevelConfiguration", level.name, {"spec": _level(level)}, owner=owner)
        yield api_object("FlowSchema", level.name, {"spec": _schema(level)}, owner=owner)


def _level(level: PriorityLevel) -> Tree:
    queuing: Tree = {
        "queues": level.queues,
        "handSize": level.hand_size,
        "queueLengthLimit": level.queue_length,
    }
    limited: Tree = {
        "nominalConcurrencyShares": level.shares,
        "lendablePercent": level.lendable_percent,
        "limitResponse": {"type": "Queue", "queuing": queuing},
    }
    if level.borrowing_limit_percent is not None:
        limited["borrowingLimitPercent"] = level.borrowing_limit_percent
    return {"type": "Limited", "limited": limited}


def _schema(level: PriorityLevel) -> Tree:
    everything: list[Value] = ["*"]
    return {
        "matchingPrecedence": level.precedence,
        "priorityLevelConfiguration": {"name": level.name},
        "distinguisherMethod": {"type": level.distinguisher},
        "rules": [
            {
                "subjects": [*level.subjects],
                "resourceRules": [
                    {
                        "verbs": everything,
                        "apiGroups": everything,
                        "resources": everything,
                        "namespaces": everything,
                        "clusterScope": True,
                    }
                ],
            }
        ],
    }
