"""What a cluster needs at its sizes, what it was given, and what breaks first."""

from __future__ import annotations

import click

from clusterc.cli._options import colour_option, files, style_for


@click.command(short_help="Reckon what a cluster needs, and what breaks first.")
@click.argument("spec", metavar="SPEC", shell_complete=files)
@click.option("--explain", is_flag=True, help="Add formula, inputs, source and confidence to every number.")
@click.option("--set", "settings", multiple=True, metavar="PATH=VALUE", help="Reckon with another value. Repeatable.")
@click.option("--compare", is_flag=True, help="Show what --set changes, before and after side by side.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is shown.")
@colour_option
def command(spec: str, *, explain: bool, settings: tuple[str, ...], compare: bool, form: str, color: str) -> int:
    """Reckon what the cluster of SPEC needs at its least, desired and largest size.

    --set writes another value into the spec before it is read, such as --set nodePools[a100].nodes.max=6000. What
    exceeds a limit is reckoned with all the same, and shown as an error after the numbers; then the run exits 1.
    """
    from shutil import get_terminal_size

    from clusterc import pipeline
    from clusterc.cli._exit import CannotRun, code_for
    from clusterc.cli._run import read_resolved, show_errors
    from clusterc.cli._set import parse, with_settings
    from clusterc.report.capacity import as_json, as_object, as_text, compared

    if compare and not settings:
        raise CannotRun("--compare needs --set PATH=VALUE: it shows what that changes")
    checked, texts = read_resolved(spec)
    others = [parse(setting) for setting in settings]
    asked = with_settings(checked, others) if others else checked
    cluster, capacity = pipeline.understand(asked)
    width, style = min(get_terminal_size((80, 24)).columns, 100), style_for(color)
    if not compare:
        tree = as_object(cluster.name, capacity)
        text = as_text(cluster.name, capacity, width=max(60, width), explain=explain, style=style)
    else:
        first, before = pipeline.understand(checked)
        tree = {"before": as_object(first.name, before), "after": as_object(cluster.name, capacity)}
        text = compared(before, capacity, width=max(60, width), style=style)
    click.echo(as_json(tree) if form == "json" else text, nl=False, color=True)
    show_errors(asked.findings, texts | {setting.name: setting.text for setting in others})
    return code_for(asked.findings)
