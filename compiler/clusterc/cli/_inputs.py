"""Specs named on the command line: files, or folders of them; and where their project lies."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from clusterc.cli._exit import CannotRun
from clusterc.load.text import LARGEST_BYTES

ENDINGS = (".yaml", ".yml", ".jsonnet")
PROJECT_MARKS = ("clusterc.toml", ".git", "pyproject.toml")


@dataclass(frozen=True, slots=True)
class Input:
    """One spec to read: its path, how messages call it, and the project's folder."""

    path: Path
    name: str
    root: Path


def find_inputs(arguments: tuple[str, ...]) -> list[Input]:
    """Return every spec that was named; a folder stands for the specs directly in it. Raises CannotRun."""
    found: dict[Path, Input] = {}
    for argument in arguments:
        path = Path(argument)
        if not argument:
            raise CannotRun("an empty argument names no spec")
        if path.is_dir():
            inside = sorted(
                entry for entry in path.iterdir() if entry.suffix in ENDINGS and not entry.name.startswith(".")
            )
            if not inside:
                raise CannotRun(
                    f"{argument}: the folder holds no spec ({', '.join('*' + ending for ending in ENDINGS)})"
                )
        else:
            inside = [path]
        for entry in inside:
            item = _input(entry)
            found.setdefault(item.path.resolve(), item)
    return list(found.values())


def _input(path: Path) -> Input:
    """Return a file as a spec to read. Raises CannotRun where it is none that ends."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise CannotRun(f"{path}: there is no such file or folder") from None
    except (OSError, ValueError) as error:
        raise CannotRun(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    if stat.S_ISREG(mode):
        return Input(path, str(path), project_root(path))
    if stat.S_ISFIFO(mode) and str(path).startswith(("/dev/stdin", "/dev/fd/")):
        return Input(_held(path), str(path), Path.cwd())
    raise CannotRun(f"{path}: this is no file; name a spec, or /dev/stdin behind a pipe")


def _held(pipe: Path) -> Path:
    """Return a file that holds what a pipe gives once, as much of it as a spec may have."""
    if not hasattr(os, "memfd_create"):
        raise CannotRun(f"{pipe}: a pipe is read on Linux alone; write the spec to a file")
    descriptor = os.memfd_create("spec")
    with pipe.open("rb") as given, os.fdopen(os.dup(descriptor), "wb") as held:
        held.write(given.read(LARGEST_BYTES + 1))
    return Path(f"/proc/self/fd/{descriptor}")


def project_root(path: Path) -> Path:
    """Return the nearest ancestor that marks a project, else the file's own folder."""
    folder = path.resolve().parent
    for ancestor in (folder, *folder.parents):
        if any((ancestor / mark).exists() for mark in PROJECT_MARKS):
            return ancestor
    return folder
