"""A text that was read: plain data, and where each node of it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from clusterc.diagnostics import Path, Span, path_name


@dataclass(frozen=True, slots=True)
class Source:
    """Plain data with places.

    `values` and `keys` map a path to the span of the value, and of the key that names it. A path without an entry has
    no known place (data that a Jsonnet spec computed, for example). `doubtful` are the values that the reader has
    refused already, so that nobody calls them wrong once more.
    """

    file: str
    text: str
    data: Any
    values: Mapping[Path, Span] = field(default_factory=dict)
    keys: Mapping[Path, Span] = field(default_factory=dict)
    doubtful: frozenset[Path] = frozenset()

    def span(self, path: Path) -> Span | None:
        """Return the place of the value at `path`, else of the nearest parent that has one."""
        for length in range(len(path), -1, -1):
            if span := self.values.get(path[:length]):
                return span
        return None

    def key_span(self, path: Path) -> Span | None:
        """Return the place of the key that names `path`, else of its value."""
        return self.keys.get(path) or self.span(path)

    def name(self, path: Path) -> str:
        """Return a path as people write it; list items are addressed by their name where they have one."""
        return path_name(self.data, path)

    def path(self, name: str) -> Path | None:
        """Return the path that `name` addresses, or None where the data has no such node."""
        steps = self.nearest(name)
        return steps if len(steps) == len(split_name(name)) else None

    def nearest(self, name: str) -> Path:
        """Return the path of the deepest node on the way to `name` that the data has."""
        node: Any = self.data
        steps: list[str | int] = []
        for part in split_name(name):
            if isinstance(node, list):
                found = next((i for i, item in enumerate(node) if _is_called(item, part, i)), None)
                if found is None:
                    break
                steps.append(found)
                node = node[found]
            elif isinstance(node, dict) and part in node:
                steps.append(part)
                node = node[part]
            else:
                break
        return tuple(steps)


def _is_called(item: Any, part: str, index: int) -> bool:
    return (isinstance(item, dict) and item.get("name") == part) or part == str(index)


def split_name(name: str) -> list[str]:
    """Split `spec.nodePools[a100].nodes.max` into its parts; brackets protect dots."""
    parts: list[str] = []
    current, depth = "", 0
    for char in name:
        if char == "[" and depth == 0:
            depth = 1
        elif char == "]" and depth:
            depth = 0
        elif char == "." and not depth:
            parts.append(current)
            current = ""
            continue
        else:
            current += char
            continue
        parts.append(current)
        current = ""
    parts.append(current)
    return [part for part in parts if part]
