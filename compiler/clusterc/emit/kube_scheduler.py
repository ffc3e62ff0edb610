"""kube-scheduler's configuration."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.document import Document, Impact


def documents(cluster: Cluster, _capacity: Capacity) -> Iterator[Document]:
    """Yield the one KubeSchedulerConfiguration."""
    kind, plane = "KubeSchedulerConfiguration", cluster.control_plane
    yield Document(
        path="control-plane/kube-scheduler/config.yaml",
        kind=kind,
        body={"apiVersion": "kubescheduler.config.k8s.io/v1", "kind": kind, **plane.scheduler},
        # kubeadm's own scheduler does not know the plugin that the other one is there for.
        reader="scheduler-plugins" if plane.scheduler_image else "kube-scheduler",
        owner=("spec.scheduler", "spec.nodePools", "spec.gangs"),
        impact=Impact.RESTART,
    )
