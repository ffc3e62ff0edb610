"""What kubeadm changes in its own static pods: the image of a scheduler with plugins that the stock one lacks."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.document import Document, Impact, Tree

FOLDER = "control-plane/kubeadm/patches"


def documents(cluster: Cluster, _capacity: Capacity) -> Iterator[Document]:
    """Yield the patch of kube-scheduler, where it is not kubeadm's own."""
    image = cluster.control_plane.scheduler_image
    if image is None:
        return
    container: Tree = {"name": "kube-scheduler", "image": image}
    yield Document(
        path=f"{FOLDER}/kube-scheduler.yaml",
        kind="StaticPodPatch",
        body={"spec": {"containers": [container]}},
        reader="kubeadm-patch",
        owner=("spec.gangs",),
        impact=Impact.RESTART,
    )
