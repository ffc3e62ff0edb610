"""A quantity as data: what it is called, how it follows from a load, and where its numbers come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from clusterc.model.capacity import Input, Limit, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clusterc.capacity.load import Load
    from clusterc.model.cluster import Cluster

Amount = Callable[["Load"], float]
Term = Callable[["Load"], Input]


@dataclass(frozen=True, slots=True)
class Formula:
    """One quantity; `text` is the formula with the names of the inputs in it. Units are base units: bytes, s, 1/s."""

    id: str
    name: str
    unit: str
    value: Amount
    text: str
    inputs: tuple[Term, ...]
    source: str
    confidence: str

    def quantity(self, area: str, loads: tuple[Load, Load, Load]) -> Quantity:
        """Return the quantity at three sizes, with its inputs at the largest."""
        least, desired, most = (self.value(load) for load in loads)
        return Quantity(
            id=self.id,
            area=area,
            name=self.name,
            unit=self.unit,
            values=(least, desired, most),
            formula=self.text,
            inputs=tuple(term(loads[2]) for term in self.inputs),
            source=self.source,
            confidence=self.confidence,
        )


@dataclass(frozen=True, slots=True)
class Bound:
    """A demand that grows with the cluster, against a supply that is held.

    `demand` never falls as nodes are added. It breaks the supply when it reaches it, or, where `fits_exactly`, when it
    exceeds it: the last address of a range may be used, the last byte of a memory may not. `follows_nodes` says that a
    build for more nodes raises the supply by itself.
    """

    id: str
    name: str
    unit: str
    demand: Amount
    supply: float
    supplied_by: str
    source: str
    fix: str
    fits_exactly: bool = False
    follows_nodes: bool = False

    def breaks(self, load: Load) -> bool:
        """Return whether the demand at this size is more than the supply carries."""
        demand = self.demand(load)
        return demand > self.supply if self.fits_exactly else demand >= self.supply

    def limit(self, loads: tuple[Load, Load, Load], breaks_at: int | None) -> Limit:
        """Return the limit at three sizes."""
        least, desired, most = (self.demand(load) for load in loads)
        return Limit(
            id=self.id,
            name=self.name,
            unit=self.unit,
            demand=(least, desired, most),
            supply=self.supply,
            supplied_by=self.supplied_by,
            breaks_at=breaks_at,
            source=self.source,
            fix=self.fix,
            follows_nodes=self.follows_nodes,
        )


class Area(Protocol):
    """A module of quantities: each area of the cluster has one."""

    AREA: str

    def quantities(self, cluster: Cluster, /) -> Iterable[Formula]:
        """Return the quantities that this cluster has."""

    def limits(self, cluster: Cluster, /) -> Iterable[Bound]:
        """Return the limits that this cluster has."""


def read(name: str, unit: str, amount: Amount, path: str) -> Term:
    """Return an input that a load has; `path` is where the spec says it, or the quantity it is."""
    return lambda load: Input(name, amount(load), unit, load.origin(path))


def fact(name: str, value: float, unit: str, source: str) -> Term:
    """Return an input that is the same everywhere: a constant and who found it."""
    constant = Input(name, value, unit, source)
    return lambda _: constant


def each(name: str, unit: str, total: Amount, path: str) -> Term:
    """Return as an input what falls on one node of a total: the mean, where pools differ."""
    return read(name, unit, lambda load: total(load) / max(1, load.nodes), path)


NODES = read("nodes", "nodes", lambda load: load.nodes, "spec.nodePools[].nodes")
PODS = read("pods", "pods", lambda load: load.pods, "spec.nodePools[].pods.perNode")
CHURN = read("churn", "pods/s", lambda load: load.cluster.scale.churn_per_second, "spec.scale.churn")
SERVERS = read(
    "API servers",
    "servers",
    lambda load: len(load.cluster.control_plane.api_server.hosts),
    "spec.controlPlane.apiServers.count",
)
