"""Addresses: what machines, pods and Services take from their ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clusterc import formulas
from clusterc.capacity import sources
from clusterc.capacity.formula import NODES, PODS, Bound, Formula, read
from clusterc.capacity.load import origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clusterc.capacity.load import Load
    from clusterc.model.cluster import Cluster
    from clusterc.model.pools import Pool

AREA = "addresses"
# The address of the network and that of its broadcast.
USUALLY_KEPT = 2


def most_pods(load: Load) -> int:
    """Return the pods that all machines together may hold."""
    return sum(count * pool.max_pods for pool, count in load.pools())


def reserved_addresses(load: Load) -> int:
    """Return the addresses of the blocks that nodes hold; those of single pods where there are no blocks."""
    mask = load.cluster.network.pod_block_mask
    return most_pods(load) if mask is None else load.nodes * 2 ** (32 - mask)


def node_addresses(cluster: Cluster) -> int:
    """Return the addresses of the node range that machines may have."""
    kept = cluster.ceilings.get("reservedAddressesPerSubnet")
    return max(0, cluster.network.node_cidr.num_addresses - (kept.value if kept else USUALLY_KEPT))


QUANTITIES = (
    Formula(
        id="pod-addresses",
        name="Pod addresses in use",
        unit="addresses",
        value=lambda load: load.pods,
        text="pods",
        inputs=(PODS,),
        source=f"{sources.OPENAI_2021}: about 200,000 at once on 7,500 nodes",
        confidence="derived",
    ),
)


def _reserved(cluster: Cluster) -> Formula:
    mask = cluster.network.pod_block_mask
    most = read("most pods", "pods", most_pods, "spec.nodePools[].pods.max, on every machine")
    block = read("block", "addresses", lambda _: 2 ** (32 - (mask or 32)), "spec.network.podBlockMask")
    return Formula(
        id="pod-addresses-reserved",
        name="Pod addresses set aside",
        unit="addresses",
        value=reserved_addresses,
        text="most pods: there are no blocks" if mask is None else "nodes x block, 2^(32 - podBlockMask) addresses",
        inputs=(most,) if mask is None else (NODES, block),
        source=f"{sources.GKE_BLOCKS}: a block has twice as many addresses as a machine has pods",
        confidence="derived",
    )


def quantities(cluster: Cluster) -> Iterator[Formula]:
    """Return what pods take from their range."""
    yield from QUANTITIES
    yield _reserved(cluster)
    mask = cluster.network.pod_block_mask
    if mask is not None:
        yield from (_block_spare(pool, mask) for pool in cluster.pools)


def _block_spare(pool: Pool, mask: int) -> Formula:
    return Formula(
        id=f"block-spare[{pool.name}]",
        name=f"Addresses of a block for each pod, {pool.name}",
        unit="times",
        value=lambda _: 2 ** (32 - mask) / pool.max_pods,
        text="2^(32 - mask) / most pods; two or more, so that no address is reused at once",
        inputs=(
            read("mask", "bits", lambda _: mask, "spec.network.podBlockMask"),
            read("most pods", "pods", lambda _: pool.max_pods, f"spec.nodePools[{pool.name}].pods.max"),
        ),
        source=sources.GKE_BLOCKS,
        confidence="derived",
    )


def limits(cluster: Cluster) -> Iterator[Bound]:
    """Return the ranges."""
    yield _pod_range(cluster)
    yield Bound(
        id="node-addresses",
        name="Node addresses",
        unit="addresses",
        demand=lambda load: load.nodes,
        supply=node_addresses(cluster),
        supplied_by=origin(cluster, "spec.network.nodeCIDR"),
        source="the range, less the addresses that the network keeps",
        fix="choose a longer range for network.nodeCIDR before the first machine: it cannot be changed later",
        fits_exactly=True,
    )
    yield Bound(
        id="service-addresses",
        name="Service addresses",
        unit="addresses",
        demand=lambda load: load.cluster.scale.services,
        supply=max(0, cluster.network.service_cidr.num_addresses - 2),
        supplied_by=origin(cluster, "spec.network.serviceCIDR"),
        source="the range, less its first and last address",
        fix="choose a larger network.serviceCIDR, or add a ServiceCIDR object (1.33 on)",
        fits_exactly=True,
    )


def _pod_range(cluster: Cluster) -> Bound:
    network, path = cluster.network, origin(cluster, "spec.network.podCIDR")
    if network.pod_block_mask is None:
        return Bound(
            id="pod-addresses",
            name="Pod addresses, if every machine is full",
            unit="addresses",
            demand=most_pods,
            supply=network.pod_cidr.num_addresses,
            supplied_by=path,
            source=f"{sources.OPENAI_2021}: about 200,000 addresses at once on 7,500 nodes",
            fix="choose a larger network.podCIDR before the first machine, or lower nodePools[].pods.max",
            fits_exactly=True,
        )
    return Bound(
        id="pod-blocks",
        name="Blocks of pod addresses",
        unit="blocks",
        demand=lambda load: load.nodes,
        supply=formulas.blocks(network.pod_cidr, network.pod_block_mask),
        supplied_by=path,
        source=f"{sources.CONTROLLERS}: every node takes a block of --node-cidr-mask-size",
        fix="choose a larger network.podCIDR before the first machine, or smaller blocks with fewer pods on a machine",
        fits_exactly=True,
    )
