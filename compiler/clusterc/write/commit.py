"""Carry out a plan: a new tree appears at once, a standing one is changed file by file under a journal.

A new tree is built beside its place and renamed. In a standing one the journal comes first and goes last, so that
whoever finds it knows which files are ours whatever this run got done; every file appears whole under its own name.
"""

from __future__ import annotations

import errno
import fcntl
import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from clusterc.write import WriteError, names
from clusterc.write.plan import before

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clusterc.write.plan import Plan

# Some network file systems lock no folders; there only the comparison with `Plan.before` tells two runs apart.
_NO_LOCKS = (errno.EBADF, errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP)


def commit(plan: Plan) -> None:
    """Write what the plan says; if the disk or another run is against it, raise WriteError and tell what was left."""
    if plan.is_blocked:
        raise WriteError(plan.root, "holds files that this build must not touch; nothing was changed")
    try:
        if plan.is_new:
            _build(plan)
        elif not plan.is_current:
            _update(plan)
    except OSError as error:
        place = Path(error.filename2 or error.filename or plan.root)
        raise WriteError(place, f"{error.strerror or error}; {_what_was_left(plan)}") from error


def _build(plan: Plan) -> None:
    staging = names.staging(plan.root)
    made = [folder for folder in (staging, *staging.parents) if not folder.exists()]
    try:
        staging.mkdir(parents=True, exist_ok=True)
        with _locked(staging):
            _fill(staging, plan)
    except BaseException:
        for folder in made:
            with suppress(OSError):
                folder.rmdir()
        raise


def _fill(staging: Path, plan: Plan) -> None:
    try:
        _empty(staging)
        for folder in sorted({folder for path in plan.contents for folder in names.folders_of(path)}):
            (staging / folder).mkdir()
        for path, data in plan.contents.items():
            _write(f"{staging}/{path}", data, shown=plan.root / path, mode=names.mode_of(path))
        staging.rename(plan.root)
    except BaseException:
        with suppress(OSError):
            _discard(staging)
        raise


def _update(plan: Plan) -> None:
    with _locked(plan.root):
        if before(plan.root) != plan.before:
            raise WriteError(plan.root, "another run has changed it meanwhile; run again")
        _clean_up(plan.root)
        _put(plan.root, names.JOURNAL, plan.journal)
        for path in plan.removed:
            (plan.root / path).unlink(missing_ok=True)
        for folder in plan.emptied:
            (plan.root / folder).rmdir()
        for path, data in plan.contents.items():
            (plan.root / path).parent.mkdir(parents=True, exist_ok=True)
            _put(plan.root, path, data)
        (plan.root / names.JOURNAL).unlink()


def _clean_up(root: Path) -> None:
    """Remove what a run that died had not finished writing."""
    (root / names.PART).unlink(missing_ok=True)
    staging = names.staging(root)
    if staging.exists():
        with _locked(staging):
            _discard(staging)


def _put(root: Path, path: str, data: bytes) -> None:
    """Let a file appear whole, whatever stood there."""
    part = root / names.PART
    try:
        _write(part, data, shown=root / path, mode=names.mode_of(path))
        part.replace(root / path)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def _write(place: Path | str, data: bytes, *, shown: Path, mode: int) -> None:
    """Write a file that does not exist yet; an error names the path that is `shown`, which the reader knows."""
    try:
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            os.fchmod(descriptor, mode)
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        finally:
            os.close(descriptor)
    except OSError as error:
        error.filename = str(shown)
        raise


def _empty(folder: Path) -> None:
    for above, folders, files in os.walk(folder, topdown=False):
        for name in files:
            Path(above, name).unlink()
        for name in folders:
            Path(above, name).rmdir()


def _discard(folder: Path) -> None:
    _empty(folder)
    folder.rmdir()


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold a folder for this process alone; the lock ends with the process, however that ends."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if not _lock(descriptor) or not _is_at(descriptor, folder):
            raise WriteError(folder, "another run of clusterc is writing here; wait for it and run again")
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
    return True


def _is_at(descriptor: int, folder: Path) -> bool:
    """Return whether the folder is still the one that was opened: a run that ended meanwhile may have renamed it."""
    try:
        return os.path.samestat(os.fstat(descriptor), folder.stat())
    except FileNotFoundError:
        return False


def _what_was_left(plan: Plan) -> str:
    if plan.is_new:
        staging = names.staging(plan.root)
        return f"what was built is left in {staging}" if staging.exists() else "nothing was left behind"
    if (plan.root / names.JOURNAL).exists():
        return "the tree is partly changed, and the next run completes it"
    return "nothing was changed"
