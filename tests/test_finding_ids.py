"""An id is one kind of mistake: it has one name wherever it is reported, and a broken spec that shows it."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "compiler" / "clusterc"
ID = re.compile(r"CC\d{4}")
NAME = re.compile(r"[a-z]+(-[a-z]+)+|syntax|incomplete|jsonnet")
SHOWN = re.compile(r"^# error: \S+ \[(CC\d{4}) ", re.MULTILINE)

# What no spec of tests/broken/ can say, and where it is shown instead.
ELSEWHERE = {
    "CC0010": ("bytes that an editor would mend", "tests/test_broken.py"),
    "CC0015": ("a text too large to keep", "tests/test_broken.py"),
    "CC0016": ("a program, not YAML", "tests/test_broken.py"),
    "CC0021": ("an overlay, which is a file beside the spec", "tests/unit/test_overlay.py"),
    "CC0029": ("two specs", "tests/cli/test_build.py"),
    "CC8001": ("a spec and another release", "tests/unit/test_upgrade.py"),
}


def texts(nodes: list[ast.expr]) -> list[str]:
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def named(tree: ast.AST) -> Iterator[tuple[str, str, bool]]:
    """Yield each id that is given a name, the name, and whether it is an error: in a call or in a table of names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            said = texts([*node.args, *(word.value for word in node.keywords if word.arg in {"id", "name"})])
            mild = any(isinstance(part, ast.Attribute) and part.attr in {"WARNING", "INFO"} for part in ast.walk(node))
            if len(said) > 1 and ID.fullmatch(said[0]) and NAME.fullmatch(said[1]):
                yield said[0], said[1], not mild
        elif isinstance(node, ast.Dict):
            keys = texts([key for key in node.keys if key])
            if keys and len(keys) == len(node.keys) and all(map(ID.fullmatch, keys)):
                yield from ((key, name, True) for key, name in zip(keys, texts(node.values), strict=True))


def mentioned(tree: ast.AST) -> set[str]:
    found = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return {text for text in found if re.fullmatch(r"CC\d+", text)}


TREES = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))]
NAMED = [each for tree in TREES for each in named(tree)]


def test_an_id_has_one_name_and_a_name_one_id() -> None:
    names, ids = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for id_, name, _ in NAMED:
        names[id_].add(name)
        ids[name].add(id_)
    assert {id_: found for id_, found in names.items() if len(found) > 1} == {}
    assert {name: found for name, found in ids.items() if len(found) > 1} == {}


def test_every_id_that_is_mentioned_has_its_form_and_a_name() -> None:
    mentions = {id_ for tree in TREES for id_ in mentioned(tree)}
    assert [id_ for id_ in sorted(mentions) if not ID.fullmatch(id_)] == []
    assert sorted(mentions - {id_ for id_, _, _ in NAMED}) == []


def test_every_error_is_shown_by_a_broken_spec() -> None:
    shown = {id_ for file in (ROOT / "tests/broken").glob("*.yaml") for id_ in SHOWN.findall(file.read_text())}
    errors = {id_ for id_, _, is_error in NAMED if is_error}
    assert sorted(errors - shown - ELSEWHERE.keys()) == []
    assert sorted(shown & ELSEWHERE.keys()) == []


def test_what_no_broken_spec_can_show_is_shown_elsewhere() -> None:
    absent = [id_ for id_, (_, file) in ELSEWHERE.items() if id_ not in (ROOT / file).read_text()]
    assert absent == []
