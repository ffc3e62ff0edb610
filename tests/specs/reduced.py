"""A spec that fails, made as small as it fails."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from specs.basic import Plain

Step = str | int


def reduced(data: Plain, fails: Callable[[Plain], bool]) -> Plain:
    """Return a spec that still fails, without every field and item that it fails without."""
    smaller = True
    while smaller:
        smaller = False
        for path in list(_paths(data)):
            candidate = _without(data, path)
            if candidate is not None and fails(candidate):
                data, smaller = candidate, True
    return data


def _paths(node: Any, path: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """Yield every path, what holds others before what it holds, and the last items of a list first."""
    keys: list[Step] = list(node) if isinstance(node, dict) else [*range(len(node))][::-1]
    yield from ((*path, key) for key in keys)
    yield from (
        deeper for key in keys if isinstance(node[key], dict | list) for deeper in _paths(node[key], (*path, key))
    )


def _without(data: Plain, path: tuple[Step, ...]) -> Plain | None:
    """Return a copy without what stands at a path; None where nothing stands there any more."""
    changed = copy.deepcopy(data)
    node: Any = changed
    try:
        for step in path[:-1]:
            node = node[step]
        del node[path[-1]]
    except (KeyError, IndexError, TypeError):
        return None
    return changed
