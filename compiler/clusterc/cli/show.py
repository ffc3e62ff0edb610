"""The resolved spec: every value, and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from clusterc.cli._options import colour_option, files, style_for

if TYPE_CHECKING:
    from clusterc.model.decision import Decision
    from clusterc.model.source import Source


@click.command(short_help="Show every value of a spec, decided.")
@click.argument("spec", metavar="SPEC", shell_complete=files)
@click.argument("path", required=False, metavar="[PATH]")
@click.option("--why", is_flag=True, help="Say where each value comes from, with the formula and its source.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is shown.")
@colour_option
def command(spec: str, path: str | None, *, why: bool, form: str, color: str) -> int:
    """Show every value that SPEC decides or leaves to be decided, or those at and below PATH.

    A path is written as in messages, such as nodePools[a100].kubelet.
    """
    from clusterc import pipeline
    from clusterc.cli._exit import code_for
    from clusterc.cli._run import read_resolved, show_errors
    from clusterc.report.decisions import as_json, as_text, select, settled

    checked, texts = read_resolved(spec)
    cluster, _ = pipeline.understand(checked)
    source = checked.source
    decisions = settled(cluster.decisions.values(), source) if source else []
    wanted = select(decisions, path) if path else decisions
    if path and source and not wanted:
        click.echo(_unsaid(spec, path, source, decisions), err=True)
    if form == "json":
        text = as_json(wanted, checked.changes)
    else:
        text = as_text(wanted, source, why=why, changes=checked.changes, style=style_for(color))
    click.echo(text, nl=False, color=True)
    show_errors(checked.findings, texts)
    return code_for(checked.findings)


def _unsaid(spec: str, path: str, source: Source, decisions: Sequence[Decision]) -> str:
    """Return that a field of the language has no value here. Raises CannotRun where there is no such field, or item."""
    from clusterc.cli._exit import CannotRun
    from clusterc.model.source import split_name
    from clusterc.report.decisions import nearest
    from clusterc.spec.reference import Field, look_up

    field = look_up(path)
    if isinstance(field, Field) and not (named := _missing_item(path, source)):
        return f"{spec} says nothing at {field.path}; its default: {field.default or 'none'}"
    if isinstance(field, Field):
        raise CannotRun(f"{spec}: {named}")
    near = nearest(decisions, path)
    advice = f"did you mean {' or '.join(near)}?" if near else f"try `clusterc explain {split_name(path)[0]}`"
    raise CannotRun(f"{spec} has no value at {path}; {advice}")


def _missing_item(path: str, source: Source) -> str:
    """Return which item of a list a path names in vain, or an empty text."""
    from clusterc.model.source import split_name

    parts = split_name(path if path.startswith(("spec", "metadata")) else f"spec.{path}")
    found = source.nearest(".".join(f"[{part}]" for part in parts))
    node = source.data
    for number, step in enumerate(found):
        if isinstance(node, list) and parts[number].isdecimal() and _names(node):
            return _without(source.name(found[:number]), parts[number], node)
        node = node[step]
    if not isinstance(node, list) or len(found) == len(parts) or "[]" in path:
        return ""
    return _without(source.name(found), parts[len(found)], node)


def _names(items: list[object]) -> list[str]:
    return [str(item["name"]) for item in items if isinstance(item, dict) and "name" in item]


def _without(where: str, name: str, items: list[object]) -> str:
    return f"{where} has no {name}; it has {', '.join(_names(items)) or 'no names'}"
