"""What the resolver assumes where a spec is silent, as far as a check needs it; a test holds the two together."""

from __future__ import annotations

from clusterc import catalog, formulas
from clusterc.spec.cluster import Body
from clusterc.spec.control_plane import Etcd
from clusterc.spec.pools import NodePool

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
# Bytes that wrapping adds to a packet: flannel's own constants.
OVERHEAD = {"vxlan": 50, "wireguard": 80, "host-gw": 0, "none": 0}
PRIORITIES = ("borrowed", "batch", "interactive", "preflight")
BALLOON = "balloon"
BALLOON_PRIORITY = -10
SYSTEM_PRIORITIES = ("system-cluster-critical", "system-node-critical")


def plugin(body: Body) -> str:
    """Return the network plugin, as said or by mode and provider."""
    mode = body.network.mode
    if body.network.cni:
        return body.network.cni
    if mode == "native":
        return NATIVE_PLUGINS.get(body.provider, "cilium")
    return "cilium" if mode == "overlay" else "flannel"


def wrapping(body: Body) -> str:
    """Return how packets are wrapped between machines."""
    if plugin(body) == "flannel":
        flannel = body.network.flannel
        return (flannel.backend if flannel else None) or "vxlan"
    return "vxlan" if body.network.mode == "overlay" else "none"


def underlay_mtu(body: Body) -> int:
    """Return the largest packet between machines, in bytes."""
    return body.network.underlay_mtu or UNDERLAY_MTU.get(body.provider, 1500)


def is_stacked(body: Body) -> bool:
    """Return whether etcd runs beside the API servers."""
    placement = body.control_plane.placement
    return placement == "stacked" if placement else body.preset == "lab"


def etcds(body: Body) -> tuple[tuple[str, Etcd], ...]:
    """Return each etcd that the spec describes, with its path."""
    plane = body.control_plane
    events = (("spec.controlPlane.eventsEtcd", plane.events_etcd),) if plane.events_etcd else ()
    return (("spec.controlPlane.etcd", plane.etcd), *events)


def has_whole_node_pods(pool: NodePool) -> bool:
    """Return whether one job pod takes a machine of a pool."""
    return pool.pods.style == "whole-node" if pool.pods.style else pool.role == "training"


def max_pods(pool: NodePool) -> int:
    """Return the most pods of one machine of a pool."""
    return pool.pods.max or (32 if has_whole_node_pods(pool) else 110)


def block_mask(body: Body) -> int:
    """Return the length of the block of pod addresses of each node."""
    return body.network.pod_block_mask or formulas.block_mask(max(max_pods(pool) for pool in body.node_pools))


def gpu_type(pool: NodePool, body: Body) -> str | None:
    """Return the GPU type of a pool's machines, or None where they have none."""
    if pool.gpu and pool.gpu.type:
        return pool.gpu.type
    row = catalog.machines(body.provider).get(pool.machine.type or "", {})
    name: str | None = row.get("gpu", {}).get("type")
    return name


def mig_profiles(name: str, body: Body) -> dict[str, int]:
    """Return the MIG profiles of a GPU type, with the instances that each cuts a GPU into."""
    own = next((gpu.mig_profiles for gpu in body.gpu_types if gpu.name == name), None)
    profiles: dict[str, int] = catalog.gpus().get(name, {}).get("migProfiles", {}) if own is None else own
    return profiles


def gpus_per_machine(pool: NodePool, body: Body) -> int:
    """Return how many GPUs, or MIG instances where they are cut, a machine of a pool offers."""
    name = gpu_type(pool, body)
    if name is None:
        return 0
    own = next((gpu.per_node for gpu in body.gpu_types if gpu.name == name), None)
    machine = catalog.machines(body.provider).get(pool.machine.type or "", {}).get("gpu", {})
    usual = machine.get("count", own or catalog.gpus().get(name, {}).get("perNode", 1))
    count: int = (pool.gpu.count if pool.gpu else None) or usual
    cut = mig_profiles(name, body).get(pool.gpu.mig, 1) if pool.gpu and pool.gpu.mig else 1
    return count * cut
