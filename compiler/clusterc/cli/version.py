"""What is installed, and what it compiles for."""

from __future__ import annotations

import platform

import click

from clusterc import __version__
from clusterc.kubernetes import NEWEST, OLDEST


@click.command(short_help="Print versions.")
@click.option("-v", "--verbose", is_flag=True, help="Add the Jsonnet engine.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is shown.")
def command(*, verbose: bool, form: str) -> int:
    """Print the versions of clusterc and Python, and the Kubernetes minors that clusterc compiles for."""
    from clusterc.cli._exit import code_for

    minors = [f"1.{minor}" for minor in range(OLDEST, NEWEST + 1)]
    if form == "json":
        import json

        found = {"clusterc": __version__, "python": platform.python_version(), "kubernetes": minors}
        click.echo(json.dumps(found | {"jsonnet": _jsonnet()}, indent=2))
    else:
        click.echo(f"clusterc {__version__}\nPython {platform.python_version()}\nKubernetes {', '.join(minors)}")
        if verbose:
            click.echo(f"Jsonnet {_jsonnet()}")
    return code_for(())


def _jsonnet() -> str:
    from importlib.metadata import version

    return version("jsonnet")
