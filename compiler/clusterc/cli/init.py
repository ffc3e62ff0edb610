"""A first spec."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(short_help="Write a spec to start from.")
@click.argument("name", required=False, metavar="[NAME]")
@click.option("--nodes", type=click.IntRange(1, 15_000), default=10, show_default=True, help="Machines.")
@click.option(
    "--preset",
    type=click.Choice(["training", "inference", "general", "lab"]),
    default="training",
    show_default=True,
    help="What the cluster is for.",
)
@click.option(
    "--provider",
    type=click.Choice(["azure", "aws", "gcp", "metal"]),
    default="metal",
    show_default=True,
    help="Whose machines.",
)
@click.option("-o", "--output", metavar="FILE", help="Where to write it; - for stdout.  [default: NAME.yaml]")
def command(name: str | None, nodes: int, preset: str, provider: str, output: str | None) -> int:
    """Write the commented spec of a cluster called NAME, sized for a number of machines with room to double."""
    from clusterc.cli._exit import code_for
    from clusterc.cli._starter import Wish, starter, warnings

    wish = Wish(_checked(name or f"{preset}-{nodes}"), nodes, preset, provider)
    text = starter(wish)
    for warning in warnings(wish):
        click.echo(f"clusterc: {warning}", err=True)
    if output == "-":
        click.echo(text, nl=False)
    else:
        path = Path(output or f"{wish.name}.yaml")
        path = path / f"{wish.name}.yaml" if path.is_dir() else path
        _write(path, text)
        click.echo(f"{path}: written; next: clusterc lint {path}", err=True)
    return code_for(())


def _checked(name: str) -> str:
    """Return a name that Kubernetes takes. Raises CannotRun."""
    from pydantic import TypeAdapter, ValidationError

    from clusterc.cli._exit import CannotRun
    from clusterc.spec.base import Name

    try:
        return TypeAdapter[str](Name).validate_python(name)
    except ValidationError as error:
        context = error.errors()[0]["ctx"]
        raise CannotRun(f"{context['message']}; {context['fix']}") from None


def _write(path: Path, text: str) -> None:
    from clusterc.cli._exit import CannotRun

    try:
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        raise CannotRun(f"{path} exists and is kept; name another file with -o, or remove it") from None
    except OSError as error:
        raise CannotRun(f"{path}: {error.strerror}") from None
