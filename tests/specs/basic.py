"""What every block of a drawn spec is made of.

A block is a function that takes Hypothesis' `draw` and returns plain data. Fields are given as strategies, as functions
of nothing that draw when the field is wanted, or as the values themselves: specs are large, and what is built anew for
each of them is the most of what they cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from hypothesis import strategies as st

Plain = dict[str, Any]
Strategy = st.SearchStrategy[Any]

# Ordinary names, the longest that a pool may have, and what some reader of YAML takes for something else.
NAMES = (
    *("a", "b", "gpu", "cpu", "h100", "a100-80gb", "infra", "x1", "zone-2", "kubelet", "main", "events"),
    *("y", "no", "on", "null", "true", "12", "007", "0x1f", "1e3", "0-0", "a" * 40),
)
NAME = st.sampled_from(NAMES)
FLAG = st.booleans()
BYTES = st.sampled_from(["64Mi", "1Gi", "1.5Gi", "17Gi", "500G", "2Ti"])
MEMORY = st.sampled_from(["12Gi", "16Gi", "64Gi", "256Gi", "2Ti"])
BANDWIDTH = st.sampled_from(["900Mbps", "10Gbps", "12.5Gbps", "400Gbps", "3.2Tbps"])
DURATION = st.sampled_from(["1s", "30s", "90s", "5m", "1h30m", "12h", "7d"])
SHARE = st.sampled_from(["0%", "5%", "10%", "33%", "1", "20"])
FRACTION = st.sampled_from([0, 0.1, 0.5, 1])


def optional(draw: st.DrawFn, **fields: Any) -> Plain:
    """Return each of the fields or not; a field that is None here is always lacking."""
    possible = [(name, value) for name, value in fields.items() if value is not None]
    chosen = draw(_bits(len(possible)))
    return {name: _drawn(draw, value) for bit, (name, value) in enumerate(possible) if chosen >> bit & 1}


def _drawn(draw: st.DrawFn, value: Any) -> Any:
    if isinstance(value, st.SearchStrategy):
        return draw(value)
    return value() if callable(value) else value


@cache
def _bits(count: int) -> st.SearchStrategy[int]:
    return st.integers(0, 2**count - 1)


def one_of(*values: Any) -> Strategy:
    """Return one of these values."""
    return st.sampled_from(values)


def number(draw: st.DrawFn, least: int, most: int) -> int:
    """Return a number between two others."""
    return draw(st.integers(least, most))


def chosen(draw: st.DrawFn, values: Sequence[Any]) -> Any:
    """Return one of the values."""
    return values[number(draw, 0, len(values) - 1)]


def some(draw: st.DrawFn, values: Sequence[Any], *, least: int = 0, most: int | None = None) -> list[Any]:
    """Return different ones of the values, in any order."""
    return [values[position] for position in draw(_positions(len(values), least, most))] if values else []


def names(draw: st.DrawFn, most: int, *, least: int = 0, prefix: str = "") -> list[str]:
    """Return different names."""
    return [prefix + name for name in some(draw, NAMES, least=least, most=most)]


@cache
def _positions(count: int, least: int, most: int | None) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(0, count - 1), min_size=least, max_size=most, unique=True)
