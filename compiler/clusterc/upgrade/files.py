"""Files that clusterc writes differently for another release, and what changes in each."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

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
    for name, before, after in _differences(was.body, now.body, ""):
        yield Change(was.path, name, before, after)


def _lines(path: str, was: list[str], now: list[str]) -> Change:
    edits = [edit for edit in SequenceMatcher(None, was, now, autojunk=False).get_opcodes() if edit[0] != "equal"]
    removed, added = sum(edit[2] - edit[1] for edit in edits), sum(edit[4] - edit[3] for edit in edits)
    return Change(path, "text", f"{removed} lines", f"{added} other lines")


def _differences(was: Any, now: Any, name: str) -> Iterator[tuple[str, Any, Any]]:
    """Yield the leaves that differ between two trees; items of lists are the same where their names are."""
    old, new = _parts(was), _parts(now)
    if old is None or new is None or isinstance(was, dict) != isinstance(now, dict):
        if was != now:
            yield name, was, now
        return
    for step in dict.fromkeys((*old, *new)):
        label = f"{name}{step}".removeprefix(".")
        if step not in old or step not in new:
            yield label, old.get(step), new.get(step)
        else:
            yield from _differences(old[step], new[step], label)


def _parts(tree: Any) -> dict[str, Any] | None:
    """Return what a tree consists of, by the end of its path; None for a leaf, and for a list of unnamed things."""
    if isinstance(tree, dict):
        return {f"[{key}]" if "." in key else f".{key}": value for key, value in tree.items()}
    if isinstance(tree, list) and all(isinstance(item, dict) and "name" in item for item in tree):
        found = {f"[{item['name']}]": item for item in tree}
        return found if len(found) == len(tree) else None
    return None
