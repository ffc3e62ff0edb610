"""Which paths a build may use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from clusterc.write import WriteError
from clusterc.write.plan import plan
from write_trees import VERSION, file

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("path", "cause"),
    [
        ("", "empty part"),
        ("/etc/passwd", "absolute"),
        ("a//b", "empty part"),
        ("a/", "empty part"),
        ("..", "only dots"),
        ("a/../../b", "only dots"),
        ("./a", "only dots"),
        ("a\\b", "backslash"),
        ("a\nb", "does not print"),
        ("a\x7fb", "does not print"),
        ("a\udc80b", "does not print"),
        ("MANIFEST.json", "taken"),
        ("Manifest.JSON", "taken"),
        (".clusterc-journal.json", "taken"),
        (".clusterc-part", "taken"),
        (".git/hooks/post-checkout", "taken"),
        ("a/.GIT/config", "taken"),
    ],
)
def test_a_path_that_no_tree_can_hold_is_refused_by_name(tmp_path: Path, path: str, cause: str) -> None:
    with pytest.raises(WriteError, match=cause) as caught:
        plan(tmp_path, [file(path, "")], tool_version=VERSION)
    assert repr(path) in caught.value.message


@pytest.mark.parametrize(
    ("paths", "cause"),
    [
        (["a", "a"], "made twice"),
        (["a", "a/b"], "a file and a folder"),
        (["a/b/c", "a/b"], "a file and a folder"),
        (["a/b", "a/B"], "'a/b' only in case"),
        (["x/a", "X/b"], "'x' only in case"),
        (["straße", "STRASSE"], "'straße' only in case"),
    ],
)
def test_two_paths_that_meet_are_refused(tmp_path: Path, paths: list[str], cause: str) -> None:
    with pytest.raises(WriteError, match=cause) as caught:
        plan(tmp_path, [file(path, "") for path in paths], tool_version=VERSION)
    assert caught.value.path == tmp_path / paths[-1]


def test_awkward_but_honest_names_are_let_through(tmp_path: Path) -> None:
    paths = [".gitattributes", "a/..b", "a/b..", "...", "a b", "MANIFEST.json.md", "x/MANIFEST.json", "ü"]
    assert set(plan(tmp_path, [file(path, "") for path in paths], tool_version=VERSION).added) > set(paths)
