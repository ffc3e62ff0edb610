"""Neighbours, routes and connections: what machines and pods take from the tables of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clusterc import formulas
from clusterc.capacity import sources
from clusterc.capacity.formula import NODES, Bound, Formula, read
from clusterc.capacity.load import is_default, origin
from clusterc.capacity.settings import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clusterc.capacity.load import Load
    from clusterc.model.cluster import Cluster
    from clusterc.model.pools import Pool

AREA = "network"
KERNEL_NEIGHBOURS = 1_024
GC_THRESH3 = "net.ipv4.neigh.default.gc_thresh3"
CONNTRACK_PER_CORE, CONNTRACK_MIN = 32_768, 131_072
# Without encapsulation these leave it to the provider's routes to find a node's block.
ROUTED_CNI = frozenset({"cilium", "calico", "flannel"})


def neighbours(load: Load) -> int:
    """Return the addresses on a machine's own network."""
    network = load.cluster.network
    return formulas.neighbours(load.nodes, load.pods, mode=network.mode, cni=network.cni)


def uses_routes(cluster: Cluster) -> bool:
    """Return whether every node takes a route of the provider's network."""
    network = cluster.network
    host_gateway = network.flannel is not None and network.flannel.backend == "host-gw"
    return host_gateway or (network.mode == "native" and network.cni in ROUTED_CNI)


def neighbour_table(pool: Pool) -> int:
    """Return the neighbours that a pool's machines remember at the most."""
    text = str(pool.host.sysctls.get(GC_THRESH3, ""))
    return int(text) if text.isdigit() else KERNEL_NEIGHBOURS


def conntrack_entries(cluster: Cluster, pool: Pool) -> float:
    """Return the connections that a pool's machines track at the most."""
    least = _conntrack_setting(cluster, "min", CONNTRACK_MIN)
    return max(
        least, _conntrack_setting(cluster, "maxPerCore", CONNTRACK_PER_CORE) * pool.machine.cpu_millicores / 1000
    )


def _conntrack_setting(cluster: Cluster, name: str, default: int) -> float:
    settings = cluster.network.kube_proxy.get("conntrack") if cluster.network.kube_proxy else None
    return number(settings.get(name), default) if isinstance(settings, dict) else default


QUANTITIES = (
    Formula(
        id="neighbours",
        name="Neighbours on a machine's network",
        unit="entries",
        value=neighbours,
        text="nodes + pods there: those with addresses of the machines' own interfaces, as on Azure and AWS",
        inputs=(NODES, read("pods there", "pods", lambda load: neighbours(load) - load.nodes, "spec.network.cni")),
        source=f"{sources.OPENAI_2018}: raised the table to 100,000 entries",
        confidence="derived",
    ),
)
ROUTES = Formula(
    id="routes",
    name="Routes of the provider's network",
    unit="routes",
    value=lambda load: load.nodes,
    text="nodes: one route to the block of each",
    inputs=(NODES,),
    source=f"{sources.OPENAI_2021}: route-based networking met limits of usable routes",
    confidence="documented",
)
TYPHA = Formula(
    id="typha-replicas",
    name="Typha replicas",
    unit="replicas",
    value=lambda load: formulas.typha_replicas(load.nodes),
    text="nodes / 200 rounded down + 2, three at least above four nodes",
    inputs=(NODES,),
    source=sources.TYPHA,
    confidence="documented",
)


def quantities(cluster: Cluster) -> Iterator[Formula]:
    """Return what machines and pods take from the tables of the network."""
    yield from QUANTITIES
    if uses_routes(cluster):
        yield ROUTES
    if cluster.network.cni == "calico":
        yield TYPHA
    for pool in cluster.pools:
        yield _conntrack(pool)


def _conntrack(pool: Pool) -> Formula:
    return Formula(
        id=f"conntrack[{pool.name}]",
        name=f"Connections that a machine tracks, {pool.name}",
        unit="entries",
        value=lambda load: conntrack_entries(load.cluster, pool),
        text="the larger of the least size and cores x entries of a core",
        inputs=(
            read(
                "cores",
                "cores",
                lambda _: pool.machine.cpu_millicores / 1000,
                f"spec.nodePools[{pool.name}].machine.cpu",
            ),
            read(
                "entries of a core",
                "entries",
                lambda load: _conntrack_setting(load.cluster, "maxPerCore", CONNTRACK_PER_CORE),
                "network.kubeProxy.conntrack",
            ),
            read(
                "least size",
                "entries",
                lambda load: _conntrack_setting(load.cluster, "min", CONNTRACK_MIN),
                "spec.network.proxy.conntrackMin",
            ),
        ),
        source=sources.PROXY,
        confidence="documented",
    )


def limits(cluster: Cluster) -> Iterator[Bound]:
    """Return the neighbour table and the provider's routes."""
    yield _neighbour_bound(cluster)
    yield from _routes_bound(cluster)


def _neighbour_bound(cluster: Cluster) -> Bound:
    smallest = min(cluster.pools, key=neighbour_table)
    path = f"spec.nodePools[{smallest.name}].sysctls[{GC_THRESH3}]"
    return Bound(
        id="neighbours",
        name="Neighbours on a machine's network",
        unit="entries",
        demand=neighbours,
        supply=neighbour_table(smallest),
        supplied_by=origin(cluster, path),
        source=f"{sources.NEIGHBOURS}; {sources.OPENAI_2018}: 100,000",
        fix=f"raise {GC_THRESH3} in nodePools[].sysctls, or wrap pod packets (network.mode overlay)",
        follows_nodes=GC_THRESH3 not in smallest.host.sysctls or is_default(cluster, path),
    )


def _routes_bound(cluster: Cluster) -> Iterator[Bound]:
    if uses_routes(cluster) and "routesPerTable" in cluster.ceilings:
        ceiling = cluster.ceilings["routesPerTable"]
        yield Bound(
            id="routes",
            name="Routes of the provider's network",
            unit="routes",
            demand=lambda load: load.nodes,
            supply=ceiling.value,
            supplied_by=origin(cluster, "spec.providerLimits.routesPerTable"),
            source=f"{ceiling.source}: {ceiling.note}",
            fix="let the provider assign pod addresses (network.cni), or wrap pod packets (network.mode overlay)",
            fits_exactly=True,
        )
