"""What the compiler has to say about its input: places, severities and findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

Step = str | int
Path = tuple[Step, ...]


class Severity(Enum):
    """How much a finding weighs; never encoded in its id."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """Return 0 for the gravest."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one line of a text: 1-based line and columns, counted in characters, end exclusive."""

    file: str
    line: int
    column: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Related:
    """The other end of a contradiction: its path, its place where known, and what it says."""

    path: str
    text: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake or risk: what was found, what is allowed, how to mend it and where it stands.

    `span` is None where the place is not known; it is never guessed. Where a number is beyond a limit, `number` is what
    was found and `limit` what is allowed, in the unit of the message; `numbers` is how either of them comes about.
    """

    id: str
    name: str
    severity: Severity
    message: str
    file: str
    path: str = ""
    span: Span | None = None
    label: str = ""
    related: tuple[Related, ...] = ()
    numbers: str = ""
    number: float | None = None
    limit: float | None = None
    fix: str = ""
    source: str = ""

    @property
    def order(self) -> tuple[str, int, int, int, str, str, str]:
        """Return the key of the total order: file, line, column, severity, id, path, text."""
        line, column = (self.span.line, self.span.column) if self.span else (0, 0)
        return (self.file, line, column, self.severity.rank, self.id, self.path, self.message)


def has_errors(findings: tuple[Finding, ...]) -> bool:
    """Return whether any finding is an error."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def path_name(data: Any, path: Path) -> str:
    """Return a path as people write it; list items are addressed by their name where they have one."""
    node, text = data, ""
    for step in path:
        if isinstance(step, int):
            node = node[step] if isinstance(node, list) and step < len(node) else None
            label = node.get("name", step) if isinstance(node, dict) else step
            text += f"[{label}]"
        else:
            node = node.get(step) if isinstance(node, dict) else None
            text += f"[{step}]" if "." in step else f".{step}" if text else step
    return text


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that comes nearest to an unknown one: written otherwise first, then alike in letters."""
    names = list(known)
    written = next((other for other in names if _folded(other) == _folded(name)), None)
    return written or next(iter(alike(name, names, most=1)), None)


def alike(name: str, known: Iterable[str], *, most: int = 3, cutoff: float = 0.6) -> list[str]:
    """Return known names that are written nearly as one that is unknown, the nearest first."""
    from difflib import get_close_matches  # noqa: PLC0415 - a spec without mistakes does not pay for it

    return get_close_matches(name, list(known), n=most, cutoff=cutoff)


def _folded(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


_KINDS = {list: "a list", dict: "a mapping", str: "a text", bool: "a boolean", type(None): "nothing"}


def kind_of(value: Any) -> str:
    """Return what a plain value is, in words."""
    return _KINDS.get(type(value), "a number" if isinstance(value, (int, float)) else "that")


def shown(value: Any) -> str:
    """Return a plain value as a message quotes it: short texts and numbers as they are, all else by what it is."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:57] + "...")
    return "empty" if value is None else kind_of(value)
