"""Arguments and options that several commands share, and where their answers go."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from clusterc.cli._exit import CannotRun
from clusterc.cli._inputs import Input
from clusterc.cli._put import put
from clusterc.diagnostics import Finding
from clusterc.report.style import Style

F = TypeVar("F", bound=Callable[..., Any])
FORMATS = ("full", "concise", "json")


def _formats(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> list[tuple[str, str | None]]:
    wanted = []
    for value in values or ("full",):
        name, _, file = value.partition("=")
        if name not in FORMATS:
            raise click.BadParameter(f"{name!r} is none of {', '.join(FORMATS)}")
        wanted.append((name, file or None))
    if sum(1 for _, file in wanted if file is None) > 1:
        raise click.BadParameter("only one format can go to stdout; write the others as FORMAT=FILE")
    files = [str(Path(file).resolve()) for _, file in wanted if file is not None]
    if twice := next((file for file in files if files.count(file) > 1), None):
        raise click.BadParameter(f"two formats would go to {twice}; name a file for each")
    return wanted


def specs(command: F) -> F:
    """Add the specs to read."""
    return click.argument("specs", nargs=-1, required=True, metavar="SPEC...")(command)


def finding_options(command: F) -> F:
    """Add how findings are shown and which of them make the run fail."""
    fail_on = click.Choice(["error", "warning", "info", "never"])
    command = click.option("--fail-on", type=fail_on, default="error", help="Mildest severity that fails the run.")(
        command
    )
    return click.option(
        "--format",
        "formats",
        multiple=True,
        callback=_formats,
        metavar="FORMAT[=FILE]",
        help=f"How findings are shown: {', '.join(FORMATS)}. Repeatable; with =FILE into a file.",
    )(command)


def colour_option(command: F) -> F:
    """Add when to colour."""
    choice = click.Choice(["auto", "always", "never"])
    return click.option("--color", type=choice, default="auto", help="When to colour.")(command)


def style_for(choice: str) -> Style:
    """Return the style of stdout: colours on a terminal, unless NO_COLOR is set."""
    if choice == "auto":
        return Style(sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb")
    return Style(choice == "always")


def refuse_inputs(formats: Sequence[tuple[str, str | None]], inputs: Sequence[Input]) -> None:
    """Raise CannotRun where findings would be written over a spec that is read."""
    read = {item.path.resolve() for item in inputs}
    for _, file in formats:
        if file is not None and Path(file).resolve() in read:
            raise CannotRun(f"{file}: this is a spec of the run; name another file for the findings")


def show_findings(
    findings: Sequence[Finding],
    texts: Mapping[str, str],
    *,
    formats: Sequence[tuple[str, str | None]],
    style: Style,
) -> None:
    """Write findings in every format that was asked for."""
    from clusterc.report.findings import FORMATS as RENDER

    for name, file in formats:
        if file is None:
            click.echo(RENDER[name](findings, texts, style), nl=False, color=True)
            continue
        try:
            put(Path(file), RENDER[name](findings, texts, Style()))
        except OSError as error:
            raise CannotRun(f"{file}: {error.strerror}") from None
