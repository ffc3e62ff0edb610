"""Specs named on the command line: files, or folders of them; and where their project lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from clusterc.cli._exit import CannotRun

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
        elif path.exists():
            inside = [path]
        else:
            raise CannotRun(f"{argument}: there is no such file or folder")
        for entry in inside:
            found.setdefault(entry.resolve(), Input(entry, str(entry), project_root(entry)))
    return list(found.values())


def project_root(path: Path) -> Path:
    """Return the nearest ancestor that marks a project, else the file's own folder."""
    folder = path.resolve().parent
    for ancestor in (folder, *folder.parents):
        if any((ancestor / mark).exists() for mark in PROJECT_MARKS):
            return ancestor
    return folder
