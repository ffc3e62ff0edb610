"""Plain data to a Spec, with every mistake of its structure as a finding at its place."""

from __future__ import annotations

import copy
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from clusterc.diagnostics import Finding, Path, Severity, Step, kind_of, nearest, shown
from clusterc.model.source import Source
from clusterc.spec.base import Block
from clusterc.spec.cluster import Spec
from clusterc.spec.fields import fields_at

NAMES = {
    "CC0002": "unknown-field",
    "CC0004": "wrong-type",
    "CC0005": "missing-field",
    "CC0006": "value-not-allowed",
    "CC0007": "not-a-quantity",
    "CC0008": "not-a-name",
    "CC1001": "not-a-network-range",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A spec as far as it could be read.

    `spec` is None where too little is right; `broken` holds the paths of the parts that were left out because of a
    finding, as the source has them, so that nobody reports their absence a second time.
    """

    spec: Spec | None
    findings: tuple[Finding, ...]
    broken: tuple[Path, ...] = ()


def read_spec(source: Source) -> Reading:
    """Validate the structure of a spec and report all its mistakes at once."""
    if not isinstance(source.data, dict):
        message = f"a spec is a mapping, not {kind_of(source.data)}"
        return Reading(None, (_finding("CC0004", message, source, (), fix="start with `apiVersion:`"),))
    data, findings, broken = source.data, list[Finding](), list[Path]()
    for _ in range(8):
        try:
            spec = Spec.model_validate(data)
        except ValidationError as error:
            problems = error.errors(include_url=False)
            if data is source.data:
                data = copy.deepcopy(data)
                findings = [_explain(problem, source) for problem in problems if not _is_echo(problem)]
            paths = sorted({_node(problem, data) for problem in problems}, key=_steps, reverse=True)
            broken += [original(path, tuple(broken)) for path in paths]
            if () in paths or not all(_prune(data, path) for path in paths):
                break
        else:
            return Reading(spec, tuple(findings), tuple(broken))
    return Reading(None, tuple(findings), tuple(broken))


def original(path: Path, left_out: Collection[Path]) -> Path:
    """Return where the source has what stands at `path` once parts of it were left out: lists were longer."""
    found: Path = ()
    for step in path:
        position = step
        if isinstance(position, int):
            for lost in sorted(lost[-1] for lost in left_out if lost[:-1] == found and isinstance(lost[-1], int)):
                position += lost <= position
        found = (*found, position)
    return found


def _is_echo(problem: Any) -> bool:
    """Return whether pydantic calls a list too short only because it did not count its broken items."""
    return bool(problem["type"] == "too_short" and len(problem["input"]) >= problem["ctx"]["min_length"])


def _steps(path: Path) -> list[tuple[int, int, str]]:
    return [(0, step, "") if isinstance(step, int) else (1, 0, step) for step in path]


def _node(problem: Any, data: Any) -> Path:
    """Return the path of the node to leave out because of a problem: the value itself, or who lacks a field."""
    path = _real(problem["loc"], data)
    return path[:-1] if problem["type"] == "missing" and path else path


def _real(loc: tuple[str | int, ...], data: Any) -> Path:
    """Return the part of pydantic's location that exists in the data; it adds steps for unions and mapping keys."""
    node, path = data, list[Step]()
    for position, step in enumerate(loc):
        if _holds(node, step):
            node = node[step]
        elif position == len(loc) - 1 and step != "[key]" and isinstance(node, dict):
            return (*path, step)
        else:
            continue
        path.append(step)
    return tuple(path)


def _holds(node: Any, step: Step) -> bool:
    if isinstance(node, list):
        return isinstance(step, int) and step < len(node)
    return isinstance(node, dict) and step in node


def _prune(data: Any, path: Path) -> bool:
    """Remove the node at `path`; a list keeps its other items in order."""
    for step in path[:-1]:
        data = data[step]
    try:
        del data[path[-1]]
    except (KeyError, IndexError, TypeError):
        return False
    return True


def _finding(id_: str, message: str, source: Source, path: Path, *, fix: str = "", at_key: bool = False) -> Finding:
    span = source.key_span(path) if at_key else source.span(path)
    return Finding(
        id=id_,
        name=NAMES[id_],
        severity=Severity.ERROR,
        message=message,
        file=source.file,
        path=source.name(path),
        span=span,
        fix=fix,
    )


def _explain(problem: Any, source: Source) -> Finding:
    """Return what a person can act on: the value found, the values allowed, the way to mend it."""
    path = _real(problem["loc"], source.data)
    kind, context = problem["type"], problem.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown(path, source)
    if kind == "missing":
        where = source.name(path[:-1]) or "the spec"
        message = f"{where} lacks {path[-1]}"
        return _finding("CC0005", message, source, path[:-1], fix=_field_help(path), at_key=True)
    if "fix" in context:
        id_ = {
            "quantity": "CC0007",
            "name": "CC0008",
            "label": "CC0008",
            "cidr": "CC1001",
            "host_bits": "CC1001",
            "shorthand": "CC0004",
        }
        at_key = problem["loc"][-1] == "[key]"
        return _finding(id_.get(kind, "CC0006"), context["message"], source, path, fix=context["fix"], at_key=at_key)
    found, label = shown(problem["input"]), source.name(path)
    if kind in _WANTED:
        allowed = _WANTED[kind]
        return _finding("CC0004", f"{label} is {found}, not {allowed}", source, path, fix=f"write {allowed}")
    if kind == "literal_error":
        return _literal(path, source, found, str(context["expected"]))
    return _finding("CC0006", f"{label} is {found}: {_limit(problem, context)}", source, path)


_WANTED = {
    "int_type": "a whole number",
    "float_type": "a number",
    "string_type": "a text",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "is_instance_of": "of another kind",
}


def _limit(problem: Any, context: dict[str, Any]) -> str:
    texts = {
        "greater_than_equal": "the least that is allowed is {ge}",
        "greater_than": "it must be above {gt}",
        "string_too_long": "more than {max_length} characters",
        "less_than_equal": "the most that is allowed is {le}",
        "string_pattern_mismatch": "it must look like {pattern}",
        "too_short": "at least {min_length} is needed",
        "string_too_short": "an empty text is not allowed",
    }
    template = texts.get(problem["type"])
    return template.format(**context) if template else str(problem["msg"])


def _literal(path: Path, source: Source, found: str, expected: str) -> Finding:
    allowed = [word.strip("'") for word in expected.replace(" or ", ", ").split(", ")]
    near = nearest(found.strip("'\""), allowed)
    fix = f"did you mean {near}?" if near else "choose one of them"
    message = f"{source.name(path)} is {found}; allowed: {', '.join(allowed)}"
    return _finding("CC0006", message, source, path, fix=fix)


def _unknown(path: Path, source: Source) -> Finding:
    key, parent = str(path[-1]), source.name(path[:-1]) or "a spec"
    known = fields_at(Spec, path[:-1])
    near = nearest(key, known)
    if key == "<<":
        fix = "merge keys are not part of YAML 1.2: repeat the fields, or write the spec in Jsonnet"
    elif near:
        fix = f"did you mean {near}?"
    else:
        fix = f"it knows {', '.join(known)}" if known else "remove it"
    return _finding("CC0002", f"{parent} has no field {key}", source, path, fix=fix, at_key=True)


def _field_help(path: Path) -> str:
    field = fields_at(Spec, path[:-1]).get(str(path[-1]))
    return f"add {path[-1]}: {field.description}" if field and field.description else f"add {path[-1]}"


def is_block(value: object) -> bool:
    """Return whether a value is a block of the spec."""
    return isinstance(value, Block)
