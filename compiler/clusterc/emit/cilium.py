"""Cilium, as the values of its Helm chart."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.document import Document, Impact, Tree
from clusterc.model.network import Network


def documents(cluster: Cluster, _capacity: Capacity) -> Iterator[Document]:
    """Yield the values, where Cilium is the network plugin."""
    if cluster.network.cni != "cilium":
        return
    yield Document(
        path="network/cilium-values.yaml",
        kind="HelmValues",
        body=_values(cluster, cluster.network),
        reader="helm-cilium",
        owner=("spec.network",),
        impact=Impact.RESTART,
    )


def _values(cluster: Cluster, network: Network) -> Tree:
    api = cluster.control_plane.api_server
    values: Tree = {
        **network.plugin,
        "cluster": {"name": cluster.name},
        "k8sServiceHost": api.endpoint_host,
        "k8sServicePort": int(api.endpoint_port),
    }
    return {**dict(sorted(values.items())), **dict(sorted(network.settings.items()))}
