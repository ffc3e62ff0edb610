"""kube-proxy's configuration."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.document import Document, Impact


def documents(cluster: Cluster, _capacity: Capacity) -> Iterator[Document]:
    """Yield the KubeProxyConfiguration, unless the network plugin does its work."""
    if cluster.network.kube_proxy is None:
        return
    kind = "KubeProxyConfiguration"
    yield Document(
        path="network/kube-proxy.yaml",
        kind=kind,
        body={"apiVersion": "kubeproxy.config.k8s.io/v1alpha1", "kind": kind, **cluster.network.kube_proxy},
        reader="kube-proxy",
        owner=("spec.network",),
        impact=Impact.RESTART,
    )
