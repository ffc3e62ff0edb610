"""Bytes to text: size, encoding, and characters that deceive a reader."""

from __future__ import annotations

import errno
import stat
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from clusterc.characters import HIDDEN, named
from clusterc.diagnostics import Finding, Span
from clusterc.load.findings import text_error

# The largest cluster we know of takes 12 KiB; a file beyond this is not a spec that somebody wrote.
LARGEST_BYTES = 2 * 1024**2

_BOM = b"\xef\xbb\xbf"
# So many of them say what is wrong with a text.
_MOST_HIDDEN = 20


def read(path: Path, *, name: str) -> tuple[str | None, tuple[Finding, ...]]:
    """Return the file's text, or the reasons why it is none. Raises OSError where it cannot be read."""
    # A pipe would be waited for, and a device may never end.
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "is not a regular file", str(path))
    with path.open("rb") as stream:
        data = stream.read(LARGEST_BYTES + 1)
    start = Span(name, 1, 1, 2)
    if len(data) > LARGEST_BYTES:
        message = f"the file is larger than {LARGEST_BYTES // 1024**2} MiB"
        return None, (text_error("CC0015", message, file=name, span=None, fix="name a cluster spec"),)
    if data.startswith(_BOM):
        fix = "save the file as UTF-8 without a byte order mark"
        return None, (text_error("CC0010", "the file starts with a byte order mark", file=name, span=start, fix=fix),)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        finding = text_error("CC0010", message, file=name, span=_at(before, name), fix="save the file as UTF-8")
        return None, (finding,)
    findings = tuple(_hidden(text, name))
    return (None if findings else text), findings


def _at(before: str, name: str) -> Span:
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return Span(name, line, column, column + 1)


def _hidden(text: str, name: str) -> Iterator[Finding]:
    """Yield the first characters that nobody sees."""
    for match in islice(HIDDEN.finditer(text), _MOST_HIDDEN):
        place = _at(text[: match.start()], name)
        fix = "delete it; a spec must read as it is compiled"
        yield text_error("CC0010", named(match[0]), file=name, span=place, fix=fix)
