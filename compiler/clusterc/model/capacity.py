"""What a cluster needs, by size, and what it was given."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, islice

# The three sizes that every quantity is reckoned for.
SIZES = ("at the least", "on an ordinary day", "at the most")


@dataclass(frozen=True, slots=True)
class Input:
    """One number that went into a quantity; `origin` is a spec path and who decided it, or a constant's source."""

    name: str
    value: float
    unit: str
    origin: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """One derived number.

    `values` are at the least, the desired and the largest size; `formula` is in the reader's words with the inputs'
    names. `confidence` is measured, documented, derived or estimate.
    """

    id: str
    area: str
    name: str
    unit: str
    values: tuple[float, float, float]
    formula: str
    inputs: tuple[Input, ...]
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A demand against what is supplied for it.

    `breaks_at` is the number of nodes at which demand reaches supply when every supplied value is held and the pools
    grow in proportion; None where it never does. `supplied_by` names the spec path or preset that supplies it.
    `follows_nodes` says that the supply is a default made from the number of nodes: a build for more nodes raises it.
    """

    id: str
    name: str
    unit: str
    demand: tuple[float, float, float]
    supply: float
    supplied_by: str
    breaks_at: int | None
    source: str
    fix: str
    follows_nodes: bool = False


@dataclass(frozen=True, slots=True)
class Capacity:
    """Every quantity and limit of a cluster, limits sorted by the node count at which each is reached."""

    nodes: tuple[int, int, int]
    quantities: tuple[Quantity, ...]
    limits: tuple[Limit, ...]

    def quantity(self, id_: str) -> Quantity:
        """Return the quantity of this id."""
        return next(quantity for quantity in self.quantities if quantity.id == id_)

    def differing_sizes(self) -> tuple[int, ...]:
        """Return which of the three sizes show something that the one before does not."""
        values = [self.nodes, *(each.values for each in self.quantities), *(limit.demand for limit in self.limits)]
        return tuple(size for size in range(3) if not size or any(each[size] != each[size - 1] for each in values))

    def breaks_first(self, sizes: int = 3) -> tuple[tuple[Limit, ...], ...]:
        """Return what is reached at the least sizes, all limits of one size together.

        Supplies that follow the number of nodes are left out: they are reached one node later by construction.
        """
        held = [limit for limit in self.limits if limit.breaks_at is not None and not limit.follows_nodes]
        return tuple(tuple(group) for _, group in islice(groupby(held, lambda limit: limit.breaks_at), sizes))
