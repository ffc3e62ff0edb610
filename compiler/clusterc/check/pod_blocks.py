"""Whether a node's block of pod addresses is used at all, fits its range and fits the node's pods."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc import formulas
from clusterc.check._view import Mistake, View
from clusterc.defaults.network import plugin, takes_blocks
from clusterc.defaults.pools import block_mask, max_pods
from clusterc.diagnostics import Finding, Severity
from clusterc.formulas import KEPT_OF_BLOCK

_REUSE = "GKE, flexible pod ranges: twice as many addresses as pods, so that none is used again at once"
TOO_SMALL = Mistake("CC1205", "pod-block-too-small", "kubelet, maxPods; the plugin keeps three addresses of a block")
TIGHT = Mistake("CC1205", "pod-block-too-small", _REUSE, Severity.WARNING)
NOT_USED = Mistake("CC1206", "pod-block-not-used", severity=Severity.WARNING)
WRONG_LENGTH = Mistake("CC1207", "pod-block-length", "kubeadm and kube-controller-manager: at most 16 bits apart")

MOST_BITS = 16


def findings(view: View) -> Iterator[Finding]:
    """Return what is wrong with the block that every node takes."""
    if takes_blocks(view.body):
        yield from _length(view)
        yield from _pods(view)
    elif view.body.network.pod_block_mask is not None:
        yield view.finding(
            NOT_USED,
            view.at("spec.network.podBlockMask"),
            f"podBlockMask is {view.body.network.pod_block_mask}, but {plugin(view.body)} gives nodes no blocks of it",
            fix="remove it; the plugin takes single addresses or blocks of its own",
        )


def _length(view: View) -> Iterator[Finding]:
    network = view.body.network
    lengths = [("spec.network", network.pod_cidr.prefixlen, block_mask(view.body), network.pod_block_mask is not None)]
    if dual := network.dual_stack:
        lengths.append(("spec.network.dualStack", dual.pod_cidr.prefixlen, dual.pod_block_mask, True))
    for owner, prefix, mask, said in lengths:
        at, related = view.at(f"{owner}.podBlockMask"), (view.related("the range", f"{owner}.podCIDR"),)
        if mask < prefix and said:
            message = f"a block of /{mask} is larger than the whole range of /{prefix}"
            yield view.finding(WRONG_LENGTH, at, message, fix=f"write /{prefix + 1} or longer", related=related)
        elif mask - prefix > MOST_BITS:
            message = (
                f"a block of /{mask} and a range of /{prefix} are {mask - prefix} bits apart, more than {MOST_BITS}"
            )
            numbers = f"{mask} - {prefix} = {mask - prefix} > {MOST_BITS}"
            fix = f"write podBlockMask: {prefix + MOST_BITS}, or a range of /{mask - MOST_BITS}"
            at = at if view.source.path(f"{owner}.podBlockMask") else view.at(f"{owner}.podCIDR")
            yield view.finding(
                WRONG_LENGTH,
                at,
                message,
                fix=fix,
                numbers=numbers,
                measured=(mask - prefix, MOST_BITS),
                related=related,
            )


def _pods(view: View) -> Iterator[Finding]:
    mask = view.body.network.pod_block_mask
    if mask is None:
        return
    addresses = 2 ** (32 - mask)
    index, pool = max(enumerate(view.body.node_pools), key=lambda item: max_pods(item[1], view.body))
    pods = max_pods(pool, view.body)
    if addresses >= 2 * pods or not view.whole("spec.nodePools", index):
        return
    fits = formulas.block_mask(pods)
    breaks = addresses < pods + KEPT_OF_BLOCK
    most = addresses - KEPT_OF_BLOCK if breaks else addresses // 2
    yield view.finding(
        TOO_SMALL if breaks else TIGHT,
        view.at("spec.network.podBlockMask"),
        f"a block of /{mask} has {addresses} addresses for up to {pods} pods of a machine"
        + ("" if breaks else ", so addresses are used again at once"),
        measured=(pods, most),
        numbers=f"2^(32-{mask}) = {addresses} < {f'{pods} + {KEPT_OF_BLOCK}' if breaks else f'2 x {pods}'}",
        fix=f"write podBlockMask: {fits}, or at most {most} pods per machine",
        related=(view.related(f"pool {pool.name}: up to {pods} pods", "spec.nodePools", index, "pods.max"),)
        if pool.pods.max
        else (),
    )
