"""What is in the way of a build: files edited by hand, files of others, links, folders in a file's place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from clusterc.write.manifest import digest
from clusterc.write.names import folders_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from clusterc.write.disk import Disk

FOREIGN = "not made by clusterc"


class Remedy(Enum):
    """What a build that is told to replace does about a conflict; `NONE` is left to whoever made it."""

    OVERWRITE = "overwrite"
    REMOVE = "remove"
    KEEP = "keep"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something that a build does not touch unasked, and what it does when asked.

    `found` and `wanted` are the bytes on disk and those of this build, where it comes to a choice between them.
    """

    path: str
    reason: str
    remedy: Remedy
    found: bytes = b""
    wanted: bytes = b""

    @property
    def difference(self) -> str:
        """Return a unified diff from what stands there to what this build has; empty if either is not text."""
        try:
            found, wanted = self.found.decode(), self.wanted.decode()
        except UnicodeDecodeError:
            return ""
        from difflib import unified_diff  # noqa: PLC0415 - only a conflict pays for it

        before, after = ([f"{line}\n" for line in text.split("\n")] for text in (found, wanted))
        return "".join(unified_diff(before, after, f"{self.path} (on disk)", f"{self.path} (this build)"))


def find_conflicts(
    wanted: Mapping[str, bytes],
    known: Mapping[str, AbstractSet[str]],
    other: Mapping[str, bytes],
    foreign: Iterable[str],
    stands: Disk,
) -> list[Conflict]:
    """Return what is in the way, sorted by path.

    `known` holds the digests with which a path is ours, `other` what stands where a build made something else,
    and `foreign` the files that no build ever made.
    """
    strangers = dict.fromkeys(foreign, FOREIGN) | dict(stands.strange)
    found = [
        *_changed_by_others(wanted, known, other),
        *_strangers(strangers, wanted),
        *_folders_in_the_way(stands.folders & wanted.keys(), strangers),
    ]
    return sorted(found, key=lambda conflict: conflict.path)


def _changed_by_others(
    wanted: Mapping[str, bytes], known: Mapping[str, AbstractSet[str]], other: Mapping[str, bytes]
) -> Iterator[Conflict]:
    for path, data in other.items():
        if data == wanted.get(path) or digest(data) in known.get(path, ()):
            continue
        reason = "edited by hand" if path in known else FOREIGN
        remedy = Remedy.OVERWRITE if path in wanted else Remedy.REMOVE
        yield Conflict(path, reason, remedy, data, wanted.get(path, b""))


def _strangers(strangers: Mapping[str, str], wanted: Mapping[str, bytes]) -> Iterator[Conflict]:
    """Name what no build made; it can stay unless a file or a folder of this build belongs in its place."""
    needed = {folder for path in wanted for folder in folders_of(path)} | wanted.keys()
    for path, reason in strangers.items():
        yield Conflict(_printable(path), reason, Remedy.NONE if path in needed else Remedy.KEEP)


def _folders_in_the_way(folders: Iterable[str], strangers: Iterable[str]) -> Iterator[Conflict]:
    """Name the folders in a file's place that cannot be emptied."""
    kept = {folder for path in strangers for folder in folders_of(path)}
    for folder in folders:
        if folder in kept:
            yield Conflict(folder, "a folder where a file belongs", Remedy.NONE)


def _printable(path: str) -> str:
    """Return a name that may be any bytes in a form that a terminal and a report can take."""
    return path if path.isprintable() else ascii(path)[1:-1]
