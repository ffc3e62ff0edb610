"""What a minor does not know and another supported one does, found by comparing their tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

Names = dict[str, dict[str, set[str]]]


def elsewhere(folder: Path, minors: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return for each minor, by table and group, the names it lacks: `until` or `since` the nearest minor with them."""
    known = {minor: names(folder / minor) for minor in minors}
    return {minor: _lacking(minor, minors, known) for minor in minors}


def names(folder: Path) -> Names:
    """Return every name in a minor's tables, by table and group: flags of a component, fields of a kind or type."""
    flags, gates, by_default, on_request, objects = (_load(folder / f"{name}.json") for name in TABLES)
    kinds = {path.stem: _load(path) for path in sorted((folder / "kinds").glob("*.json"))}
    return {
        "flags": {component: set(table) for component, table in flags.items()},
        "gates": {"": set(gates)},
        "apis": {
            "": {
                f"{version}/{kind}"
                for served in (by_default, on_request)
                for version, kinds in served.items()
                for kind in kinds
            }
        },
        "fields": {kind: set(paths(schema, schema)) for kind, schema in kinds.items()},
        "objects": {name: set(schema["properties"]) for name, schema in objects["$defs"].items()},
    }


TABLES = ("flags", "gates", "resources", "resources-on-request", "objects")


def paths(schema: Any, root: Any, above: str = "", open_refs: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the path of every field that a schema names: `profiles[].plugins.filter.enabled[].name`."""
    reference = schema.get("$ref")
    if reference is not None and reference not in open_refs:
        yield from paths(root["$defs"][reference.removeprefix("#/$defs/")], root, above, (*open_refs, reference))
    for name, inner in schema.get("properties", {}).items():
        path = f"{above}.{name}" if above else name
        yield path
        yield from paths(inner, root, path, open_refs)
    if isinstance(schema.get("items"), dict):
        yield from paths(schema["items"], root, f"{above}[]", open_refs)
    if isinstance(schema.get("additionalProperties"), dict):
        yield from paths(schema["additionalProperties"], root, f"{above}.*", open_refs)


def _load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _lacking(minor: str, minors: Sequence[str], known: Mapping[str, Names]) -> dict[str, Any]:
    at = minors.index(minor)
    older, newer = minors[:at][::-1], minors[at + 1 :]
    table: dict[str, Any] = {}
    for kind, groups in known[minor].items():
        rows = {group: _rows(group, kind, own, known, older, newer) for group, own in groups.items()}
        table[kind] = rows[""] if [*rows] == [""] else {group: row for group, row in rows.items() if row}
    return table


def _rows(
    group: str, kind: str, own: set[str], known: Mapping[str, Names], older: Sequence[str], newer: Sequence[str]
) -> dict[str, dict[str, str]]:
    rows: dict[str, dict[str, str]] = {}
    for word, minors in (("until", older), ("since", newer)):
        for minor in minors:
            for name in known[minor][kind].get(group, set()) - own:
                rows.setdefault(name, {}).setdefault(word, minor)
    return rows
