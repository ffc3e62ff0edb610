"""What another Kubernetes release breaks and changes, before anybody writes it down."""

from __future__ import annotations

import click

from clusterc.cli._options import colour_option, style_for


@click.command(short_help="List what another Kubernetes release breaks and changes.")
@click.argument("spec", metavar="SPEC")
@click.option("--to", required=True, metavar="RELEASE", help="Minor or release to go to, such as 1.37 or 1.37.2.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is shown.")
@colour_option
def command(spec: str, *, to: str, form: str, color: str) -> int:
    """List what going to another Kubernetes release does to the cluster of SPEC, one minor after the other.

    Exits 1 if anything breaks: a flag, field, gate or API version that a release lacks, or a check that fails under it.
    Nothing is written.
    """
    from shutil import get_terminal_size

    from clusterc import pipeline
    from clusterc.cli._exit import CannotRun, code_for
    from clusterc.cli._run import read_right
    from clusterc.kubernetes.releases import NoWayError
    from clusterc.report.upgrade import as_json, as_text

    checked = read_right(spec)
    try:
        found = pipeline.upgrade(checked, to)
    except NoWayError as error:
        raise CannotRun(f"--to {to}: {error}") from None
    width = max(60, min(get_terminal_size((80, 24)).columns, 100))
    text = as_json(found) if form == "json" else as_text(found, width=width, style=style_for(color))
    click.echo(text, nl=False, color=True)
    return code_for(finding for step in found.steps for finding in step.breaks)
