"""Whether the range of the pods holds what the network plugin takes for each machine before it has any pod."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, log2

from clusterc.check._machines import most_machines
from clusterc.check._view import Mistake, View
from clusterc.defaults.network import plugin, takes_blocks
from clusterc.defaults.pools import max_pods
from clusterc.diagnostics import Finding, Severity
from clusterc.spec.cluster import Body
from clusterc.spec.pools import NodePool

_ID, _NAME = "CC1203", "pod-cidr-too-small"
_CALICO = "Calico, reference of IPPool: blocks are /26 by default, and a pool holds one at least"
# A node without a block of its own borrows single addresses from those of others, unless strictAffinity is set.
BORROWS = Mistake(_ID, _NAME, "Calico, references of IPPool and IPAMConfiguration", Severity.WARNING)
PREFIX, LARGEST_PREFIX = 16, 256


@dataclass(frozen=True, slots=True)
class _Takes:
    """How many addresses a plugin takes for a machine of each pool, and who says so."""

    each: tuple[int, ...]
    source: str


def findings(view: View) -> Iterator[Finding]:
    """Return the range if it gives out before the last machine has what the plugin takes for it at once."""
    body = view.body
    takes = _takes(body)
    if takes is None or not view.whole("spec.nodePools") or body.network.mode == "host":
        return
    cidr, most, used = body.network.pod_cidr, most_machines(view), plugin(body)
    surge = most.nodes - sum(pool.nodes.max for pool in body.node_pools)
    needed = surge * min(takes.each) + sum(
        pool.nodes.max * each for pool, each in zip(body.node_pools, takes.each, strict=True)
    )
    if cidr.num_addresses >= needed:
        return
    borrows = used == "calico" and cidr.num_addresses >= min(takes.each)
    length = 32 - ceil(log2(needed))
    yield view.finding(
        BORROWS if borrows else Mistake(_ID, _NAME, takes.source),
        view.at("spec.network.podCIDR"),
        f"{cidr} has {cidr.num_addresses:,} addresses; {used} takes {needed:,} for up to {most.nodes:,} machines",
        measured=(needed, cidr.num_addresses),
        numbers=_sum(body, takes, surge),
        fix=f"a /{length} holds enough" if length > 0 else "fewer machines in one cluster",
        related=most.related,
    )


def _takes(body: Body) -> _Takes | None:
    """Return what the plugin takes, or None where it takes nothing in advance or the owner says how much."""
    used, pools = plugin(body), body.node_pools
    if takes_blocks(body):
        return None
    if used == "calico":
        return _Takes((64,) * len(pools), _CALICO)
    if used == "aws-vpc":
        prefixes = str(body.network.settings.get("ENABLE_PREFIX_DELEGATION", "true")).lower() == "true"
        source = "Amazon EKS, Increase the available IP addresses: a prefix is a contiguous /28"
        return _Takes((PREFIX,) * len(pools), source) if prefixes else None
    most = [max_pods(pool, body) for pool in pools]
    if used == "azure-vnet":
        return _azure(body, most)
    if body.provider == "gke":
        source = "GKE, Configure maximum Pods per node: a range of at least twice the pods, /28 at the smallest"
        return _Takes(tuple(max(PREFIX, 2 ** ceil(log2(2 * pods))) for pods in most), source)
    return None


def _azure(body: Body, most: list[int]) -> _Takes:
    if body.provider != "aks":
        source = "Azure CNI: the addresses of all pods that a node may have are reserved when it is made"
        return _Takes(tuple(most), source)
    if body.network.mode == "overlay":
        return _Takes((LARGEST_PREFIX,) * len(most), "Azure CNI Overlay: each node is assigned a /24")
    source = "Azure CNI Pod Subnet: nodes are allocated addresses in batches of 16"
    return _Takes(tuple(min(PREFIX, pods) for pods in most), source)


def _sum(body: Body, takes: _Takes, surge: int) -> str:
    parts = [f"{_of(pool)} x {each}" for pool, each in zip(body.node_pools, takes.each, strict=True)]
    return " + ".join([*parts, *([f"surge {surge:,} x {min(takes.each)}"] if surge else [])])


def _of(pool: NodePool) -> str:
    return f"{pool.name} {pool.nodes.max:,}"
