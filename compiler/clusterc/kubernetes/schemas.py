"""Plain trees against JSON Schemas, with the words of a person who reads what is wrong: the one user of jsonschema."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from clusterc.diagnostics import Path, nearest, path_name, shown
from clusterc.kubernetes.problem import Fault, Problem, cure
from clusterc.kubernetes.tables import Elsewhere, Node

_WORDS = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "a mapping",
    "string": "a text",
}
_LIMITS = {
    "minimum": "the least that is allowed is {}",
    "maximum": "the most that is allowed is {}",
    "exclusiveMinimum": "it must be more than {}",
    "exclusiveMaximum": "it must be less than {}",
    "pattern": "it must look like {}",
    "minItems": "at least {} must be given",
    "maxItems": "at most {} may be given",
    "minLength": "it must have {} characters at the least",
    "maxLength": "it may have {} characters at the most",
}
# Where else a field is known, by its path and the schema of the mapping that lacks it.
Known = Callable[[Path, Node], Elsewhere]


def schema_problems(tree: Any, schema: Node, *, of: str, known: Known, part: Path | None = None) -> Iterator[Problem]:
    """Yield what a schema has against a tree; `of` is what messages call it.

    With `part` only what stands there was given: what the tree lacks up to there is not said, and paths in messages
    begin behind the last position of a list, which is none of a spec's.
    """
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - what passes nothing through does not pay for it

    reader, given = _Reader(tree, of, known, _hidden(part or ())), len(part) if part is not None else -1
    problems: list[Problem] = []
    for error in Draft202012Validator(schema).iter_errors(tree):
        lacks_only_what_was_not_given = error.validator == "required" and len(error.absolute_path) <= given
        # To every reader a field that is null is one that is not there.
        if not lacks_only_what_was_not_given and not (error.instance is None and error.absolute_path):
            problems += reader.problems(error)
    yield from dict.fromkeys(problems)


class _Reader:
    """Turns errors of jsonschema about one tree into problems."""

    def __init__(self, tree: Any, of: str, known: Known, hidden: Path) -> None:
        for step in hidden:
            tree = tree[step]
        self._tree, self._of, self._known, self._hidden = tree, of, known, len(hidden)

    def problems(self, error: Any) -> Iterator[Problem]:
        path, rule, wanted, found = tuple(error.absolute_path), error.validator, error.validator_value, error.instance
        if rule == "additionalProperties":
            yield from self._unknown(path, error)
        elif rule in {"anyOf", "oneOf"} and error.context:
            yield from self._choice(path, error)
        elif rule == "required":
            lacks = [name for name in wanted if name not in found]
            text = f"{self._name(path)} lacks {' and '.join(lacks)}"
            yield Problem(Fault.VALUE, path, text, f"add {' and '.join(lacks)}")
        elif rule == "type":
            yield self._type(path, found, [wanted] if isinstance(wanted, str) else wanted)
        elif rule in {"enum", "const"}:
            yield self._literal(path, found, wanted if rule == "enum" else [wanted])
        elif rule in _LIMITS:
            yield self._value(path, f"is {shown(found)}: {_LIMITS[rule].format(wanted)}", "")
        else:
            yield self._value(path, f"is {shown(found)}: {error.message}", "")

    def _unknown(self, path: Path, error: Any) -> Iterator[Problem]:
        fields = error.schema.get("properties", {})
        patterns = error.schema.get("patternProperties", {})
        for name in error.instance:
            if name in fields or any(re.search(pattern, name) for pattern in patterns):
                continue
            full = (*path, name)
            found = self._known(full, error.schema)
            text = f"{self._of} has no field {self._path(full)}{found.said}"
            yield Problem(Fault.UNKNOWN, full, text, _cure(name, list(fields), found))

    def _choice(self, path: Path, error: Any) -> Iterator[Problem]:
        """Yield one problem for a value that fits none of several schemas: the branch that comes nearest speaks."""
        from jsonschema.exceptions import best_match  # noqa: PLC0415 - as above

        kinds = [inner.validator_value for inner in error.context if inner.validator == "type" and not inner.path]
        if len(kinds) == len(error.validator_value) and all(isinstance(kind, str) for kind in kinds):
            yield self._type(path, error.instance, kinds)
            return
        nearest_branch = best_match([error])
        if nearest_branch is error:
            yield self._value(path, f"is {shown(error.instance)}, which fits none of what may stand there", "")
        else:
            yield from self.problems(nearest_branch)

    def _type(self, path: Path, found: Any, kinds: list[str]) -> Problem:
        words = " or ".join(_WORDS.get(kind, kind) for kind in kinds)
        quoted = isinstance(found, (bool, int, float)) and kinds == ["string"]
        return self._value(
            path, f"is {shown(found)}, not {words}", f'quote it: "{shown(found)}"' if quoted else f"write {words}"
        )

    def _literal(self, path: Path, found: Any, allowed: list[Any]) -> Problem:
        words = [value if isinstance(value, str) else shown(value) for value in allowed]
        near = nearest(found, words) if isinstance(found, str) else None
        fix = f"did you mean {near}?" if near else f"write {words[0]}" if len(words) == 1 else "choose one of them"
        return self._value(path, f"is {shown(found)}; allowed: {', '.join(word or shown('') for word in words)}", fix)

    def _value(self, path: Path, text: str, fix: str) -> Problem:
        return Problem(Fault.VALUE, path, f"{self._name(path)} {text}", fix)

    def _name(self, path: Path) -> str:
        return f"{self._path(path)} of {self._of.partition(' of ')[0]}" if path else self._of

    def _path(self, path: Path) -> str:
        return path_name(self._tree, path[self._hidden :])


def _hidden(part: Path) -> Path:
    positions = [number for number, step in enumerate(part) if isinstance(step, int)]
    return part[: positions[-1] + 1] if positions else ()


def _cure(name: str, fields: list[str], found: Elsewhere) -> str:
    if found.said or nearest(name, fields) or not fields:
        return cure(name, fields, found)
    most = 12
    return f"it knows {', '.join(sorted(fields)[:most])}" + (" ..." if len(fields) > most else "")
