"""Completion for shells."""

from __future__ import annotations

import click

HELP = """Print the script that completes commands, options and files in SHELL.

\b
bash  in .bashrc:      eval "$(clusterc completion bash)"
zsh   in .zshrc:       eval "$(clusterc completion zsh)"
fish  in config.fish:  clusterc completion fish | source
"""


@click.command(help=HELP, short_help="Print a shell's completion script.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, shell: str) -> int:
    """Print the script that completes commands, options and files in a shell."""
    from click.shell_completion import get_completion_class

    from clusterc.cli._exit import code_for

    group, kind = context.find_root().command, get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"click knows no completion for {shell}")
    click.echo(kind(group, {}, "clusterc", "_CLUSTERC_COMPLETE").source())
    return code_for(())
