"""One text into one file, all or nothing."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

ENCODING = "utf-8"


def put(path: Path, text: str) -> None:
    """Put a text in a file's place, with the permissions and the owner that the file has.

    What is no plain file (a device, a pipe) and what has other names (hard links) is written as it stands. Raises
    OSError; a file is left as it was then.
    """
    data = text.encode(ENCODING, "backslashreplace")
    if path.is_relative_to("/dev"):
        with path.open("ab") as stream:
            stream.write(data)
        return
    path = path.resolve()
    before = path.stat() if path.exists() else None
    if before and (not path.is_file() or before.st_nlink > 1):
        with path.open("wb") as stream:
            stream.write(data)
        return
    _replace(path, data, before)


def _replace(path: Path, data: bytes, before: os.stat_result | None) -> None:
    import tempfile

    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        if before:
            with suppress(PermissionError):
                os.chown(temporary, before.st_uid, before.st_gid)
        Path(temporary).chmod(before.st_mode & 0o7777 if before else 0o666 & ~_umask())
        Path(temporary).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
