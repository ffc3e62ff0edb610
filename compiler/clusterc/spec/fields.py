"""The fields of the spec language by path, for messages, hovers and `explain`."""

from __future__ import annotations

from collections.abc import Iterable
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from clusterc.diagnostics import Step
from clusterc.spec.base import Block


def fields_at(model: type[Block], path: Iterable[Step]) -> dict[str, FieldInfo]:
    """Return the fields of the block at `path`, by their names in a spec; empty where there is no block."""
    kinds: list[Any] = [model]
    for step in path:
        kinds = [inner for kind in kinds for inner in _step(kind, step)]
    found: dict[str, FieldInfo] = {}
    for kind in kinds:
        for block in _blocks(kind):
            found |= {field.alias or name: field for name, field in block.model_fields.items()}
    return found


def field_at(model: type[Block], path: tuple[Step, ...]) -> FieldInfo | None:
    """Return the field that `path` names, or None."""
    return fields_at(model, path[:-1]).get(str(path[-1])) if path else None


def _step(kind: Any, step: Step) -> list[Any]:
    inner: list[Any] = []
    for block in _blocks(kind):
        inner += [field.annotation for name, field in block.model_fields.items() if (field.alias or name) == step]
    for arg in _variants(kind):
        if get_origin(arg) in {tuple, list}:
            inner.append(get_args(arg)[0])
        elif get_origin(arg) is dict:
            inner.append(get_args(arg)[1])
    return inner


def _variants(kind: Any) -> list[Any]:
    if get_origin(kind) in {Union, UnionType}:
        return [variant for arg in get_args(kind) for variant in _variants(arg)]
    if get_origin(kind) is Annotated:
        return _variants(get_args(kind)[0])
    return [kind]


def _blocks(kind: Any) -> list[type[Block]]:
    return [arg for arg in _variants(kind) if isinstance(arg, type) and issubclass(arg, Block)]
