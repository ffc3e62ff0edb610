"""Whether the pods' range holds a block of addresses for every machine."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network
from math import ceil, log2

from clusterc import formulas
from clusterc.check._machines import Most, most_machines
from clusterc.check._view import Mistake, View
from clusterc.check.pod_blocks import MOST_BITS
from clusterc.defaults.network import plugin, takes_blocks
from clusterc.defaults.pools import block_mask, largest_max_pods
from clusterc.diagnostics import Finding
from clusterc.formulas import KEPT_OF_BLOCK

GIVES_OUT = Mistake(
    "CC1203",
    "pod-cidr-too-small",
    "Calico: blocks of /26; Azure CNI: batches of 16; AWS VPC CNI: prefixes of /28; GKE: alias ranges of /28 and wider",
)
# Addresses that a plugin takes for a machine at once, where it has blocks of its own.
PLUGIN_BLOCKS = {"calico": 64, "azure-vnet": 16, "aws-vpc": 16, "gce-alias": 16}
TOO_SMALL = Mistake(
    "CC1203", "pod-cidr-too-small", "kube-controller-manager, --node-cidr-mask-size: every node takes one block"
)


def findings(view: View) -> Iterator[Finding]:
    """Return each range of the pods that gives out before the last machine has its block."""
    if not view.complete("spec.nodePools"):
        return
    if not takes_blocks(view.body):
        yield from _of_plugin(view)
        return
    most, network = most_machines(view), view.body.network
    mask = block_mask(view.body)
    held = formulas.blocks(network.pod_cidr, mask)
    # A block that the spec gives and that is larger than the range is a finding of its own.
    if held < most.nodes and (held or network.pod_block_mask is None):
        yield _too_small(view, "spec.network", network.pod_cidr, mask, most, _cure(view, most, mask))
    if (dual := network.dual_stack) and dual.pod_block_mask >= dual.pod_cidr.prefixlen:
        mask = dual.pod_block_mask
        if 2 ** (mask - dual.pod_cidr.prefixlen) < most.nodes:
            cure = f"a /{mask - ceil(log2(most.nodes))} holds a block for each"
            yield _too_small(view, "spec.network.dualStack", dual.pod_cidr, mask, most, cure)


def _of_plugin(view: View) -> Iterator[Finding]:
    """Return the range if it gives out before every machine has what the plugin takes for it at once."""
    used, cidr, most = plugin(view.body), view.body.network.pod_cidr, most_machines(view)
    each = PLUGIN_BLOCKS.get(used)
    if each is None or view.body.network.mode == "host" or cidr.num_addresses >= most.nodes * each:
        return
    yield view.finding(
        GIVES_OUT,
        view.at("spec.network.podCIDR"),
        f"{cidr} has {cidr.num_addresses:,} addresses; {used} takes {each} for each of up to {most.nodes:,} machines",
        numbers=f"{most.nodes:,} x {each} = {most.nodes * each:,} > 2^(32-{cidr.prefixlen}) ({most.sum})",
        fix=f"a /{32 - ceil(log2(most.nodes * each))} holds enough" if most.nodes * each <= 2**24 else "fewer machines",
        related=most.related,
    )


def _too_small(view: View, owner: str, cidr: IPv4Network | IPv6Network, mask: int, most: Most, cure: str) -> Finding:
    held = 2 ** (mask - cidr.prefixlen) if mask >= cidr.prefixlen else 0
    said = view.source.path(f"{owner}.podBlockMask") is not None
    block = view.related(f"a /{mask} for every machine", f"{owner}.podBlockMask")
    return view.finding(
        TOO_SMALL,
        view.at(f"{owner}.podCIDR"),
        f"{cidr} holds blocks for {held:,} nodes at /{mask}; the pools may grow to {most.nodes:,}",
        numbers=f"2^({mask}-{cidr.prefixlen}) = {held:,} < {most.nodes:,} ({most.sum})",
        fix=cure,
        related=(*most.related, block) if said else most.related,
    )


def _cure(view: View, most: Most, mask: int) -> str:
    network, cures = view.body.network, list[str]()
    fits = formulas.cidr_for(most.nodes, mask)
    if fits > 0 and mask - fits <= MOST_BITS:
        wider = network.pod_cidr.supernet(new_prefix=fits)
        free = not any(wider.overlaps(other) for other in (network.node_cidr, network.service_cidr))
        cures.append(f"{wider if free else f'a /{fits}'} holds {formulas.blocks(wider, mask):,} nodes at /{mask}")
    pods = largest_max_pods(view.body)
    smaller = network.pod_cidr.prefixlen + ceil(log2(most.nodes))
    if smaller <= 32 and 2 ** (32 - smaller) >= pods + KEPT_OF_BLOCK:
        cures.append(
            f"podBlockMask: {smaller} still gives each of them {2 ** (32 - smaller)} addresses for {pods} pods"
        )
    return "; or ".join(cures) or "fewer machines in one cluster, or fewer pods on each"
