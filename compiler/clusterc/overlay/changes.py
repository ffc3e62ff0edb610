"""What an overlay changed in a document, field by field; items of lists are addressed by their names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clusterc.model.document import Change, Document


def changes(overlay: str, before: Document, after: Document) -> Iterator[Change]:
    """Yield every field that differs between a document and what an overlay made of it."""
    for field, old, new in _differences("", before.body, after.body):
        yield Change(overlay, before.path, before.owner, field, old, new)


def _differences(path: str, old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in (*old, *(key for key in new if key not in old)):
            yield from _differences(_below(path, key), old.get(key), new.get(key))
    elif (before := _named(old)) is not None and (after := _named(new)) is not None:
        for name in (*before, *(name for name in after if name not in before)):
            yield from _differences(f"{path}[{name}]", before.get(name), after.get(name))
    elif old != new:
        yield path, old, new


def _below(path: str, key: str) -> str:
    step = f"[{key}]" if "." in key else key
    return f"{path}{'' if step.startswith('[') or not path else '.'}{step}"


def _named(items: Any) -> dict[str, Any] | None:
    """Return the items of a list by their names; of pairs of name and value, the values. None for other lists."""
    if not isinstance(items, list) or not all(isinstance(item, dict) and "name" in item for item in items):
        return None
    pairs = all(item.keys() == {"name", "value"} for item in items)
    found = {str(item["name"]): item["value"] if pairs else item for item in items}
    return found if len(found) == len(items) else None
