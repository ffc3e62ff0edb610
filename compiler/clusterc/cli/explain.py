"""The documentation of the spec language, offline."""

from __future__ import annotations

import click

from clusterc.cli._options import colour_option, files, style_for


@click.command(short_help="Explain a field of the spec language.")
@click.argument("path", default="spec", metavar="[PATH]")
@click.argument("spec", required=False, metavar="[SPEC]", shell_complete=files)
@colour_option
def command(path: str, spec: str | None, color: str) -> int:
    """Explain the field at PATH, such as network.podCIDR or nodePools[].pods; without PATH, the blocks of a spec.

    With SPEC, also show the value that it has there, and why.
    """
    from shutil import get_terminal_size

    from clusterc.cli._exit import CannotRun, code_for
    from clusterc.report.fields import page, unknown
    from clusterc.spec.reference import Unknown, look_up

    field = look_up(path)
    if isinstance(field, Unknown):
        raise CannotRun(unknown(field))
    style = style_for(color)
    text = page(field, width=min(get_terminal_size((80, 24)).columns, 100), style=style)
    if spec is not None:
        text += "\n" + _values(path, spec, color)
    click.echo(text, nl=False, color=True)
    return code_for(())


def _values(path: str, spec: str, color: str) -> str:
    from clusterc import pipeline
    from clusterc.cli._run import read_right
    from clusterc.report.decisions import as_text, select, settled

    checked = read_right(spec)
    cluster, _ = pipeline.understand(checked)
    if checked.source is None:
        return ""
    found = select(settled(cluster.decisions.values(), checked.source), path)
    if not found:
        return f"{spec} says nothing here, and nothing is decided from it.\n"
    return as_text(found, checked.source, why=True, changes=checked.changes, style=style_for(color))
