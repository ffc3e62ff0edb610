"""The fields of configuration kinds and API objects against their schemas, and where else a missing one is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clusterc.diagnostics import Path
from clusterc.kubernetes.problem import Problem
from clusterc.kubernetes.schemas import schema_problems
from clusterc.kubernetes.tables import Elsewhere, Node, Tables


def kind_problems(tables: Tables, kind: str, tree: Any, schema: Node, *, part: Path | None = None) -> Iterator[Problem]:
    """Yield what is wrong with the fields of a configuration kind, or of the `part` of it that was given."""

    def known(path: Path, _: Node) -> Elsewhere:
        whose, at = _arguments_of(tree, path) or (kind, path)
        name = "".join("[]" if isinstance(step, int) else f".{step}" for step in at)
        return tables.elsewhere("fields", whose, name.removeprefix("."))

    return schema_problems(tree, schema, of=f"{kind} of Kubernetes {tables.minor}", known=known, part=part)


def _arguments_of(tree: Any, path: Path) -> tuple[str, Path] | None:
    """Return the kind of a scheduler plugin's arguments and the path inside them, for a path that leads there."""
    if (path[:1], path[2:3], path[4:5]) != (("profiles",), ("pluginConfig",), ("args",)):
        return None
    return f"{tree['profiles'][path[1]]['pluginConfig'][path[3]].get('name')}Args", path[5:]


def object_problems(tables: Tables, kind: str, tree: Any, schema: Node) -> Iterator[Problem]:
    """Yield what is wrong with the fields of an API object."""

    def known(path: Path, node: Node) -> Elsewhere:
        name = next((name for name, definition in schema["$defs"].items() if definition == node), "")
        return tables.elsewhere("objects", name, str(path[-1])) if name else Elsewhere()

    return schema_problems(tree, schema, of=f"{kind} of Kubernetes {tables.minor}", known=known)
