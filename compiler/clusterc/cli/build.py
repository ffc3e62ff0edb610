"""Compile specs to files."""

from __future__ import annotations

import os
import sys
from contextlib import closing

import click

from clusterc.cli._options import (
    colour_option,
    finding_options,
    refuse_inputs,
    show_findings,
    specs,
    style_for,
)


@click.command(short_help="Compile specs to files.")
@specs
@click.option("-o", "--output", default="output", metavar="DIR", help="Folder of the built trees.  [default: output]")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 and list what differs from the specs.")
@click.option("--replace", is_flag=True, help="Overwrite files that were edited by hand, showing what is lost.")
@click.option("-j", "--jobs", type=click.IntRange(1, 64), help="Specs built at once.  [default: cores]")
@finding_options
@colour_option
def command(
    specs: tuple[str, ...],
    output: str,
    check: bool,
    replace: bool,
    jobs: int | None,
    formats: list[tuple[str, str | None]],
    fail_on: str,
    color: str,
) -> int:
    """Check specs, or every spec in a folder, and write each cluster's tree to DIR/NAME.

    Nothing is written for a spec with errors. Unchanged files keep their time stamps; files that are no longer made are
    removed if they are clusterc's own and unedited.
    """
    from clusterc.cli._exit import CannotRun, code_for
    from clusterc.cli._inputs import find_inputs
    from clusterc.cli._run import build_all, tally, with_repeated

    if check and replace:
        raise CannotRun("--check writes nothing, so there is nothing to --replace")
    if not output:
        raise CannotRun("-o names no folder; leave it out for output")
    inputs = find_inputs(specs)
    refuse_inputs(formats, inputs)
    outcomes = []
    jobs = jobs or os.cpu_count() or 1
    talk = sys.stderr.isatty() and len(inputs) > 1
    with closing(build_all(inputs, output=output, check=check, replace=replace, jobs=jobs)) as built:
        for outcome in built:
            outcomes.append(outcome)
            if talk:
                click.echo(f"\r\x1b[K[{len(outcomes)}/{len(inputs)}] ", err=True, nl=False)
            for line in outcome.lines:
                click.echo(line)
            click.echo(outcome.status, err=True)
    results = with_repeated([outcome.read for outcome in outcomes])
    findings = [finding for result in results for finding in result.findings]
    texts = {file: text for result in results for file, text in result.texts.items()}
    show_findings(findings, texts, formats=formats, style=style_for(color))
    click.echo(tally(results), err=True)
    return code_for(
        findings,
        fail_on=fail_on,
        differs=any(outcome.differs for outcome in outcomes),
        unusable=any(outcome.unusable for outcome in outcomes),
    )
