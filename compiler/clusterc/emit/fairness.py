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
        owner = (level.owner,)
        yield api_object("PriorityLevelConfiguration", level.name, {"spec": _level(level)}, owner=owner)
        yield api_object("FlowSchema", level.name, {"spec": _schema(level)}, owner=owner)


def _level(level: PriorityLevel) -> Tree:
    queuing: Tree = {name: level.settings[name] for name in ("queues", "handSize", "queueLengthLimit")}
    shares: Tree = {
        name: level.settings[name] for name in ("nominalConcurrencyShares", "lendablePercent", "borrowingLimitPercent")
    }
    return {"type": "Limited", "limited": {**shares, "limitResponse": {"type": "Queue", "queuing": queuing}}}


def _schema(level: PriorityLevel) -> Tree:
    everything: list[Value] = ["*"]
    return {
        "matchingPrecedence": level.settings["matchingPrecedence"],
        "priorityLevelConfiguration": {"name": level.name},
        "distinguisherMethod": {"type": level.settings["distinguisherMethod"]},
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
