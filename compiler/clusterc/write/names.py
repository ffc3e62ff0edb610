"""Names in a built tree: which paths a build may use, and the few that the writer keeps for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clusterc.write import WriteError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

MANIFEST = "MANIFEST.json"
JOURNAL = ".clusterc-journal.json"
PART = ".clusterc-part"

# Git tracks nothing of this name, and what lies in it is never ours.
GIT = ".git"

_RESERVED = frozenset(name.casefold() for name in (MANIFEST, JOURNAL, PART))


def staging(root: Path) -> Path:
    """Return the folder beside `root` in which a tree that does not exist yet is built."""
    place = root.resolve()
    return place.with_name(f".{place.name}{PART}")


def folders_of(path: str) -> Iterator[str]:
    """Yield the folders above a relative path, outermost first: `a/b/c` lies in `a` and `a/b`."""
    end = path.find("/")
    while end != -1:
        yield path[:end]
        end = path.find("/", end + 1)


def mode_of(path: str) -> int:
    """Return the permissions a file is written with."""
    return 0o755 if path.endswith(".sh") else 0o644


def refuse_unsafe(root: Path, paths: Iterable[str]) -> None:
    """Raise WriteError for the first path that leaves `root`, that some file system garbles, or that meets another."""
    files: set[str] = set()
    spelling: dict[str, str] = {}
    for path in paths:
        fault = _fault(path) or _clash(path, files, spelling)
        if fault:
            raise WriteError(root / path, f"no file may be called {path!r}: {fault}")
        files.add(path)


def _fault(path: str) -> str:
    parts = path.split("/")
    if "" in parts:
        return "it is absolute or has an empty part"
    if "." in parts or ".." in parts:
        return "it has a part that is only dots"
    if "\\" in path:
        return "it has a backslash"
    if not path.isprintable():
        return "it has a character that does not print"
    if path.casefold() in _RESERVED or GIT in path.casefold().split("/"):
        return "the name is taken"
    return ""


def _clash(path: str, files: set[str], spelling: dict[str, str]) -> str:
    """Name what `path` meets; `spelling` holds every file and folder so far under its name without case."""
    if path in files:
        return "it is made twice"
    if spelling.get(path.casefold()) == path or not files.isdisjoint(folders_of(path)):
        return "it is a file and a folder"
    for name in (*folders_of(path), path):
        first = spelling.setdefault(name.casefold(), name)
        if first != name:
            return f"it differs from {first!r} only in case"
    return ""
