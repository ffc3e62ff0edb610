"""What a program has against a name or a value that it is given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from clusterc.diagnostics import Path, nearest
from clusterc.kubernetes.tables import Elsewhere


class Fault(Enum):
    """What is wrong."""

    UNKNOWN = "unknown"
    VALUE = "value"
    LOCKED = "locked"
    DEPRECATED = "deprecated"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Problem:
    """One name or value that a program refuses or discourages.

    `path` leads to it from the top of what was looked at; `text` is a whole sentence, `fix` how to mend it.
    """

    fault: Fault
    path: Path
    text: str
    fix: str

    @property
    def is_of_name(self) -> bool:
        """Return whether the name itself is wrong, rather than the value that it has."""
        return self.fault in {Fault.UNKNOWN, Fault.DEPRECATED}


def cure(name: str, known: Iterable[str], found: Elsewhere) -> str:
    """Return how to mend a name that is not known."""
    near = nearest(name, known)
    if found.until:
        return f"remove it; the nearest name is {near}" if near else "remove it"
    if found.since:
        return f"remove it, or write version: {found.since} or newer"
    return f"did you mean {near}?" if near else "remove it"
