"""A run that dies or fails at any change to the disk leaves a tree that the next run completes by itself."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import write_victim
from clusterc.write import WriteError
from clusterc.write.commit import commit
from clusterc.write.names import folders_of
from clusterc.write.plan import plan
from write_trees import CHANGES, NEW, OLD, VERSION, Dead, build, put, stroke, tree

if TYPE_CHECKING:
    from collections.abc import Mapping

Texts = dict[str, str]
THIRD = {"a/stays.yaml": "3", "gone/deep/x.yaml": "3", "new": "1", "swap": "2", "third/x": "1"}


def _write(root: Path, texts: Mapping[str, str], *, replace: bool = False) -> None:
    commit(plan(root, build(texts), tool_version=VERSION, replace=replace))


def _expected(texts: Mapping[str, str]) -> dict[str, str | None]:
    """Return the tree that a build into an empty place makes, seen from the folder above it."""
    with TemporaryDirectory() as folder:
        _write(Path(folder, "out"), texts)
        return tree(Path(folder))


def _die() -> None:
    raise Dead


def _write_and_die(root: Path, texts: Mapping[str, str], at: int, *, replace: bool = False) -> bool:
    """Return whether the run died; it does not if it makes no more than `at` changes."""
    todo = plan(root, build(texts), tool_version=VERSION, replace=replace)
    try:
        with stroke(at, _die, fatal=True):
            commit(todo)
    except Dead:
        return True
    return False


def _fail() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _write_and_fail(root: Path, texts: Mapping[str, str], at: int) -> tuple[WriteError | None, bool]:
    """Return the error of the run and whether a change failed: one that was not needed anyway makes no error."""
    todo = plan(root, build(texts), tool_version=VERSION)
    with stroke(at, _fail, fatal=False) as asked:
        try:
            commit(todo)
        except WriteError as error:
            return error, True
    return None, len(asked) > at


def _assert_reported(root: Path, *builds: Mapping[str, str]) -> None:
    """Assert that no build meets a conflict, and that a tree said to be current is exactly that build."""
    for texts in builds:
        found = plan(root, build(texts), tool_version=VERSION)
        assert not found.conflicts
        if found.is_current:
            assert tree(root.parent) == _expected(texts)


def _without_collisions(texts: Texts) -> Texts:
    return {path: text for path, text in texts.items() if not texts.keys() & set(folders_of(path))}


PATHS = ["a", "a/b", "a/b/c", "a/d.sh", "e", "e/a", "f.sh", ".g", ".h/i"]
TREES = st.dictionaries(st.sampled_from(PATHS), st.sampled_from(["", "1", "22", "333\n"])).map(_without_collisions)


@given(first=st.none() | TREES, runs=st.lists(st.tuples(TREES, st.integers(0, 50)), min_size=1, max_size=3), last=TREES)
@settings(max_examples=300, deadline=None)
def test_after_any_deaths_of_any_builds_the_next_build_stands_exactly(
    first: Texts | None, runs: list[tuple[Texts, int]], last: Texts
) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder, "out")
        if first is not None:
            _write(root, first)
        before: Texts = first or {}
        for texts, at in runs:
            _write_and_die(root, texts, at)
            _assert_reported(root, before, texts, last)
            before = texts
        _write(root, last)
        assert tree(root.parent) == _expected(last)


@pytest.mark.parametrize("old", [None, OLD], ids=["a new tree", "a standing tree"])
@pytest.mark.parametrize("after", [NEW, OLD, THIRD], ids=["the same build", "the old build", "another build"])
def test_no_point_of_death_keeps_a_later_build_from_its_work(tmp_path: Path, old: Texts | None, after: Texts) -> None:
    at, died = 0, True
    while died:
        root = tmp_path / str(at) / "out"
        if old is not None:
            _write(root, old)
        died = _write_and_die(root, NEW, at)
        _assert_reported(root, OLD, NEW, after)
        _write(root, after)
        assert tree(root.parent) == _expected(after)
        at += 1
    assert at > len(NEW) * 3


@pytest.mark.parametrize("old", [None, OLD], ids=["a new tree", "a standing tree"])
def test_killed_by_the_kernel_at_every_change_the_next_run_completes_the_tree(
    tmp_path: Path, old: Texts | None
) -> None:
    at, code = 0, -signal.SIGKILL
    while code:
        root = tmp_path / str(at) / "out"
        root.parent.mkdir()
        if old is not None:
            _write(root, old)
        code = subprocess.run([sys.executable, write_victim.__file__, str(root), str(at)], check=False).returncode
        assert code in (0, -signal.SIGKILL)
        _assert_reported(root, OLD, NEW)
        _write(root, NEW)
        assert tree(root.parent) == _expected(NEW)
        at += 1
    assert at > len(NEW) * 3


def test_a_new_tree_is_absent_until_it_is_whole(tmp_path: Path) -> None:
    at = 0
    while _write_and_die(tmp_path / str(at) / "out", NEW, at):
        assert not (tmp_path / str(at) / "out").exists()
        at += 1
    assert at > len(NEW) * 3


def test_a_replacement_once_begun_is_completed_without_asking_again(tmp_path: Path) -> None:
    at, died = 0, True
    while died:
        root = tmp_path / str(at) / "out"
        _write(root, OLD)
        put(root, {"a/turns.yaml": "by hand", "gone/deep/x.yaml": "by hand", "new/deep/x.yaml": "theirs"})
        died = _write_and_die(root, NEW, at, replace=True)
        if (root / ".clusterc-journal.json").exists():
            _write(root, THIRD)
            assert tree(root.parent) == _expected(THIRD)
        at += 1
    assert at > len(NEW) * 3


def test_a_manifest_once_replaced_is_replaced_without_asking_again(tmp_path: Path) -> None:
    at, died = 0, True
    while died:
        root = tmp_path / str(at) / "out"
        put(root, {"MANIFEST.json": "[]", "b": "theirs"})
        died = _write_and_die(root, {"a": "1", "b": "1"}, at, replace=True)
        if (root / ".clusterc-journal.json").exists():
            _write(root, {"b": "2"})
            assert tree(root.parent) == _expected({"b": "2"})
        at += 1
    assert at > 3 * 3


def test_what_a_person_changes_after_a_death_is_still_noticed(tmp_path: Path) -> None:
    root = tmp_path / "out"
    _write(root, OLD)
    assert _write_and_die(root, NEW, 20)
    put(root, {"a/turns.yaml": "by hand"})
    found = plan(root, build(NEW), tool_version=VERSION)
    assert [(conflict.path, conflict.reason) for conflict in found.conflicts] == [("a/turns.yaml", "edited by hand")]


@pytest.mark.parametrize("old", [None, OLD], ids=["a new tree", "a standing tree"])
def test_a_disk_that_fails_at_any_change_is_an_error_that_tells_what_was_left(
    tmp_path: Path, old: Texts | None
) -> None:
    at, struck = 0, True
    while struck:
        folder = tmp_path / str(at)
        folder.mkdir()
        root = folder / "above/out" if old is None else folder / "out"
        if old is not None:
            _write(root, old)
        before = tree(folder)
        error, struck = _write_and_fail(root, NEW, at)
        if error:
            untouched = "nothing was left behind" if old is None else "nothing was changed"
            assert os.strerror(errno.ENOSPC) in error.message
            assert error.path.is_relative_to(folder)
            assert error.message.endswith(untouched) == (tree(folder) == before)
            assert error.message.endswith((untouched, "the next run completes it"))
        _write(root, NEW)
        assert tree(root.parent) == _expected(NEW)
        at += 1
    assert at > len(NEW) * 3


@pytest.mark.parametrize("stands", [True, False])
def test_a_file_that_does_not_fit_on_the_disk_is_named_with_the_cause(tmp_path: Path, *, stands: bool) -> None:
    root = tmp_path / "out"
    if stands:
        _write(root, OLD)
    before = tree(tmp_path)
    texts = {"big/file.yaml": "x" * 100_000}
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))
    try:
        with pytest.raises(WriteError, match=os.strerror(errno.EFBIG)) as caught:
            _write(root, texts)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert caught.value.path == root / "big/file.yaml"
    if stands:
        assert caught.value.message.endswith("the next run completes it")
    else:
        assert tree(tmp_path) == before
    _write(root, texts)
    assert tree(tmp_path) == _expected(texts)


def test_the_deaths_are_at_every_way_to_change_the_disk(tmp_path: Path) -> None:
    seen: set[str] = set()
    for texts in (OLD, NEW):
        todo = plan(tmp_path / "out", build(texts), tool_version=VERSION)
        with stroke(10_000, _die, fatal=True) as asked:
            commit(todo)
        seen.update(asked)
    assert seen == set(CHANGES)
