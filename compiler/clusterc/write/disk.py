"""What stands in a built tree: no link is followed, and nothing but a plain file is opened."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clusterc.write.names import GIT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Disk:
    """The relative paths of plain files, of folders, and of all else with a word for what it is."""

    files: frozenset[str]
    folders: frozenset[str]
    strange: Mapping[str, str]


def survey(root: Path, *, hidden: Collection[str]) -> Disk:
    """List the tree below `root`; what is called `.something` at its top counts only if it is in `hidden`."""
    files, folders, strange = set[str](), set[str](), dict[str, str]()
    pending = [""]
    while pending:
        above = pending.pop()
        for entry in _entries(root, above, hidden):
            path = f"{above}{entry.name}"
            if entry.name == GIT:
                strange[path] = "a Git repository"
            elif entry.is_symlink():
                strange[path] = "a symbolic link"
            elif entry.is_dir():
                folders.add(path)
                pending.append(f"{path}/")
            elif entry.is_file():
                files.add(path)
            else:
                strange[path] = "a device, pipe or socket"
    return Disk(frozenset(files), frozenset(folders), strange)


def _entries(root: Path, folder: str, hidden: Collection[str]) -> list[os.DirEntry[str]]:
    with os.scandir(root / folder) as entries:
        return [entry for entry in entries if folder or not entry.name.startswith(".") or entry.name in hidden]


def read(path: Path) -> bytes | None:
    """Return what the plain file at `path` holds, or None if there is no plain file."""
    try:
        return path.read_bytes() if stat.S_ISREG(path.lstat().st_mode) else None
    except FileNotFoundError:
        return None


def is_executable(path: Path) -> bool:
    """Return whether the owner may run the file: the one permission that Git keeps."""
    return bool(path.stat().st_mode & stat.S_IXUSR)
