"""MANIFEST.json: what a build made, one line a file, so that the next build knows its own files from others'.

It says nothing about the tree as a whole: two pull requests that touch different files merge without a conflict in it.
The journal of a run under way has the same purpose and fewer words: the digests a path may have until the run is done.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from clusterc.model.document import File

_CONFLICT_MARKER = b"<<<<<<< "


def digest(data: bytes) -> str:
    """Return the SHA-256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def render(files: Iterable[File], digests: Mapping[str, str], *, tool_version: str) -> bytes:
    """Return the manifest of `files`, in the order given."""
    lines = {file.path: _entry(file, digests[file.path]) for file in files}
    return f'{{\n  "clusterc": {_json(tool_version)},\n  "files": {_block(lines, indent=2)}\n}}\n'.encode()


def parse(data: bytes) -> dict[str, str] | None:
    """Return the digest of each file a manifest lists, or None if it is not a manifest.

    One left half merged lists nothing: whom its lines belong to is undecided.
    """
    if any(line.startswith(_CONFLICT_MARKER) for line in data.splitlines()):
        return {}
    try:
        return {path: str(entry["sha256"]) for path, entry in json.loads(data)["files"].items()}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def render_journal(digests: Mapping[str, Collection[str]]) -> bytes:
    """Return the journal of a run during which each path may have any of its digests."""
    return f"{_block({path: sorted(digests[path]) for path in sorted(digests)}, indent=0)}\n".encode()


def parse_journal(data: bytes) -> dict[str, list[str]]:
    """Return the digests per path that a journal allows; a damaged one allows none."""
    try:
        return {path: [str(value) for value in values] for path, values in json.loads(data).items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _entry(file: File, sha256: str) -> dict[str, object]:
    return {
        "sha256": sha256,
        "kind": file.kind,
        "owner": file.owner,
        "impact": file.impact.value,
        "reader": file.reader,
    }


def _block(entries: Mapping[str, object], *, indent: int) -> str:
    """Return an object with each entry on a line of its own."""
    margin = " " * indent
    lines = ",\n".join(f"{margin}  {_json(key)}: {_json(value)}" for key, value in entries.items())
    return f"{{\n{lines}\n{margin}}}" if lines else "{}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
