"""What the compiler has to say about its input: places, severities and findings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

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

    `span` is None where the place is not known; it is never guessed.
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
