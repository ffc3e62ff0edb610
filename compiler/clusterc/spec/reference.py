"""The documentation of one field of the spec language, found by its path in the schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any

from clusterc.spec.schema import Node, cluster_schema, definition

_MOST = 10_000_000
_PART = re.compile(r"\[[^]]*|[^.[\]]+")


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    `path` has lists as `[]`; `type` and `default` are in words. `fields` are those of a block, or of the items of a
    list of blocks. `passed_on` is what follows in the path where the field takes a component's own settings.
    """

    path: str
    description: str
    type: str
    required: bool
    default: str = ""
    fields: tuple[Field, ...] = ()
    passed_on: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A path that the language does not have: where it leaves the language, and what comes near."""

    path: str
    parent: str
    near: tuple[str, ...]


def look_up(path: str) -> Field | Unknown:
    """Return the field of this path; without leading `spec.` it is looked for below `spec` too."""
    walk, steps = _walk(), _steps(path)
    if steps and steps[0] not in walk.roots:
        steps = ["spec", *steps]
    return walk.find(steps or ["spec"])


@cache
def _walk() -> _Walk:
    return _Walk(cluster_schema())


def _steps(path: str) -> list[str]:
    """Return the parts of a path; the name of an item keeps its bracket, as in `[a100`."""
    return [part for part in _PART.findall(path) if part]


class _Walk:
    """A way through the schema from its root."""

    def __init__(self, schema: Node) -> None:
        self._root, self._definitions = schema, schema["$defs"]
        self.roots = frozenset(schema["properties"])

    def find(self, steps: list[str]) -> Field | Unknown:
        node, required, path = self._root, True, ""
        for position, step in enumerate(steps):
            if node.get("type") == "array" and not path.endswith("[]"):
                path += "[]"
                if self._is_item(node, step):
                    continue
            block = self._block(node)
            inner = node.get("items", {}) if path.endswith("[]") else node
            if block is None and "additionalProperties" in inner:
                rest = ".".join(steps[position:]).replace("[", "")
                return self._field(path, node, required=required, passed_on=rest)
            if block is None or step not in block["properties"]:
                return self._unknown(path, step.removeprefix("["), block)
            path = f"{path}.{step}" if path else step
            required = step in block.get("required", ())
            node = block["properties"][step]
        return self._field(path, node, required=required)

    def _is_item(self, node: Node, step: str) -> bool:
        """Return whether a step names an item of a list, rather than a field of all its items, as it is or misspelt."""
        fields = (self._block(node) or {}).get("properties", {})
        return step.startswith("[") or not (step in fields or get_close_matches(step, fields, n=1, cutoff=0.75))

    def _unknown(self, parent: str, step: str, block: Node | None) -> Unknown:
        here = list(block["properties"]) if block else []
        near = [f"{parent}.{name}" for name in get_close_matches(step, here, n=3)]
        named = [path for path in self._paths(self._root, "") if path.rpartition(".")[2].lower() == step.lower()]
        return Unknown(f"{parent}.{step}" if parent else step, parent, tuple(dict.fromkeys((*named, *near)))[:4])

    def _paths(self, node: Node, path: str) -> Iterator[str]:
        block = self._block(node)
        lead = f"{path}[]" if node.get("type") == "array" else path
        for name, field in block["properties"].items() if block else ():
            yield f"{lead}.{name}".lstrip(".")
            yield from self._paths(field, f"{lead}.{name}".lstrip("."))

    def _field(self, path: str, node: Node, *, required: bool, passed_on: str = "", deep: bool = True) -> Field:
        block = self._block(node) if deep else None
        inner = block["properties"] if block else {}
        asked = block.get("required", ()) if block else ()
        return Field(
            path=path,
            description=node.get("description", ""),
            type=words(node),
            required=required,
            default=_plain(node["default"]) if "default" in node else "",
            fields=tuple(self._field(name, inner[name], required=name in asked, deep=False) for name in inner),
            passed_on=passed_on,
        )

    def _block(self, node: Node) -> Node | None:
        """Return the block that a node is, lists of, or may be; None where it is none."""
        for choice in (node, *node.get("anyOf", ()), node.get("items", {})):
            found = definition(choice, self._definitions)
            if "properties" in found:
                return found
        return None


def words(node: Node) -> str:
    """Return what may stand in a field, in words."""
    if "const" in node or "enum" in node:
        return " | ".join(node.get("enum", [node.get("const")]))
    if "title" in node:
        return "; such as ".join([node["title"], *node.get("examples", ())[:1]])
    if "anyOf" in node:
        return ", or ".join(dict.fromkeys(words(branch) for branch in node["anyOf"]))
    return "block" if "$ref" in node else _plain_type(node)


def _plain_type(node: Node) -> str:
    kind, inner = node.get("type"), node.get("additionalProperties")
    if kind == "array":
        return f"list of: {words(node['items'])}"
    if kind == "object":
        return f"mapping of names to: {words(inner)}" if isinstance(inner, dict) else "any fields"
    return _scalar(kind, node)


def _scalar(kind: str | None, node: Node) -> str:
    name = {"integer": "whole number", "number": "number", "boolean": "true or false", "string": "text"}.get(kind or "")
    least, most = node.get("minimum"), node.get("maximum")
    if least is None:
        return name or "anything"
    return f"{name}, {least} to {most}" if most is not None and most < _MOST else f"{name} from {least} on"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value) or '""'
