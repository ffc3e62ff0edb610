"""At how many nodes a limit is reached, when everything supplied is held and the pools grow in proportion."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from clusterc.capacity.formula import Bound
    from clusterc.capacity.load import Load

MOST_NODES = 10_000_000


def breaks_at(bound: Bound, load: Callable[[int], Load]) -> int | None:
    """Return the least number of nodes, from 1 on, that breaks a bound; None where ten million do not.

    `load` gives the cluster at a number of nodes. Doubling finds a size that breaks the bound, halving the first one.
    """
    holds, breaks = 0, 1
    while not bound.breaks(load(breaks)):
        if breaks == MOST_NODES:
            return None
        holds, breaks = breaks, min(2 * breaks, MOST_NODES)
    while breaks - holds > 1:
        middle = (holds + breaks) // 2
        if bound.breaks(load(middle)):
            breaks = middle
        else:
            holds = middle
    return breaks
