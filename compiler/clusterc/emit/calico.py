"""Calico, as the Installation its operator acts on."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.document import Document, Impact, Tree
from clusterc.model.network import Network


def documents(cluster: Cluster, _capacity: Capacity) -> Iterator[Document]:
    """Yield the Installation, where Calico is the network plugin; the operator scales Typha by itself."""
    if cluster.network.cni != "calico":
        return
    yield Document(
        path="objects/_cluster/installation-default.yaml",
        kind="Installation",
        body=_installation(cluster.network),
        reader="calico-operator",
        owner=("spec.network",),
        impact=Impact.RESTART,
    )


def _installation(network: Network) -> Tree:
    said = network.plugin
    pool: Tree = {
        "name": "default",
        "cidr": str(network.pod_cidr),
        "nodeSelector": "all()",
        **{name: said[name] for name in ("blockSize", "encapsulation", "natOutgoing")},
    }
    network_settings: Tree = {"ipPools": [pool], **{name: said[name] for name in ("bgp", "linuxDataplane", "mtu")}}
    spec: Tree = {"calicoNetwork": network_settings, "nodeUpdateStrategy": said["nodeUpdateStrategy"]}
    metadata: Tree = {"name": "default"}
    return {"apiVersion": "operator.tigera.io/v1", "kind": "Installation", "metadata": metadata, "spec": spec}
