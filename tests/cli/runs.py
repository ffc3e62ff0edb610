"""How a run of the command line ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """How a run ended, and what it said."""

    code: int
    out: str
    err: str


Clusterc = Callable[..., Run]
