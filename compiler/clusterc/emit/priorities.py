"""The ladder of PriorityClasses, and the namespaces of teams."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.emit._object import api_object
from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.document import Document, Impact, Tree
from clusterc.model.promises import PriorityClass


def documents(cluster: Cluster, _capacity: Capacity) -> Iterator[Document]:
    """Yield one object for each rung and each namespace."""
    for rung in cluster.priorities:
        owner = ("spec.balloons",) if rung.name == "balloon" else ("spec.priorities",)
        # Value and preemption policy cannot be changed: the object must be deleted and made again.
        yield api_object("PriorityClass", rung.name, _rung(rung), owner=owner, impact=Impact.RECREATE)
    for namespace in cluster.namespaces:
        yield api_object("Namespace", namespace.name, {}, owner=(namespace.owner,), labels={**namespace.labels})


def _rung(rung: PriorityClass) -> Tree:
    return {
        "value": rung.value,
        "globalDefault": rung.default,
        "preemptionPolicy": "PreemptLowerPriority" if rung.preempts else "Never",
        **({"description": rung.description} if rung.description else {}),
    }
