"""Addresses of the provider's network, where the provider gives every pod one of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clusterc.capacity.formula import Bound, Formula, read
from clusterc.capacity.load import origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clusterc.capacity.formula import Amount
    from clusterc.capacity.load import Load
    from clusterc.model.cluster import Cluster
    from clusterc.model.pools import Pool

AREA = "addresses"
# Who takes every pod's address from the provider's network, and the provider's ceiling of such addresses.
NETWORK_ADDRESSES = {"azure-vnet": "privateAddressesPerNetwork", "aws-vpc": "addressesPerNetwork"}
SET_ASIDE = {
    "azure-vnet": "Azure CNI: as many secondary addresses on a machine's interface as it may have pods",
    "aws-vpc": "amazon-vpc-cni-k8s: WARM_PREFIX_TARGET, WARM_IP_TARGET; a whole spare interface where neither is set",
}
ADDRESSES_PER_PREFIX = 16


def network_addresses(load: Load) -> int:
    """Return the addresses that count against the network: each machine's own, and those it has in advance."""
    return load.nodes + sum(count * set_aside(load.cluster, pool) for pool, count in load.pools())


def set_aside(cluster: Cluster, pool: Pool) -> int:
    """Return the addresses that the network gives a machine for pods before any pod asks; a prefix counts as one."""
    if cluster.network.cni != "aws-vpc":
        return pool.max_pods
    if str(cluster.network.settings.get("ENABLE_PREFIX_DELEGATION", "")).lower() == "true":
        return -(-pool.max_pods // ADDRESSES_PER_PREFIX) + _warm(cluster, "WARM_PREFIX_TARGET", 1)
    ceiling = cluster.ceilings.get("addressesPerInterface")
    return pool.max_pods + _warm(cluster, "WARM_IP_TARGET", ceiling.value if ceiling else 0)


def _warm(cluster: Cluster, setting: str, default: int) -> int:
    """Return what the plugin keeps beyond the pods, by its own setting."""
    text = str(cluster.network.settings.get(setting, ""))
    return int(text) if text.isdigit() else default


def quantities(cluster: Cluster) -> Iterator[Formula]:
    """Return what machines and pods take from the provider's network."""
    if cluster.network.cni in NETWORK_ADDRESSES:
        yield _network_addresses(cluster)


def _network_addresses(cluster: Cluster) -> Formula:
    each = [
        (
            read(f"machines of {pool.name}", "nodes", _machines(index), f"spec.nodePools[{pool.name}].nodes.max"),
            read(
                f"set aside on {pool.name}",
                "addresses",
                _always(set_aside(cluster, pool)),
                f"spec.nodePools[{pool.name}].pods.max",
            ),
        )
        for index, pool in enumerate(cluster.pools)
    ]
    terms = " + ".join(f"machines of {pool.name} x (1 + set aside on {pool.name})" for pool in cluster.pools)
    return Formula(
        id="network-addresses",
        name="Addresses of the provider's network",
        unit="addresses",
        value=network_addresses,
        text=f"{terms}: a machine has its pods' addresses, or prefixes of 16, before pods ask for them",
        inputs=tuple(term for terms in each for term in terms),
        source=SET_ASIDE[cluster.network.cni],
        confidence="documented",
    )


def _machines(index: int) -> Amount:
    return lambda load: load.counts[index]


def _always(value: float) -> Amount:
    return lambda _: value


def limits(cluster: Cluster) -> Iterator[Bound]:
    """Return the provider's ceiling of addresses."""
    name = NETWORK_ADDRESSES.get(cluster.network.cni, "")
    if name in cluster.ceilings:
        ceiling = cluster.ceilings[name]
        yield Bound(
            id="network-addresses",
            name="Addresses of the provider's network",
            unit="addresses",
            demand=network_addresses,
            supply=ceiling.value,
            supplied_by=origin(cluster, f"spec.providerLimits.{name}"),
            source=f"{ceiling.source}: {ceiling.note}",
            fix="lower nodePools[].pods.max, use several networks, wrap pod packets (network.mode overlay), or have "
            "the provider raise its ceiling and write it into providerLimits",
            fits_exactly=True,
        )
