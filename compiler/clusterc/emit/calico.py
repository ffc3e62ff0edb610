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
    overlay = network.mode == "overlay"
    pool: Tree = {
        "name": "default",
        "cidr": str(network.pod_cidr),
        "blockSize": 26,
        "encapsulation": "VXLAN" if overlay else "None",
        "natOutgoing": "Enabled",
        "nodeSelector": "all()",
    }
    spec: Tree = {
        "calicoNetwork": {
            "bgp": "Disabled" if overlay else "Enabled",
            "ipPools": [pool],
            "linuxDataplane": "Nftables" if network.proxy_mode == "nftables" else "Iptables",
            "mtu": network.mtu,
        },
        "nodeUpdateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "5%"}},
    }
    metadata: Tree = {"name": "default"}
    return {"apiVersion": "operator.tigera.io/v1", "kind": "Installation", "metadata": metadata, "spec": spec}
