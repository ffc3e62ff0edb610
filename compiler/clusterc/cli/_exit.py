"""Exit codes, the same for every command."""

from __future__ import annotations

import signal
from collections.abc import Iterable
from typing import ClassVar

import click

from clusterc.diagnostics import Finding, Severity

CLEAN, FOUND, UNUSABLE, BUG, INTERRUPTED, ENDED = 0, 1, 2, 3, 130, 143


class Ended(BaseException):
    """Somebody asked the process to end (SIGTERM); like Ctrl-C it is no error that anything on the way may catch."""


def end_on_request() -> None:
    """Let SIGTERM end the run as Ctrl-C does, so that what is being written is finished or taken back."""
    signal.signal(signal.SIGTERM, _end)


def _end(number: int, frame: object) -> None:
    del frame
    # Asking twice, as those do who ask a whole group of processes, must not cut the ending short.
    signal.signal(number, signal.SIG_IGN)
    raise Ended


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
