"""What one API server holds while all pods of an add-on start together and list what they watch."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from clusterc.capacity import sources
from clusterc.capacity.addons import first_lists
from clusterc.capacity.formula import SERVERS, Formula, Term
from clusterc.capacity.levels import Level, level_of, seats
from clusterc.model.capacity import Input

if TYPE_CHECKING:
    from clusterc.capacity.load import Load
    from clusterc.model.promises import Addon

BYTES_PER_SEAT, MOST_LIST_SEATS = 100_000, 100


class Burst(NamedTuple):
    """The lists of one add-on whose pods all start together."""

    level: Level
    agents: int
    seats: int
    answer_bytes: float
    held_bytes: float


def heap_lists(load: Load) -> float:
    """Return the heap of the answers that one server builds at once when all pods of an add-on start together."""
    burst = heaviest_burst(load)
    return burst.held_bytes if burst else 0


def heaviest_burst(load: Load) -> Burst | None:
    """Return the burst of lists of which one server holds most; None where no add-on lists."""
    bursts = (_burst(load, addon, size) for addon, size in first_lists(load))
    return max(bursts, key=lambda burst: burst.held_bytes, default=None)


def _burst(load: Load, addon: Addon, answer_bytes: float) -> Burst:
    level, agents = level_of(load.cluster, addon), load.agents(addon)
    found = seats(load.cluster, level)
    cost = min(MOST_LIST_SEATS, max(1.0, answer_bytes / BYTES_PER_SEAT))
    at_once = min(ceil(agents / len(load.cluster.control_plane.api_server.hosts)), max(1.0, found / cost))
    return Burst(level, agents, found, answer_bytes, at_once * answer_bytes)


def _agents(load: Load) -> Input:
    burst = heaviest_burst(load)
    return Input("agents", burst.agents if burst else 0, "pods", "spec.addons")


def _seats(load: Load) -> Input:
    burst = heaviest_burst(load)
    level = f"level {burst.level.name}" if burst else "no add-on lists"
    return Input("seats", burst.seats if burst else 0, "requests", f"{sources.FAIRNESS}: {level}")


def _answer(load: Load) -> Input:
    burst = heaviest_burst(load)
    return Input("answer", burst.answer_bytes if burst else 0, "bytes", "spec.addons[].apiAccess")


INPUTS: tuple[Term, ...] = (SERVERS, _agents, _seats, _answer)

HEAP_LISTS = Formula(
    id="api-server-heap-lists",
    name="Heap of one API server: lists while an add-on starts everywhere",
    unit="bytes",
    value=heap_lists,
    text="answer x the lesser of agents / API servers and seats / seats of one list (one for 100 kB, 100 at the most); "
    "of the add-on whose lists hold most; streamed answers hold less",
    inputs=INPUTS,
    source=f"{sources.LIST_SEATS}; {sources.FAIRNESS}",
    confidence="estimate",
)
