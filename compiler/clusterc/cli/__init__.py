"""The command line: one small file for each command; the only place that prints, colours and exits.

A folder is the registry: every module here that does not start with an underscore has a `command`. Modules import
click alone; what a command needs it imports when it runs.
"""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from pathlib import Path

import click

from clusterc import __version__
from clusterc.cli._exit import BUG, ENDED, INTERRUPTED, UNUSABLE, CannotRun, Ended, end_on_request
from clusterc.cli._streams import flush, last_words, open_streams


class Commands(click.Group):
    """The commands, found by their files."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        del ctx
        names = (path.stem for path in Path(__file__).parent.glob("*.py"))
        return sorted(name for name in names if not name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"{__name__}.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was typed, or name the nearest one."""
        from difflib import get_close_matches

        if args and args[0] not in self.list_commands(ctx):
            near = get_close_matches(args[0], self.list_commands(ctx), n=1)
            ctx.fail(f"there is no command {args[0]!r}." + (f" Did you mean {near[0]!r}?" if near else ""))
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
def cli() -> None:
    """Compile one short description of a Kubernetes cluster into everything it is configured with."""


def main() -> None:
    """Run the command line and leave with one of its exit codes."""
    # A run is short and makes few cycles: looking for them, and taking everything apart at the end, was a sixth of it.
    gc.disable()
    open_streams()
    end_on_request()
    code = _outcome()
    flush()
    os._exit(code)


def _outcome() -> int:
    try:
        code = cli.main(prog_name="clusterc", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        last_words(error.show)
        code = error.exit_code if isinstance(error, CannotRun) else CannotRun.exit_code
    except (click.Abort, KeyboardInterrupt):
        last_words(lambda: click.echo("interrupted", err=True))
        code = INTERRUPTED
    except Ended:
        last_words(lambda: click.echo("clusterc: ended", err=True))
        code = ENDED
    except OSError as error:
        # What a command reads and writes by name it reports itself: this is the output, or the machine.
        message = f"clusterc: {error.filename or 'the output'}: {error.strerror}"
        last_words(lambda: click.echo(message, err=True))
        code = UNUSABLE
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a bug and must not look like a finding
        code, bug = BUG, error
        last_words(lambda: _report_bug(bug))
    return code or 0


def _report_bug(error: Exception) -> None:
    click.echo(f"clusterc has a bug: {type(error).__name__}: {error}", err=True)
    if os.environ.get("CLUSTERC_TRACEBACK"):
        import traceback

        traceback.print_exception(error)
    else:
        click.echo("Set CLUSTERC_TRACEBACK=1 and run it again for what to put in the report.", err=True)
