"""The YAML writer: whatever tree it writes, readers of YAML 1.1 and of YAML 1.2 get it back."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from clusterc.yamltext import dump

# Each is something else to some reader when it stands bare, or ends a value, a line or a document too early.
AWKWARD = (
    *("y", "Y", "n", "N", "yes", "Yes", "NO", "no", "on", "ON", "off", "true", "True", "FALSE"),
    *("null", "Null", "NULL", "~", "", "nan", ".nan", ".NaN", ".inf", "-.INF", "+.inf", "inf"),
    *("0", "1", "-1", "+1", "007", "0o14", "0O14", "0x1F", "0b11", "1_000", "1e3", "1E3", "1e-3", ".5", "5.", "1.5"),
    *("12:30", "1:2:3", "190:20:30.15", "2027-06-30", "2027-06-30T12:00:00Z", "2001-1-1", "=", "<<", "1.2.3"),
    *("-", "--", "---", "...", "- a", "?", "? a", ":", "a: b", "a:", ":a", "#", "a #b", "#a", "a#b"),
    *("'", '"', "''", "it's", '"quoted"', "\\", "\\n", "a\\", "`", "@", "@a", "%", "%TAG", "!", "!!str a", "&a", "*a"),
    *("[", "]", "{", "}", ",", "[a]", "{a: b}", "|", ">", "|-", "> folded", "a, b"),
    *(" ", "  ", " a", "a ", "\ta", "a\t", "a\tb", "\t", "a  b"),
    *("\n", "\n\n", "a\n", "a\nb", "a\nb\n", "a\n\nb", "\na", "a\n\n", " a\nb", "a \nb", "a\n b", "a\n\tb", "#a\nb"),
    *("\r", "a\rb", "a\r\nb", "\x00", "\x07", "\x1b[31m", "\x7f", "\x85", "a\x85b", "\xa0", "\u2028", "a\u2029b"),
    *("\ufeff", "\ufeffa", "é", "日本語", "😀", "👩‍💻", "\ud800", "\uffff", "a\x0bb", "a\x0cb", "--- a\n...\nb"),
    *("10.0.0.0/8", "fd00::/8", "::1", "8Gi", "500m", "30s", "10%", "1h30m", "50Mi", "2e9Gi", "5e3", "0.1", "-5%"),
    *("a" * 300, "word " * 60, "path/to:tag@sha256:0", "group:name", "a:b:c", "http://x:1/y?z=1#f"),
)  # fmt: skip

CHARACTERS = st.characters(codec="utf-8")
TEXTS = st.sampled_from([text for text in AWKWARD if "\ud800" not in text]) | st.text(CHARACTERS)
# Kubernetes' numbers are 64 bits wide; its reader goes through JSON, which has no other floats than finite ones.
SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
) | TEXTS
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12
)


def read(text: str, version: str) -> Any:
    reader = YAML(typ="safe", pure=True)
    reader.version = version
    return reader.load(text)


def same(one: Any, other: Any) -> bool:
    """Return whether two trees are equal, with keys in the same order, and no boolean passes for a number."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, (bool, str)) or isinstance(other, (bool, str)):
        return type(one) is type(other) and one == other
    return bool(one == other)


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@given(tree=TREES)
@example(tree={"": {"": [""]}, "y": [], "n": {}})
@example(tree=[[[]], [{}], [[1, [2]], {"a": [{"b": ["c\n"]}]}]])
@example(tree=1e-07)
@example(tree=1e22)
@example(tree=-0.0)
def test_every_tree_reads_as_it_was(version: str, tree: Any) -> None:
    assert same(read(dump(tree), version), tree)


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("text", [text for text in AWKWARD if "\ud800" not in text], ids=ascii)
def test_an_awkward_text_stays_a_text_wherever_it_stands(version: str, text: str) -> None:
    for tree in (text, [text], {text: text}, {"a": {text: [text, {"b": text}]}}, [[text], {"k": text}]):
        assert same(read(dump(tree), version), tree)


@pytest.mark.parametrize(
    "text",
    ["y", "N", "yes", "NO", "on", "Off", "true", "null", "~", "", "0o14", "1e3", "12:30", "0x1F", "1_000", ".inf"],
)
def test_what_some_reader_takes_for_another_value_is_quoted(text: str) -> None:
    assert dump({"key": text}) == f"key: '{text}'\n"
    assert dump({text: 1}) == f"'{text}': 1\n"


@pytest.mark.parametrize(
    "text", ["kube-system", "10%", "8Gi", "500m", "30s", "/etc/kubernetes", "registry.k8s.io/pause:3.10"]
)
def test_what_everybody_reads_alike_stands_bare(text: str) -> None:
    assert dump({"key": text}) == f"key: {text}\n"


@pytest.mark.parametrize("text", ["a\nb", "a\nb\n", "set -eu\n\n  indented\n"])
def test_several_lines_are_written_as_several_lines(text: str) -> None:
    assert len(dump({"key": text}).splitlines()) > len(text.splitlines())


@given(TREES)
def test_only_characters_that_every_editor_shows_are_written(tree: Any) -> None:
    text = dump(tree)
    assert re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]", text) is None
    assert text.endswith("\n")


def test_a_lone_surrogate_is_escaped() -> None:
    text = dump({"key": "\ud800"})
    assert text == 'key: "\\ud800"\n'
    assert json.loads(text.partition(": ")[2]) == "\ud800"


@pytest.mark.parametrize("value", [{1, 2}, b"bytes", object(), (1, 2)])
def test_what_is_no_plain_tree_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="plain tree"):
        dump({"key": value})


@given(TREES)
def test_writing_twice_gives_the_same_text(tree: Any) -> None:
    assert dump(tree) == dump(read(dump(tree), "1.2"))
