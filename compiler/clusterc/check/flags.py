"""Whether the programs of this minor take the flags that are passed to them."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.check._passed_on import passed_flags, said, tables_for
from clusterc.check._view import Mistake, View
from clusterc.diagnostics import Finding, Severity

SOURCE = "the programs' own flags, read from each minor"
MISTAKES = {
    "unknown": Mistake("CC3101", "unknown-flag", SOURCE),
    "value": Mistake("CC3102", "flag-value", SOURCE),
    "deprecated": Mistake("CC3103", "deprecated-flag", SOURCE, Severity.WARNING),
}


def findings(view: View) -> Iterator[Finding]:
    """Return every flag that its program does not know or discourages, and every value that it cannot read."""
    for component, flags, place in passed_flags(view.body):
        if tables := tables_for(view, flags):
            from clusterc.kubernetes.flags import flag_problems  # noqa: PLC0415 - few specs pass flags on

            yield from said(view, view.at(place), flag_problems(tables, component, flags), MISTAKES)
