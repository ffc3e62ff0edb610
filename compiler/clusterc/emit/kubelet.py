"""The kubelets' base configuration, and each pool's drop-in over it."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.document import Document, Impact, Tree

HEAD: Tree = {"apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration"}


def documents(cluster: Cluster, _capacity: Capacity) -> Iterator[Document]:
    """Yield the base, which kubeadm keeps for every machine, and a drop-in for each pool (`--config-dir`)."""
    yield Document(
        path="nodes/kubelet.yaml",
        kind="KubeletConfiguration",
        body={**HEAD, **dict(sorted(cluster.kubelet.items()))},
        reader="kubelet",
        owner=("spec.network.dns", "spec.kubernetes.featureGates", "spec.nodePools"),
        impact=Impact.RESTART,
    )
    for pool in cluster.pools:
        yield Document(
            path=f"nodes/{pool.name}/kubelet/50-{pool.name}.conf",
            kind="KubeletConfiguration",
            body={**HEAD, **dict(sorted(pool.kubelet.items()))},
            reader="kubelet-dropin",
            owner=(f"spec.nodePools[{pool.name}]",),
            impact=Impact.DRAIN,
        )
