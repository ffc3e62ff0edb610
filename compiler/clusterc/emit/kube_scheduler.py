"""kube-scheduler's configuration."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.document import Document, Impact


def documents(cluster: Cluster, _capacity: Capacity) -> Iterator[Document]:
    """Yield the one KubeSchedulerConfiguration."""
    kind = "KubeSchedulerConfiguration"
    yield Document(
        path="control-plane/kube-scheduler/config.yaml",
        kind=kind,
        body={"apiVersion": "kubescheduler.config.k8s.io/v1", "kind": kind, **cluster.control_plane.scheduler},
        reader="kube-scheduler",
        owner=("spec.scheduler", "spec.nodePools", "spec.gangs"),
        impact=Impact.RESTART,
    )
