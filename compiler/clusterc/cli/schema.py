"""The JSON Schema of the spec language, for editors."""

from __future__ import annotations

import click


@click.command(short_help="Print the JSON Schema of the spec language.")
@click.argument("name", type=click.Choice(["cluster"]), default="cluster", metavar="[cluster]")
def command(name: str) -> int:
    """Print the JSON Schema (draft 2020-12) of cluster specs: point your editor at it for hover and completion.

    `clusterc schema > schemas/cluster.schema.json` refreshes the committed one.
    """
    from clusterc.cli._exit import code_for
    from clusterc.spec.schema import text

    del name
    click.echo(text(), nl=False)
    return code_for(())
