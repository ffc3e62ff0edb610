"""Compare a build with the tree that stands on disk: what would change, and what is in the way.

A file is ours as it stands if the manifest, the journal of an interrupted run, or this build has its digest.
Anything else was edited by hand or is not ours, and a build does not touch it unless it is told to.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clusterc.write import WriteError, disk, manifest, names
from clusterc.write.conflict import Remedy, find_conflicts

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from clusterc.model.document import File
    from clusterc.write.conflict import Conflict


@dataclass(frozen=True, slots=True)
class Plan:
    """What `commit` would do; paths are relative to `root`, sorted, and MANIFEST.json is one of them.

    `added`, `changed` and `removed` include what is in conflict and `--replace` would settle.
    `contents` holds the bytes to write, `emptied` the folders left without a file, deepest first.
    `journal` allows a next run, of whatever build, to go on from any point at which this one may die.
    `before` is the manifest and the journal found: a run that finds others came second.
    """

    root: Path
    added: tuple[str, ...]
    interrupted: bool
    contents: Mapping[str, bytes]
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    replace: bool = False
    is_new: bool = False
    emptied: tuple[str, ...] = ()
    journal: bytes = b""
    before: tuple[bytes | None, bytes | None] = (None, None)

    @property
    def is_current(self) -> bool:
        """Return whether the tree is exactly this build."""
        return not (self.added or self.changed or self.removed or self.conflicts or self.interrupted)

    @property
    def is_blocked(self) -> bool:
        """Return whether a conflict keeps this plan from being carried out."""
        remedies = {conflict.remedy for conflict in self.conflicts}
        return Remedy.NONE in remedies or bool(remedies and not self.replace)


def plan(root: Path, files: Sequence[File], *, tool_version: str, replace: bool = False) -> Plan:
    """Return what it takes to make `root` hold exactly `files` and their manifest; raise WriteError if it cannot."""
    names.refuse_unsafe(root, (file.path for file in files))
    files = sorted(files, key=lambda file: file.path)
    contents = {file.path: file.text.encode() for file in files}
    digests = {path: manifest.digest(data) for path, data in contents.items()}
    contents[names.MANIFEST] = manifest.render(files, digests, tool_version=tool_version)
    try:
        if _is_absent(root):
            return _start(root, contents, replace=replace)
        return _compare(root, contents, digests, replace=replace)
    except OSError as error:
        raise WriteError(Path(error.filename or root), error.strerror or str(error)) from error


def before(root: Path) -> tuple[bytes | None, bytes | None]:
    """Return the manifest and the journal that stand in `root`."""
    return disk.read(root / names.MANIFEST), disk.read(root / names.JOURNAL)


def _is_absent(root: Path) -> bool:
    for place in (root, root.parent):
        if place.is_symlink():
            raise WriteError(place, "is a symbolic link; name the folder it leads to")
    if not root.exists():
        return True
    if not root.is_dir():
        raise WriteError(root, "is not a folder")
    if root.resolve().parent == root.resolve():
        raise WriteError(root, "is the top of the file system")
    return False


def _start(root: Path, wanted: Mapping[str, bytes], *, replace: bool) -> Plan:
    return Plan(
        root=root,
        added=tuple(sorted(wanted)),
        interrupted=names.staging(root).exists(),
        contents=wanted,
        replace=replace,
        is_new=True,
    )


def _compare(root: Path, wanted: Mapping[str, bytes], digests: Mapping[str, str], *, replace: bool) -> Plan:
    found = before(root)
    listed = manifest.parse(found[0]) if found[0] is not None else None
    known = _known(listed, found)
    stands = disk.survey(root, hidden={path.partition("/")[0] for path in (*wanted, *known)} - {names.GIT})
    same, other = _read(root, stands.files, wanted, known)
    foreign = stands.files - same - other.keys()
    taken = {folder for path in (*wanted, *foreign, *stands.strange) for folder in names.folders_of(path)}
    return Plan(
        root=root,
        added=tuple(sorted(wanted.keys() - same - other.keys())),
        changed=tuple(path for path in other if path in wanted),
        removed=tuple(path for path in other if path not in wanted),
        unchanged=tuple(sorted(same)),
        conflicts=tuple(find_conflicts(wanted, known, other, foreign, stands)),
        interrupted=_is_interrupted(root),
        contents={path: data for path, data in wanted.items() if path not in same},
        replace=replace,
        emptied=tuple(sorted(stands.folders - taken, reverse=True)),
        journal=_journal(listed or {}, other, digests),
        before=found,
    )


def _known(listed: Mapping[str, str] | None, found: tuple[bytes | None, bytes | None]) -> dict[str, set[str]]:
    """Return the digests with which each path is ours, a manifest that could be read among them."""
    known = {path: {digest} for path, digest in (listed or {}).items()}
    if found[0] is not None and listed is not None:
        known[names.MANIFEST] = {manifest.digest(found[0])}
    for path, digests in manifest.parse_journal(found[1] or b"").items():
        known.setdefault(path, set()).update(digests)
    return known


def _read(
    root: Path, files: Iterable[str], wanted: Mapping[str, bytes], known: Container[str]
) -> tuple[set[str], dict[str, bytes]]:
    """Return which files stand as wanted, and what the others hold that this build or an earlier one has made."""
    same, other = set[str](), dict[str, bytes]()
    for path in sorted(files):
        if path not in wanted and path not in known:
            continue
        data = (root / path).read_bytes()
        if data == wanted.get(path) and _may_run(root, path):
            same.add(path)
        else:
            other[path] = data
    return same, other


def _may_run(root: Path, path: str) -> bool:
    """Return whether a file that is a script can be executed: Git keeps the permission, some archives lose it."""
    return not path.endswith(".sh") or disk.is_executable(root / path)


def _is_interrupted(root: Path) -> bool:
    """Return whether a run that died left anything lying about."""
    return any(path.exists() for path in (root / names.JOURNAL, root / names.PART, names.staging(root)))


def _journal(listed: Mapping[str, str], other: Mapping[str, bytes], digests: Mapping[str, str]) -> bytes:
    """Return what the manifest found does not say: every digest a file of ours has now or after this run."""
    allowed = {path: {digest} for path, digest in digests.items()}
    for path, data in other.items():
        allowed.setdefault(path, set()).add(manifest.digest(data))
    news = {path: values - {listed.get(path, "")} for path, values in allowed.items()}
    return manifest.render_journal({path: values for path, values in news.items() if values})
