"""Specs in their canonical form."""

from __future__ import annotations

import click

from clusterc.cli._options import specs


@click.command(short_help="Rewrite specs in their canonical form.")
@specs
@click.option("--check", is_flag=True, help="Write nothing; exit 1 and name the specs that would change.")
def command(specs: tuple[str, ...], *, check: bool) -> int:
    """Put the fields of YAML specs in the order of the language, indented by two spaces, with every comment kept.

    Jsonnet specs are left as they are.
    """
    from clusterc.cli._exit import code_for
    from clusterc.cli._fmt import format_one
    from clusterc.cli._inputs import find_inputs

    outcomes = [format_one(item, check=check) for item in find_inputs(specs)]
    changed = sum(outcome == "changed" for outcome in outcomes)
    word = "would change" if check else "changed"
    click.echo(f"{len(outcomes)} spec{'s' * (len(outcomes) != 1)}, {changed} {word}", err=True)
    found = "wrong" in outcomes or (check and changed > 0)
    return code_for((), differs=found, unusable="unusable" in outcomes)
