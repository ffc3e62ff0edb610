"""CNI configuration of machines whose provider assigns and routes pod addresses: nothing wraps, nothing adds routes."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.document import Document, Form, Impact, Tree

OWNER = ("spec.network.cni", "spec.network.mtu")
PORTMAP: Tree = {"type": "portmap", "capabilities": {"portMappings": True}}


def documents(cluster: Cluster, _capacity: Capacity) -> Iterator[Document]:
    """Yield the list of plugins for azure-vnet, or containerd's template for alias addresses on Google's machines."""
    network = cluster.network
    if network.cni == "azure-vnet":
        body: Tree = {"cniVersion": "0.3.0", "name": "azure", "plugins": [_azure(network.plugin), PORTMAP]}
        yield _document("network/cni/10-azure.conflist", body)
    elif network.cni == "gce-alias":
        # The provider writes the node's alias range into podCIDR; containerd puts it in the template's place.
        address: Tree = {
            "type": "host-local",
            "ranges": [[{"subnet": "{{.PodCIDR}}"}]],
            "routes": [{"dst": "0.0.0.0/0"}],
        }
        plugins: list[Tree] = [{"type": "ptp", "mtu": network.plugin["mtu"], "ipam": address}, PORTMAP]
        yield _document(
            "network/cni/cni.template", {"cniVersion": "1.0.0", "name": "k8s-pod-network", "plugins": [*plugins]}
        )


def _document(path: str, body: Tree) -> Document:
    return Document(path, "CNI", body, "cni", OWNER, Impact.DRAIN, Form.JSON)


def _azure(said: Tree) -> Tree:
    return {"type": "azure-vnet", **said, "ipam": {"type": "azure-vnet-ipam"}}
