"""What a run does to the disk when it lives."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import stat
from typing import TYPE_CHECKING

import pytest

from clusterc.write import WriteError
from clusterc.write.commit import commit
from clusterc.write.plan import Plan, plan
from write_trees import VERSION, build, put, tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def _plan(root: Path, texts: Mapping[str, str], *, replace: bool = False) -> Plan:
    return plan(root, build(texts), tool_version=VERSION, replace=replace)


def _write(root: Path, texts: Mapping[str, str], *, replace: bool = False) -> Path:
    commit(_plan(root, texts, replace=replace))
    return root


def _files(root: Path) -> dict[str, str]:
    """Return the files but for the manifest, which must list exactly these."""
    files = {path: text for path, text in tree(root).items() if text is not None}
    assert sorted(json.loads(files.pop("MANIFEST.json"))["files"]) == sorted(files)
    return files


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return _write(tmp_path / "out", {"a": "1", "b/c": "1", "b/d/e": "1"})


@pytest.fixture
def umask() -> Iterator[None]:
    before = os.umask(0o077)
    yield
    os.umask(before)


def test_a_new_tree_holds_the_files_and_lies_alone_in_its_folder(tmp_path: Path) -> None:
    texts = {"a": "1", "b/c/d": "ü\n", "b/e": "", "f": "x\r\ny"}
    root = _write(tmp_path / "above/that/out", texts)
    assert {path: (root / path).read_bytes().decode() for path in texts} == texts
    assert [path.name for path in root.parent.iterdir()] == ["out"]
    assert sorted(_files(root)) == sorted(texts)


def test_a_folder_that_is_there_and_empty_is_filled(tmp_path: Path) -> None:
    assert _files(_write(tmp_path, {"a": "1"})) == {"a": "1"}


def test_the_folder_one_stands_in_can_be_the_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _write(tmp_path.joinpath("x").relative_to(tmp_path).parent, {"a": "1"})
    assert _files(tmp_path) == {"a": "1"}


@pytest.mark.parametrize("stands", [True, False])
def test_scripts_can_be_run_and_nothing_else_whatever_the_umask(tmp_path: Path, umask: None, *, stands: bool) -> None:
    del umask
    if stands:
        _write(tmp_path / "out", {})
    root = _write(tmp_path / "out", {"a.yaml": "1", "x/run.sh": "1"})
    modes = {name: stat.S_IMODE((root / name).stat().st_mode) for name in ("a.yaml", "x/run.sh", "MANIFEST.json")}
    assert modes == {"a.yaml": 0o644, "x/run.sh": 0o755, "MANIFEST.json": 0o644}


def test_a_script_that_lost_its_permission_gets_it_back(tmp_path: Path) -> None:
    root = _write(tmp_path / "out", {"run.sh": "1"})
    (root / "run.sh").chmod(0o644)
    _write(root, {"run.sh": "1"})
    assert os.access(root / "run.sh", os.X_OK)


def test_a_standing_tree_becomes_the_new_one(root: Path) -> None:
    texts = {"a": "2", "b/d/e": "1", "f/g": "1"}
    assert _files(_write(root, texts)) == texts
    assert _plan(root, texts).is_current


def test_files_that_stay_the_same_keep_their_time_stamps(root: Path) -> None:
    for path in ("a", "b/c", "b/d/e", "MANIFEST.json"):
        os.utime(root / path, ns=(1, 1))
    _write(root, {"a": "2", "b/c": "1", "b/d/e": "1"})
    unchanged = [path for path in ("a", "b/c", "b/d/e", "MANIFEST.json") if (root / path).stat().st_mtime_ns == 1]
    assert unchanged == ["b/c", "b/d/e"]


def test_a_run_with_nothing_to_do_touches_nothing(root: Path) -> None:
    os.utime(root, ns=(1, 1))
    _write(root, {"a": "1", "b/c": "1", "b/d/e": "1"})
    assert root.stat().st_mtime_ns == 1


def test_folders_left_empty_go_and_others_stay(root: Path) -> None:
    _write(root, {"b/c": "1"})
    assert set(tree(root)) == {"MANIFEST.json", "b", "b/c"}


def test_a_file_and_a_folder_swap_places(root: Path) -> None:
    texts = {"a/x/y": "1", "b": "1"}
    assert _files(_write(root, texts)) == texts


def test_a_plan_in_conflict_is_not_carried_out(root: Path) -> None:
    put(root, {"a": "by hand"})
    before = tree(root)
    with pytest.raises(WriteError, match="nothing was changed") as caught:
        _write(root, {"a": "2", "new": "1"})
    assert caught.value.path == root
    assert tree(root) == before


def test_a_file_of_others_keeps_the_whole_build_from_being_written(root: Path) -> None:
    put(root, {"b/theirs": "x"})
    before = tree(root)
    with pytest.raises(WriteError, match="must not touch"):
        _write(root, {"a": "2"})
    assert tree(root) == before


def test_replace_overwrites_edits_removes_edited_leftovers_and_leaves_the_files_of_others(root: Path) -> None:
    put(root, {"a": "by hand", "b/c": "by hand", "new": "by hand", "b/theirs": "x"})
    _write(root, {"a": "2", "new": "1"}, replace=True)
    files = {path: text for path, text in tree(root).items() if path != "MANIFEST.json" and text is not None}
    assert files == {"a": "2", "new": "1", "b/theirs": "x"}


def test_a_folder_that_only_a_link_of_others_keeps_stays_with_it(root: Path) -> None:
    (root / "b/d/link").symlink_to("nowhere")
    _write(root, {"a": "1"}, replace=True)
    assert (root / "b/d/link").is_symlink()


def test_what_is_replaced_no_longer_conflicts(root: Path) -> None:
    put(root, {"a": "by hand"})
    _write(root, {"a": "2"}, replace=True)
    assert _plan(root, {"a": "2"}).is_current
    assert not _plan(root, {"a": "3"}).conflicts


def test_a_file_deleted_by_hand_comes_back(root: Path) -> None:
    (root / "b/c").unlink()
    _write(root, {"a": "1", "b/c": "1", "b/d/e": "1"})
    assert (root / "b/c").read_text() == "1"


def test_a_merge_that_left_conflict_markers_in_the_manifest_is_mended(root: Path) -> None:
    before = (root / "MANIFEST.json").read_text()
    put(root, {"MANIFEST.json": f"<<<<<<< ours\n{before}=======\n>>>>>>> theirs\n"})
    _write(root, {"a": "1", "b/c": "1", "b/d/e": "1"})
    assert (root / "MANIFEST.json").read_text() == before


def test_a_second_run_at_the_same_time_is_refused(root: Path) -> None:
    before, todo = tree(root), _plan(root, {"a": "2"})
    descriptor = os.open(root, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    with pytest.raises(WriteError, match="another run of clusterc is writing here") as caught:
        commit(todo)
    assert caught.value.path == root
    assert tree(root) == before
    os.close(descriptor)
    commit(todo)
    assert _files(root) == {"a": "2"}


def test_a_second_run_that_builds_the_same_new_tree_is_refused(tmp_path: Path) -> None:
    todo, staging = _plan(tmp_path / "out", {"a": "1"}), tmp_path / ".out.clusterc-part"
    put(staging, {"of-the-first-run": "1"})
    descriptor = os.open(staging, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    with pytest.raises(WriteError, match="another run of clusterc is writing here"):
        commit(todo)
    assert tree(tmp_path) == {".out.clusterc-part": None, ".out.clusterc-part/of-the-first-run": "1"}
    os.close(descriptor)
    commit(todo)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_run_that_gets_the_lock_of_a_tree_another_run_has_just_finished_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    todo = _plan(tmp_path / "out", {"a": "1"})

    def finish_the_first_run(_descriptor: int, _operation: int) -> None:
        (tmp_path / ".out.clusterc-part").rename(tmp_path / "out")

    monkeypatch.setattr(fcntl, "flock", finish_the_first_run)
    with pytest.raises(WriteError, match="another run of clusterc is writing here"):
        commit(todo)
    assert tree(tmp_path) == {"out": None}


def test_a_link_in_the_place_of_an_unfinished_file_is_removed_and_not_followed(tmp_path: Path, root: Path) -> None:
    put(tmp_path, {"elsewhere": "precious"})
    (root / ".clusterc-part").symlink_to(tmp_path / "elsewhere")
    _write(root, {"a": "2"})
    assert (tmp_path / "elsewhere").read_text() == "precious"
    assert _files(root) == {"a": "2"}


def test_a_new_tree_that_another_run_has_under_way_is_not_cleared_away(tmp_path: Path, root: Path) -> None:
    staging = tmp_path / ".out.clusterc-part"
    put(staging, {"x": "1"})
    descriptor = os.open(staging, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    with pytest.raises(WriteError, match="another run of clusterc is writing here"):
        _write(root, {"a": "2"})
    assert (staging / "x").exists()
    assert (root / "a").read_text() == "1"
    os.close(descriptor)
    _write(root, {"a": "2"})
    assert not staging.exists()


def test_a_plan_overtaken_by_another_run_is_refused(root: Path) -> None:
    late = _plan(root, {"a": "2"})
    _write(root, {"a": "3"})
    with pytest.raises(WriteError, match="another run has changed it"):
        commit(late)
    assert _files(root) == {"a": "3"}


def test_a_new_tree_overtaken_by_another_run_is_refused(tmp_path: Path) -> None:
    late = _plan(tmp_path / "out", {"a": "2"})
    _write(tmp_path / "out", {"a": "3"})
    with pytest.raises(WriteError, match="nothing was left behind") as caught:
        commit(late)
    assert caught.value.path == tmp_path / "out"
    assert _files(tmp_path / "out") == {"a": "3"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_file_system_that_locks_no_folders_is_written_all_the_same(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))

    monkeypatch.setattr(fcntl, "flock", refuse)
    assert _files(_write(root, {"a": "2"})) == {"a": "2"}


def test_a_link_in_the_place_of_the_folder_in_which_a_new_tree_is_built_is_not_followed(tmp_path: Path) -> None:
    put(tmp_path, {"elsewhere/precious": "1"})
    (tmp_path / ".out.clusterc-part").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(WriteError):
        _write(tmp_path / "out", {"a": "1"})
    assert (tmp_path / "elsewhere/precious").read_text() == "1"


def test_the_modules_that_only_a_conflict_needs_are_not_imported() -> None:
    import subprocess
    import sys

    program = "import sys, clusterc.write.commit; print(sorted({'difflib', 'shutil', 'tempfile'} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"
