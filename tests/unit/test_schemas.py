"""What is wrong with a tree by its schema, in words, whatever the schema's form."""

from __future__ import annotations

from typing import Any

import pytest

from clusterc.diagnostics import Path
from clusterc.kubernetes.schemas import schema_problems
from clusterc.kubernetes.tables import Elsewhere, Node

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}


def told(schema: Node, tree: Any, *, part: Path | None = None) -> list[tuple[Path, str, str]]:
    problems = schema_problems(tree, schema, of="Kind of 1.0", known=lambda _path, _node: Elsewhere(), part=part)
    return [(problem.path, problem.text, problem.fix) for problem in problems]


def of(**properties: Node) -> Node:
    return {"type": "object", "additionalProperties": False, "properties": properties}


CASES: dict[str, tuple[Node, Any, Path, str, str]] = {
    "one type of several": (
        of(port={"type": ["integer", "string"]}),
        {"port": [1]},
        ("port",),
        "port of Kind is a list, not a whole number or a text",
        "write a whole number or a text",
    ),
    "any of several types": (
        of(port={"anyOf": [NUMBER, TEXT]}),
        {"port": True},
        ("port",),
        "port of Kind is true, not a whole number or a text",
        "write a whole number or a text",
    ),
    "the branch that comes nearest": (
        of(action={"anyOf": [TEXT, of(path=TEXT)]}),
        {"action": {"path": 1}},
        ("action", "path"),
        "action.path of Kind is 1, not a text",
        'quote it: "1"',
    ),
    "too little": (
        of(percent={"type": "integer", "minimum": 0, "maximum": 100}),
        {"percent": 101},
        ("percent",),
        "percent of Kind is 101: the most that is allowed is 100",
        "",
    ),
    "one allowed value": (
        of(kind={"const": "Policy"}),
        {"kind": "Polcy"},
        ("kind",),
        "kind of Kind is 'Polcy'; allowed: Policy",
        "did you mean Policy?",
    ),
    "a field of a named item": (
        of(containers={"type": "array", "items": of(name=TEXT, image=TEXT)}),
        {"containers": [{"name": "a"}, {"name": "b", "imagee": "x"}]},
        ("containers", 1, "imagee"),
        "Kind of 1.0 has no field containers[b].imagee",
        "did you mean image?",
    ),
    "nothing like it": (
        of(image=TEXT, name=TEXT),
        {"zzz": 1},
        ("zzz",),
        "Kind of 1.0 has no field zzz",
        "it knows image, name",
    ),
    "what is lacking": (
        {**of(name=TEXT, image=TEXT), "required": ["name", "image"]},
        {},
        (),
        "Kind of 1.0 lacks name and image",
        "add name and image",
    ),
    "the tree itself": (of(name=TEXT), [], (), "Kind of 1.0 is a list, not a mapping", "write a mapping"),
    "a rule without words": (
        of(names={"type": "array", "uniqueItems": True}),
        {"names": ["a", "a"]},
        ("names",),
        "names of Kind is a list: ['a', 'a'] has non-unique elements",
        "",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_said_in_words(name: str) -> None:
    schema, tree, path, text, fix = CASES[name]
    assert told(schema, tree) == [(path, text, fix)]


def test_what_a_part_leaves_out_is_not_said() -> None:
    inner = {**of(name=TEXT), "required": ["name"]}
    schema = {**of(items={"type": "array", "items": {**of(part=inner), "required": ["other"]}}), "required": ["more"]}
    assert told(schema, {"items": [{"part": {}}]}, part=("items", 0, "part")) == []
    assert [text for _, text, _ in told(schema, {"items": [{"part": {}}]})] == [
        "items[0].part of Kind lacks name",
        "items[0] of Kind lacks other",
        "Kind of 1.0 lacks more",
    ]


def test_paths_in_messages_begin_behind_the_last_position_of_a_part() -> None:
    schema = of(items={"type": "array", "items": of(part=of(name=TEXT))})
    assert told(schema, {"items": [{"part": {"nam": "x"}}]}, part=("items", 0, "part")) == [
        (("items", 0, "part", "nam"), "Kind of 1.0 has no field part.nam", "did you mean name?")
    ]
