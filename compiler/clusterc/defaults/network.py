"""The network: who assigns and routes addresses, how packets are wrapped, and where names are cached."""

from __future__ import annotations

from clusterc.defaults.presets import preset
from clusterc.spec.cluster import Body

NATIVE_PLUGINS = {
    "azure": "azure-vnet",
    "aks": "azure-vnet",
    "aws": "aws-vpc",
    "eks": "aws-vpc",
    "gcp": "gce-alias",
    "gke": "gce-alias",
}
# Network plugins whose nodes take their block of pod addresses from kube-controller-manager.
TAKES_BLOCKS = frozenset({"flannel", "cilium"})
UNDERLAY_MTU = {"aws": 9001, "eks": 9001, "gcp": 1460, "gke": 1460}
ETHERNET_MTU = 1500
# Bytes that wrapping adds to a packet: flannel's own constants.
OVERHEAD = {"vxlan": 50, "wireguard": 80, "host-gw": 0, "none": 0}
# A cache on every machine spares CoreDNS and connection tracking above this many.
NODE_LOCAL_DNS_ABOVE_NODES = 500


def plugin(body: Body) -> str:
    """Return the network plugin."""
    mode = body.network.mode
    if body.network.cni:
        return body.network.cni
    if mode == "native":
        return NATIVE_PLUGINS.get(body.provider, "cilium")
    return "cilium" if mode == "overlay" else "flannel"


def takes_blocks(body: Body) -> bool:
    """Return whether every node takes a block of pod addresses from kube-controller-manager."""
    return plugin(body) in TAKES_BLOCKS


def wrapping(body: Body) -> str:
    """Return how packets are wrapped between machines."""
    if plugin(body) == "flannel":
        flannel = body.network.flannel
        return (flannel.backend if flannel else None) or "vxlan"
    return "vxlan" if body.network.mode == "overlay" else "none"


def underlay_mtu(body: Body) -> int:
    """Return the largest packet between machines, in bytes."""
    return body.network.underlay_mtu or UNDERLAY_MTU.get(body.provider, ETHERNET_MTU)


def node_local_dns(body: Body) -> bool:
    """Return whether every machine has a cache of names."""
    if body.network.dns.node_local is not None:
        return body.network.dns.node_local
    said: bool | None = preset(body, "spec.network.dns.nodeLocal")
    most = sum(pool.nodes.max for pool in body.node_pools)
    return most > NODE_LOCAL_DNS_ABOVE_NODES if said is None else said
