"""Files that clusterc writes differently for another release, and what changes in each."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from clusterc.differences import differences
from clusterc.model.document import Document
from clusterc.model.upgrade import Change, Rewritten
from clusterc.upgrade.side import Side


def rewritten(before: Side, after: Side) -> Iterator[Rewritten]:
    """Yield the files that are new, gone, or not what they were, by path."""
    old, new = ({document.path: document for document in side.documents} for side in (before, after))
    for path in sorted({*old, *new}):
        was, now = old.get(path), new.get(path)
        changes = tuple(_changes(was, now)) if was and now else ()
        if changes or not (was and now):
            known = now or old[path]
            there = (was is not None, now is not None)
            yield Rewritten(path, *there, impact=known.impact.value, owner=known.owner, changes=changes)


def _changes(was: Document, now: Document) -> Iterator[Change]:
    if isinstance(was.body, str) or isinstance(now.body, str):
        if was.body != now.body:
            yield _lines(was.path, str(was.body).splitlines(), str(now.body).splitlines())
        return
    for name, before, after in differences(was.body, now.body):
        yield Change(was.path, name, before, after)


def _lines(path: str, was: list[str], now: list[str]) -> Change:
    edits = [edit for edit in SequenceMatcher(None, was, now, autojunk=False).get_opcodes() if edit[0] != "equal"]
    removed, added = sum(edit[2] - edit[1] for edit in edits), sum(edit[4] - edit[3] for edit in edits)
    return Change(path, "text", f"{removed} lines", f"{added} other lines")
