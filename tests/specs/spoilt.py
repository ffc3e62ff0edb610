"""Valid specs with one mistake of their structure: a field that does not exist, lacks, or is of another type."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from specs.basic import Plain, chosen, one_of
from specs.valid import specs

Step = str | int

# Values of other types, by the type of the right one; texts stay, since what a text may say is no structure.
OTHERS: dict[type, tuple[Any, ...]] = {
    str: (7, 1.5, True, [], {}),
    bool: ("text", 7, [], {}),
    int: ("text", 1.5, -1, True, [], {}),
    float: ("text", True, [], {}),
    list: ("text", 7, True, {}),
    dict: (7, True, []),
}


@st.composite
def spoilt_specs(draw: st.DrawFn) -> Plain:
    """Return a spec with one field added, taken away, or of another type; what is left may still be right."""
    data = copy.deepcopy(draw(specs()))
    parent, key = chosen(draw, list(_places(data)))
    how = draw(_HOW)
    if how == "added" and isinstance(parent[key], dict):
        parent[key]["zz"] = 1
    elif how == "taken away":
        del parent[key]
    else:
        parent[key] = chosen(draw, OTHERS[type(parent[key])])
    return data


def _places(node: Any) -> Iterator[tuple[Any, Step]]:
    """Yield every field and item, by what holds it."""
    for key in node if isinstance(node, dict) else range(len(node)):
        yield node, key
        if isinstance(node[key], dict | list):
            yield from _places(node[key])


_HOW = one_of("added", "taken away", "of another type")
