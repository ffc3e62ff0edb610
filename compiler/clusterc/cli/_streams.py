"""Where a run's output goes: to what its caller gave it, and nowhere once a reader has left."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from contextlib import suppress


class _Output(io.FileIO):
    """An output that goes on without its reader: the run ends as it would have, and nobody complains of a pipe."""

    def write(self, data: object) -> int:
        """Write to the reader, if there still is one."""
        try:
            return super().write(data)  # type: ignore[arg-type]
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())
            return super().write(data)  # type: ignore[arg-type]


def open_streams() -> None:
    """Give the run its outputs: a caller may have closed them, leave, or know another alphabet."""
    for name in ("stdout", "stderr"):
        given = getattr(sys, name)
        stream = io.TextIOWrapper(
            io.BufferedWriter(_Output(given.fileno() if given else _in_place_of(name), "w", closefd=False)),
            encoding=given.encoding if given else "utf-8",
            errors="backslashreplace",
            line_buffering=name == "stderr" or (given is not None and given.isatty()),
        )
        setattr(sys, name, stream)


def _in_place_of(name: str) -> int:
    """Open what stands for a closed output: one that takes talk for nobody, or that refuses to take data."""
    return os.open(os.devnull, os.O_WRONLY if name == "stderr" else os.O_RDONLY)


def flush() -> None:
    """Write what is left; what cannot be written was said already, or cannot be said."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()


def last_words(say: Callable[[], None]) -> None:
    """Say why a run ends, if it can still be said."""
    with suppress(OSError):
        say()
