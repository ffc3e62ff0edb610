"""Decisions as text and JSON: what every value is, and why."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from clusterc.diagnostics import Path
from clusterc.model.decision import Decision, Origin
from clusterc.model.document import Change
from clusterc.model.source import Source, split_name
from clusterc.report.findings import clean
from clusterc.report.style import PLAIN, Style
from clusterc.report.values import flow
from clusterc.spec.reference import Unknown, look_up

_OF_A_POOL = re.compile(r"(?:spec\.)?nodePools\[[^]]*\]\.(kubelet\..+)")


def settled(decisions: Iterable[Decision], source: Source) -> list[Decision]:
    """Return what the spec says and nothing is decided about, in its order, and then every decision in its order.

    Their paths begin with `spec.` where the spec language takes them, and only there.
    """
    decided = list(decisions)
    places = [tuple(split_name(decision.path)) for decision in decided]
    known = {place[:length] for place in places for length in range(len(place) + 1)}
    said = [Decision(source.name(path), value, Origin.SPEC, span=source.span(path)) for path, value in _leaves(source)]
    whole = set(places)
    rest = [decision for decision in said if not _covered(tuple(split_name(decision.path)), known, whole)]
    fields = _Fields()
    shown = [
        replace(decision, path=fields.written(decision.path), follows=fields.written(decision.follows))
        for decision in decided
    ]
    return [*rest, *shown]


class _Fields:
    """Which paths the spec language has; items of one list are alike."""

    def __init__(self) -> None:
        self._known: dict[str, bool] = {}

    def written(self, path: str) -> str:
        """Return a path without `spec.` where a spec cannot say it."""
        alike = re.sub(r"\[[^]]*\]", "[]", path)
        if path.startswith("spec.") and alike not in self._known:
            self._known[alike] = not isinstance(look_up(path), Unknown)
        return path if self._known.get(alike, True) else path.removeprefix("spec.")


def _covered(place: tuple[str, ...], known: set[tuple[str, ...]], whole: set[tuple[str, ...]]) -> bool:
    """Return whether a place holds a decision, or lies below one."""
    return place in known or any(place[:length] in whole for length in range(len(place)))


def _leaves(source: Source) -> Iterator[tuple[Path, Any]]:
    """Yield every value of the spec, but for the names by which paths address the items of lists."""
    stack: list[tuple[Path, Any]] = [((), source.data)]
    while stack:
        path, node = stack.pop()
        if isinstance(node, dict) and node:
            named = bool(path) and isinstance(path[-1], int)
            stack += [((*path, key), node[key]) for key in reversed(node) if not (named and key == "name")]
        elif isinstance(node, list) and any(isinstance(inner, dict) for inner in node):
            stack += [((*path, index), node[index]) for index in reversed(range(len(node)))]
        else:
            yield path, node


def select(decisions: Sequence[Decision], path: str) -> list[Decision]:
    """Return the decisions at and below a path, with or without leading `spec.`; `[]` stands for every name.

    What a pool's kubelets are not told themselves they are told by the base that all kubelets share.
    """
    wanted = _pattern(path)
    found = [decision for decision in decisions if any(_starts(place, wanted) for place in _places(decision.path))]
    shared = _OF_A_POOL.match(path)
    return select(decisions, shared[1]) if shared and not found else found


def _places(path: str) -> tuple[list[str], ...]:
    parts = split_name(path)
    return (parts, parts[1:]) if parts[:1] == ["spec"] else (parts,)


def _pattern(path: str) -> list[str]:
    return split_name(re.sub(r"\[\s*\]", "[*]", path))


def _starts(place: list[str], wanted: list[str]) -> bool:
    return len(place) >= len(wanted) and all(part in ("*", place[i]) for i, part in enumerate(wanted))


def nearest(decisions: Sequence[Decision], path: str) -> list[str]:
    """Return up to three paths that come near one that is unknown: the same last part first, then alike in writing."""
    paths = list(dict.fromkeys(above for decision in decisions for above in _ancestors(decision.path)))
    last = (_pattern(path) or [""])[-1].lower()
    named = [known for known in paths if (split_name(known) or [""])[-1].lower() == last]
    alike = get_close_matches(path if path.startswith("spec") else f"spec.{path}", paths, n=3)
    return list(dict.fromkeys((*named, *alike)))[:3]


def _ancestors(path: str) -> Iterator[str]:
    """Yield a path and those above it."""
    while path:
        yield path
        path = re.sub(r"(\.[^.[\]]+|\[[^]]*\]|^[^.[\]]+)$", "", path)


def as_text(
    decisions: Sequence[Decision],
    source: Source | None = None,
    *,
    why: bool = False,
    changes: Sequence[Change] = (),
    style: Style = PLAIN,
) -> str:
    """Return one line for each decision, and one more for each overlay that has changed it in a file.

    With `why` its reason stands below it, the line of the spec taken from `source`.
    """
    lines: list[str] = []
    for decision in decisions:
        lines.append(f"{style.bold(clean(decision.path))} = {clean(flow(decision.value))}")
        lines += [f"    {clean(_changed(change))}" for change in changes_of(decision, changes)]
        if why:
            lines += [f"    {clean(reason)}" for reason in _reasons(decision, source)]
    return "".join(f"{line}\n" for line in lines)


def changes_of(decision: Decision, changes: Sequence[Change]) -> list[Change]:
    """Return what overlays did to a decided value: to fields of its name and value in the files it decides about."""
    parts = split_name(decision.path)
    return [
        change
        for change in changes
        if split_name(change.field)[-1:] == parts[-1:]
        and _plain(change.before) == _plain(decision.value)
        and (parts[0] != "spec" or any(_starts(parts, split_name(owner)) for owner in change.owner))
    ]


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _changed(change: Change) -> str:
    after = "removed" if change.after is None else f"changed to {flow(change.after)}"
    return f"{after} by {change.overlay} in {change.file}"


def _reasons(decision: Decision, source: Source | None) -> Iterator[str]:
    if decision.follows and decision.instead_of is None:
        yield f"as {decision.follows}"
    if decision.span:
        span = decision.span
        yield f"spec: {span.file}:{span.line}:{span.column}"
        if source:
            yield f"    {source.text.splitlines()[span.line - 1].strip()}"
    elif decision.origin is Origin.SPEC:
        yield f"spec: {source.file if source else 'the spec'}"
    elif decision.origin is Origin.PRESET:
        yield decision.why
    else:
        yield f"{decision.origin.value}: {decision.why}"
    if decision.source:
        yield f"source: {decision.source}"


def as_json(decisions: Sequence[Decision], changes: Sequence[Change] = ()) -> str:
    """Return a JSON list with one object for each decision; an unknown place is null."""
    tree = [_object(decision) | {"changedBy": _changes(decision, changes)} for decision in decisions]
    return json.dumps(tree, indent=2, ensure_ascii=False) + "\n"


def _changes(decision: Decision, changes: Sequence[Change]) -> list[dict[str, Any]]:
    return [
        {"overlay": change.overlay, "file": change.file, "field": change.field, "value": change.after}
        for change in changes_of(decision, changes)
    ]


def _object(decision: Decision) -> dict[str, Any]:
    span = decision.span
    return {
        "path": decision.path,
        "value": decision.value,
        "origin": decision.origin.value,
        "why": decision.why,
        "source": decision.source,
        "follows": decision.follows,
        "span": span and {"file": span.file, "line": span.line, "column": span.column, "endColumn": span.end_column},
    }
