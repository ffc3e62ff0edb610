"""`network`: a plugin that does the mode, ranges that hold every machine and share no address, and the rest."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network

from hypothesis import strategies as st

from specs.basic import FLAG, NAME, Plain, chosen, names, number, one_of, optional, some
from specs.passed_on import CNI_SETTINGS, any_of
from specs.place import Place
from specs.pools import Pool

MODES = ("native", "overlay", "flannel", "host")
NATIVE = {
    "azure": "azure-vnet",
    "aks": "azure-vnet",
    "aws": "aws-vpc",
    "eks": "aws-vpc",
    "gcp": "gce-alias",
    "gke": "gce-alias",
}
# Plugins whose machines take a block of pod addresses from kube-controller-manager.
TAKES_BLOCKS = {"cilium", "flannel"}
REPLACES_PROXY = {"cilium", "calico"}
# Plugins that give pods addresses of one family alone.
ONE_FAMILY = {"azure-vnet", "aws-vpc", "gce-alias"}
# Addresses of a subnet that a provider keeps, at the most; addresses of a machine's block that no pod gets.
KEPT_OF_SUBNET, KEPT_OF_BLOCK = 5, 3
# What a plugin without such blocks takes for a machine at once, at the least: the /24 of Azure CNI Overlay. GKE takes
# as many as twice the machine's pods, rounded up.
PLUGIN_BITS = 8
# Kubernetes: a range and its blocks are at most 16 bits apart, services have 2^4 to 2^20 addresses; kubeadm: at least
# 14 addresses for pods.
MOST_BITS, LEAST_SERVICE_BITS, MOST_SERVICE_BITS, LEAST_POD_BITS = 16, 4, 20, 4
UNDERLAYS = {"aws": 9001, "eks": 9001, "gcp": 1460, "gke": 1460}
OVERHEAD = {"vxlan": 50, "wireguard": 80, "host-gw": 0}
LEAST_MTU = 1280


@dataclass(frozen=True, slots=True)
class Plan:
    """Which private addresses are whose; none belongs to two."""

    machines: IPv4Network
    pods: IPv4Network
    services: IPv4Network
    peers: IPv4Network


PLANS = tuple(
    Plan(*map(IPv4Network, ranges))
    for ranges in (
        ("10.128.0.0/10", "10.0.0.0/9", "10.192.0.0/11", "10.224.0.0/11"),
        ("10.0.0.0/11", "100.64.0.0/10", "172.20.0.0/14", "192.168.0.0/16"),
        ("172.24.0.0/13", "10.0.0.0/8", "192.168.0.0/16", "172.18.0.0/15"),
    )
)


def network(draw: st.DrawFn, place: Place, pools: list[Pool]) -> Plain:
    """Return the network of a place, for its pools."""
    mode, cni, said = plugin(draw, place.provider)
    spec: Plain = {"mode": mode} | ({"cni": cni} if said else {})
    plan, addresses = ranges(draw, place, pools, blocks=cni in TAKES_BLOCKS)
    spec |= addresses | packets(draw, place, mode, cni)
    return spec | optional(
        draw,
        dualStack=None if cni in ONE_FAMILY else lambda: dual_stack(draw, place),
        proxy=lambda: proxy(draw, cni),
        dns=lambda: dns(draw),
        settings=(lambda: any_of(draw, CNI_SETTINGS[cni])) if cni in CNI_SETTINGS else None,
        hub=lambda: (
            {"name": draw(NAME)}
            | optional(draw, exposes=lambda: some(draw, ("nodes", "pods", "services")), natServices=FLAG)
        ),
        peers=lambda: peers(draw, plan.peers),
        accounting={"internal": ["10.0.0.0/8", "172.16.0.0/12"]},
        host=lambda: optional(draw, rdma=FLAG, ports=lambda: host_ports(draw)),
    )


def plugin(draw: st.DrawFn, provider: str) -> tuple[str, str, bool]:
    """Return a mode, a plugin that does it on this provider, and whether the spec names it."""
    mode, native = draw(_MODE), NATIVE.get(provider, "cilium")
    plugins = {
        "native": (native, "cilium", "calico"),
        "overlay": ("cilium", "calico", *(("azure-vnet",) if provider == "aks" else ())),
        "flannel": ("flannel",),
        "host": ("flannel", "cilium", "calico", native),
    }[mode]
    cni = chosen(draw, plugins)
    return mode, cni, cni != plugins[0] or draw(FLAG)


def ranges(draw: st.DrawFn, place: Place, pools: list[Pool], *, blocks: bool) -> tuple[Plan, Plain]:
    """Return ranges for machines, pods and services; the pods' range holds a block for every machine, where it must."""
    most_pods = max(pool.max_pods for pool in pools)
    mask = 32 - (max(2 * most_pods, most_pods + KEPT_OF_BLOCK) - 1).bit_length()
    of_plugin = 32 - max(PLUGIN_BITS, (2 * most_pods - 1).bit_length())
    plan: Plan = chosen(draw, [plan for plan in PLANS if plan.pods.prefixlen <= min(mask, of_plugin) - place.bits])
    said: Plain = {}
    shortest, longest = plan.pods.prefixlen, 32 - LEAST_POD_BITS
    if blocks:
        if draw(FLAG):
            least = max(plan.pods.prefixlen + place.bits, MOST_BITS)
            mask = number(draw, least, min(30, 32 - (most_pods + KEPT_OF_BLOCK - 1).bit_length()))
            said["podBlockMask"] = mask
        shortest, longest = max(shortest, mask - MOST_BITS), min(longest, mask - place.bits)
    else:
        longest = min(longest, of_plugin - place.bits)
    machines = 32 - (place.machines + KEPT_OF_SUBNET - 1).bit_length()
    services = number(draw, max(32 - MOST_SERVICE_BITS, plan.services.prefixlen), 32 - LEAST_SERVICE_BITS)
    return plan, said | {
        "nodeCIDR": inside(draw, plan.machines, number(draw, plan.machines.prefixlen, machines)),
        "podCIDR": inside(draw, plan.pods, number(draw, shortest, longest)),
        "serviceCIDR": inside(draw, plan.services, services),
    }


def inside(draw: st.DrawFn, region: IPv4Network, prefix: int) -> str:
    """Return a range of this length in a region."""
    position = number(draw, 0, 2 ** (prefix - region.prefixlen) - 1)
    return str(IPv4Network((int(region.network_address) + position * 2 ** (32 - prefix), prefix)))


def dual_stack(draw: st.DrawFn, place: Place) -> Plain:
    """Return the IPv6 half: a range of pods with a block for every machine, and one of services."""
    mask = draw(_MASK_V6)
    pods = number(draw, mask - MOST_BITS, mask - place.bits)
    services = 128 - number(draw, LEAST_SERVICE_BITS, MOST_SERVICE_BITS)
    said: Plain = {"podCIDR": f"fd00:10:64::/{pods}", "serviceCIDR": f"fd00:10:32::/{services}"}
    return said if mask == 64 and draw(FLAG) else said | {"podBlockMask": mask}


def packets(draw: st.DrawFn, place: Place, mode: str, cni: str) -> Plain:
    """Return how packets are wrapped, and how large they may be."""
    said = optional(draw, underlayMTU=_UNDERLAY, flannel=(lambda: flannel(draw, place)) if cni == "flannel" else None)
    wrapping = said.get("flannel", {}).get("backend", "vxlan") if cni == "flannel" else None
    overhead = OVERHEAD[wrapping or ("vxlan" if mode == "overlay" else "host-gw")]
    most = said.get("underlayMTU", UNDERLAYS.get(place.provider, 1500)) - overhead
    return said | optional(draw, mtu=lambda: number(draw, LEAST_MTU, most))


def flannel(draw: st.DrawFn, place: Place) -> Plain:
    """Return options of flannel."""
    backend = _METAL_BACKEND if place.provider == "metal" else _BACKEND
    return optional(draw, backend=backend, port=_VXLAN_PORT, directRouting=FLAG)


def proxy(draw: st.DrawFn, cni: str) -> Plain:
    """Return options of kube-proxy, which some plugins replace."""
    mode = _ANY_PROXY if cni in REPLACES_PROXY else _PROXY
    return optional(draw, mode=mode, minSyncPeriod=_PERIOD, conntrackMin=_CONNECTIONS)


def dns(draw: st.DrawFn) -> Plain:
    """Return options of the cluster's DNS."""
    return optional(
        draw,
        domain=_DOMAIN,
        nodeLocal=FLAG,
        queriesPerNode=_QUERIES,
        replicas=_REPLICAS,
        upstreams=lambda: some(draw, ("10.0.0.2", "192.0.2.53", "fd00::53"), least=1),
    )


def peers(draw: st.DrawFn, region: IPv4Network) -> list[Plain]:
    """Return other networks; each has a range of its own."""
    subnets = list(region.subnets(new_prefix=region.prefixlen + 2))
    found = names(draw, 2, least=1)
    return [{"name": name, "cidrs": [str(subnet)]} for name, subnet in zip(found, subnets, strict=False)]


def host_ports(draw: st.DrawFn) -> list[Plain]:
    """Return ports of machines, from 20000 on, which nothing of Kubernetes takes; no port is promised twice."""
    firsts = some(draw, range(20_000, 29_000, 1000), least=1, most=2)
    found = names(draw, len(firsts), least=len(firsts))
    return [
        {"name": name, "port": first} | optional(draw, count=_PORTS) for name, first in zip(found, firsts, strict=True)
    ]


_MODE = one_of(*MODES)
_MASK_V6 = one_of(64, 80, 112)
_UNDERLAY = one_of(1460, 1500, 8896, 9216)
_BACKEND, _METAL_BACKEND = one_of("vxlan", "wireguard"), one_of("vxlan", "wireguard", "host-gw")
_VXLAN_PORT = one_of(4789, 8472)
_PROXY, _ANY_PROXY = one_of("nftables", "iptables", "ipvs"), one_of("nftables", "iptables", "ipvs", "none")
_PERIOD = one_of("0s", "1s", "10s", "1m")
_CONNECTIONS = one_of(0, 131_072, 1_048_576)
_DOMAIN = one_of("cluster.local", "k8s.example.internal")
_QUERIES = one_of(0, 40, 200)
_REPLICAS = one_of(1, 2, 50)
_PORTS = one_of(1, 64, 1000)
