"""What differs between two plain trees, field by field; items of lists are addressed by their names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def differences(old: Any, new: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield the path of every field that differs, and its value on both sides; None where it is absent."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in (*old, *(key for key in new if key not in old)):
            yield from differences(old.get(key), new.get(key), _below(path, key))
    elif (before := _named(old)) is not None and (after := _named(new)) is not None:
        for name in (*before, *(name for name in after if name not in before)):
            yield from differences(before.get(name), after.get(name), f"{path}[{name}]")
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
