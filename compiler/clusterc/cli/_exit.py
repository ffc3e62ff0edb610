"""Exit codes, the same for every command."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import click

from clusterc.diagnostics import Finding, Severity

CLEAN, FOUND, UNUSABLE, BUG, INTERRUPTED = 0, 1, 2, 3, 130


class CannotRun(click.ClickException):
    """Bad usage, unreadable input, or nothing to do."""

    exit_code: ClassVar[int] = UNUSABLE

    def show(self, file: object = None) -> None:
        """Say why on stderr."""
        from clusterc.report.findings import clean

        del file
        click.echo(f"clusterc: {clean(self.format_message(), lines=True)}", err=True)


class HasErrors(CannotRun):
    """The spec has errors, which are shown already, and the command has nothing else to say."""

    exit_code: ClassVar[int] = FOUND


def code_for(
    findings: Iterable[Finding], *, fail_on: str = "error", differs: bool = False, unusable: bool = False
) -> int:
    """Decide how a run ends.

    `unusable`: some input could not be read. `differs`: `build --check` found differences, or something stands in the
    way of writing. `fail_on`: the mildest severity that counts, or `never`.
    """
    if unusable:
        return UNUSABLE
    counts = [] if fail_on == "never" else [s for s in Severity if s.rank <= Severity(fail_on).rank]
    return FOUND if differs or any(finding.severity in counts for finding in findings) else CLEAN
