"""Check specs; write nothing."""

from __future__ import annotations

import click

from clusterc.cli._options import colour_option, finding_options, refuse_inputs, show_findings, specs, style_for


@click.command(short_help="Check specs; write nothing.")
@specs
@finding_options
@colour_option
def command(specs: tuple[str, ...], formats: list[tuple[str, str | None]], fail_on: str, color: str) -> int:
    """Check specs, or every spec in a folder, and report all mistakes with their places."""
    from clusterc.cli._exit import code_for
    from clusterc.cli._inputs import find_inputs
    from clusterc.cli._run import read_all, tally

    inputs = find_inputs(specs)
    refuse_inputs(formats, inputs)
    results = read_all(inputs)
    findings = [finding for result in results for finding in result.findings]
    texts = {file: text for result in results for file, text in result.texts.items()}
    show_findings(findings, texts, formats=formats, style=style_for(color))
    click.echo(tally(results), err=True)
    return code_for(findings, fail_on=fail_on, unusable=any(result.unreadable for result in results))
