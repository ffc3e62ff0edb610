"""Whether the pods' range holds a block of addresses for every machine."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network
from math import ceil, log2

from clusterc import formulas
from clusterc.check._machines import Most, most_machines
from clusterc.check._view import Mistake, View
from clusterc.check.pod_blocks import MOST_BITS
from clusterc.defaults.network import takes_blocks
from clusterc.defaults.pools import block_mask, largest_max_pods
from clusterc.diagnostics import Finding
from clusterc.formulas import KEPT_OF_BLOCK

TOO_SMALL = Mistake(
    "CC1203", "pod-cidr-too-small", "kube-controller-manager, --node-cidr-mask-size: every node takes one block"
)


def findings(view: View) -> Iterator[Finding]:
    """Return each range of the pods that gives out before the last machine has its block."""
    if not takes_blocks(view.body) or not view.complete("spec.nodePools"):
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


def _too_small(view: View, owner: str, cidr: IPv4Network | IPv6Network, mask: int, most: Most, cure: str) -> Finding:
    held = 2 ** (mask - cidr.prefixlen) if mask >= cidr.prefixlen else 0
    said = view.source.path(f"{owner}.podBlockMask") is not None
    block = view.related(f"a /{mask} for every machine", f"{owner}.podBlockMask")
    return view.finding(
        TOO_SMALL,
        view.at(f"{owner}.podCIDR"),
        f"{cidr} holds blocks for {held:,} nodes at /{mask}; the pools may grow to {most.nodes:,}",
        measured=(most.nodes, held),
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
