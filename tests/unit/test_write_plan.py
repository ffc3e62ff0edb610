"""What a build finds in the tree that stands, and what it says about it."""

from __future__ import annotations

import json
import os
import socket
from typing import TYPE_CHECKING

import pytest

from clusterc.write import WriteError
from clusterc.write.commit import commit
from clusterc.write.conflict import Remedy
from clusterc.write.plan import Plan, plan
from write_trees import VERSION, build, put, tree

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def _plan(root: Path, texts: Mapping[str, str], *, replace: bool = False) -> Plan:
    return plan(root, build(texts), tool_version=VERSION, replace=replace)


def _made(root: Path, texts: Mapping[str, str]) -> Path:
    commit(_plan(root, texts))
    return root


def _conflicts(found: Plan) -> list[tuple[str, str, Remedy]]:
    return [(conflict.path, conflict.reason, conflict.remedy) for conflict in found.conflicts]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return _made(tmp_path / "out", {"a": "1\n", "b/c": "1\n"})


def test_a_tree_that_is_absent_is_added_whole(tmp_path: Path) -> None:
    found = _plan(tmp_path / "out", {"b": "1", "a": "1"})
    assert found.added == ("MANIFEST.json", "a", "b")
    assert not found.is_current


def test_planning_writes_nothing(tmp_path: Path, root: Path) -> None:
    before = tree(tmp_path)
    _plan(root, {"a": "2", "new/d": "1"})
    _plan(tmp_path / "other", {"a": "1"})
    assert tree(tmp_path) == before


def test_a_tree_that_was_just_made_is_current(root: Path) -> None:
    found = _plan(root, {"a": "1\n", "b/c": "1\n"})
    assert found.is_current
    assert found.unchanged == ("MANIFEST.json", "a", "b/c")


def test_what_is_new_what_differs_and_what_is_no_longer_made_are_told_apart(root: Path) -> None:
    found = _plan(root, {"a": "2\n", "d": "1\n"})
    assert (found.added, found.changed, found.removed) == (("d",), ("MANIFEST.json", "a"), ("b/c",))
    assert not found.conflicts
    assert not found.is_current


def test_another_version_of_the_tool_changes_the_manifest_and_nothing_else(root: Path) -> None:
    found = plan(root, build({"a": "1\n", "b/c": "1\n"}), tool_version="9")
    assert (found.added, found.changed, found.removed) == ((), ("MANIFEST.json",), ())


def test_a_file_deleted_by_hand_is_simply_missing(root: Path) -> None:
    (root / "a").unlink()
    found = _plan(root, {"a": "1\n", "b/c": "1\n"})
    assert found.added == ("a",)
    assert not found.conflicts


def test_a_hand_edit_is_a_conflict_with_the_difference(root: Path) -> None:
    (root / "a").write_text("by hand\n")
    found = _plan(root, {"a": "2\n", "b/c": "1\n"})
    assert _conflicts(found) == [("a", "edited by hand", Remedy.OVERWRITE)]
    assert found.conflicts[0].difference.splitlines() == [
        "--- a (on disk)",
        "+++ a (this build)",
        "@@ -1,2 +1,2 @@",
        "-by hand",
        "+2",
        " ",
    ]
    assert found.is_blocked
    assert not found.is_current


def test_a_hand_edit_that_this_build_makes_itself_is_none(root: Path) -> None:
    (root / "a").write_text("2\n")
    found = _plan(root, {"a": "2\n", "b/c": "1\n"})
    assert not found.conflicts
    assert found.changed == ("MANIFEST.json",)


def test_a_lost_last_line_break_shows_in_the_difference(root: Path) -> None:
    (root / "a").write_text("1")
    assert _plan(root, {"a": "1\n"}).conflicts[0].difference.count("\n-") == 0
    assert _plan(root, {"a": "1\n"}).conflicts[0].difference.endswith("\n 1\n+\n")


def test_bytes_that_are_no_text_are_a_conflict_without_a_difference(root: Path) -> None:
    (root / "a").write_bytes(b"\xff\x00")
    found = _plan(root, {"a": "2\n", "b/c": "1\n"})
    assert _conflicts(found) == [("a", "edited by hand", Remedy.OVERWRITE)]
    assert found.conflicts[0].difference == ""


def test_an_edited_file_that_is_no_longer_made_is_not_removed_unasked(root: Path) -> None:
    (root / "b/c").write_text("by hand\n")
    found = _plan(root, {"a": "1\n"})
    assert _conflicts(found) == [("b/c", "edited by hand", Remedy.REMOVE)]
    assert "-by hand\n" in found.conflicts[0].difference
    assert found.is_blocked


def test_a_file_of_others_stops_the_build_and_is_left_alone_under_replace(root: Path) -> None:
    put(root, {"b/theirs": "x", "their/folder/x": "x"})
    found = _plan(root, {"a": "1\n", "b/c": "1\n"})
    assert _conflicts(found) == [
        ("b/theirs", "not made by clusterc", Remedy.KEEP),
        ("their/folder/x", "not made by clusterc", Remedy.KEEP),
    ]
    assert found.is_blocked
    assert not _plan(root, {"a": "1\n", "b/c": "1\n"}, replace=True).is_blocked


def test_a_file_of_others_in_the_place_of_ours_is_shown_before_it_is_overwritten(root: Path) -> None:
    put(root, {"d": "theirs\n"})
    found = _plan(root, {"a": "1\n", "b/c": "1\n", "d": "ours\n"})
    assert _conflicts(found) == [("d", "not made by clusterc", Remedy.OVERWRITE)]
    assert "-theirs\n+ours\n" in found.conflicts[0].difference


def test_a_tree_without_a_manifest_is_ours_where_it_equals_the_build(root: Path) -> None:
    (root / "MANIFEST.json").unlink()
    assert not _plan(root, {"a": "1\n", "b/c": "1\n"}).conflicts
    found = _plan(root, {"a": "1\n", "b/c": "2\n"})
    assert _conflicts(found) == [("b/c", "not made by clusterc", Remedy.OVERWRITE)]


def test_a_manifest_with_conflict_markers_counts_as_absent(root: Path) -> None:
    text = (root / "MANIFEST.json").read_text()
    (root / "MANIFEST.json").write_text(f"<<<<<<< ours\n{text}=======\n{text}>>>>>>> theirs\n")
    found = _plan(root, {"a": "1\n", "b/c": "1\n"})
    assert found.changed == ("MANIFEST.json",)
    assert not found.conflicts
    assert _conflicts(_plan(root, {"a": "2\n", "b/c": "1\n"})) == [("a", "not made by clusterc", Remedy.OVERWRITE)]


def test_a_manifest_of_another_program_is_not_overwritten_unasked(tmp_path: Path) -> None:
    put(tmp_path, {"MANIFEST.json": '{"name": "a web page"}'})
    assert _conflicts(_plan(tmp_path, {})) == [("MANIFEST.json", "not made by clusterc", Remedy.OVERWRITE)]


def test_a_manifest_that_lists_files_outside_the_tree_reaches_nothing(tmp_path: Path, root: Path) -> None:
    put(tmp_path, {"victim": "1\n"})
    put(root, {".git/HEAD": "1\n"})
    text = (root / "MANIFEST.json").read_text().replace('"a"', '"../victim"').replace('"b/c"', '".git/HEAD"')
    (root / "MANIFEST.json").write_text(text)
    found = _plan(root, {"a": "1\n", "b/c": "1\n"})
    assert found.changed == ("MANIFEST.json",)
    assert (found.removed, found.conflicts) == ((), ())


def test_dot_files_of_others_do_not_matter_at_the_top_and_matter_below(root: Path) -> None:
    put(root, {".gitattributes": "x", ".git/config": "x", ".github/x": "x"})
    assert _plan(root, {"a": "1\n", "b/c": "1\n"}).is_current
    put(root, {"b/.hidden": "x"})
    found = _plan(root, {"a": "1\n", "b/c": "1\n"})
    assert _conflicts(found) == [("b/.hidden", "not made by clusterc", Remedy.KEEP)]
    assert not found.is_current


def test_dot_files_of_ours_are_watched_like_any_other(tmp_path: Path) -> None:
    root = _made(tmp_path / "out", {".gitattributes": "1", ".github/x": "1"})
    assert _plan(root, {}).removed == (".gitattributes", ".github/x")
    put(root, {".gitattributes": "2"})
    assert _conflicts(_plan(root, {})) == [(".gitattributes", "edited by hand", Remedy.REMOVE)]


def test_a_repository_inside_the_tree_is_not_entered(root: Path) -> None:
    put(root, {"b/.git/HEAD": "x"})
    assert _conflicts(_plan(root, {"a": "1\n"})) == [("b/.git", "a Git repository", Remedy.KEEP)]


def test_a_link_in_the_place_of_a_file_is_refused_even_under_replace(tmp_path: Path, root: Path) -> None:
    put(tmp_path, {"elsewhere": "1\n"})
    (root / "a").unlink()
    (root / "a").symlink_to(tmp_path / "elsewhere")
    found = _plan(root, {"a": "1\n", "b/c": "1\n"}, replace=True)
    assert _conflicts(found) == [("a", "a symbolic link", Remedy.NONE)]
    assert found.is_blocked


def test_a_link_in_the_place_of_a_folder_is_refused_and_not_followed(tmp_path: Path, root: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (root / "d").symlink_to(tmp_path / "elsewhere")
    found = _plan(root, {"a": "1\n", "b/c": "1\n", "d/e/f": "1\n"}, replace=True)
    assert _conflicts(found) == [("d", "a symbolic link", Remedy.NONE)]
    assert found.is_blocked


def test_a_link_that_is_in_nobodys_way_is_left_alone(root: Path) -> None:
    (root / "loop").symlink_to(root)
    found = _plan(root, {"a": "1\n", "b/c": "1\n"}, replace=True)
    assert _conflicts(found) == [("loop", "a symbolic link", Remedy.KEEP)]
    assert not found.is_blocked


def test_a_root_that_is_a_link_is_refused(tmp_path: Path, root: Path) -> None:
    for target in (root, tmp_path / "nowhere"):
        link = tmp_path / f"link-to-{target.name}"
        link.symlink_to(target)
        with pytest.raises(WriteError, match="is a symbolic link") as caught:
            _plan(link, {"a": "1\n"})
        assert caught.value.path == link


def test_a_root_that_is_a_file_is_refused(root: Path) -> None:
    with pytest.raises(WriteError, match="is not a folder") as caught:
        _plan(root / "a", {"a": "1\n"})
    assert caught.value.path == root / "a"


def test_the_top_of_the_file_system_is_refused(root: Path) -> None:
    with pytest.raises(WriteError, match="top of the file system"):
        _plan(root.joinpath("/"), {"a": "1\n"})


def test_pipes_and_sockets_are_never_opened(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(root / "d")
    monkeypatch.chdir(root)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("e")
        found = _plan(root, {"a": "1\n", "b/c": "1\n", "d": "1\n"})
    assert _conflicts(found) == [
        ("d", "a device, pipe or socket", Remedy.NONE),
        ("e", "a device, pipe or socket", Remedy.KEEP),
    ]


def test_a_folder_in_the_place_of_a_file_is_in_the_way_only_if_others_use_it(root: Path) -> None:
    assert not _plan(root, {"a": "1\n", "b": "1\n"}).conflicts
    put(root, {"b/sub/theirs": "x"})
    found = _plan(root, {"a": "1\n", "b": "1\n"}, replace=True)
    assert _conflicts(found) == [
        ("b", "a folder where a file belongs", Remedy.NONE),
        ("b/sub/theirs", "not made by clusterc", Remedy.KEEP),
    ]
    assert found.is_blocked


def test_a_file_in_the_place_of_a_folder_is_in_the_way_only_if_it_is_not_ours(root: Path) -> None:
    assert not _plan(root, {"a/x": "1\n", "b/c": "1\n"}).conflicts
    put(root, {"d": "theirs"})
    found = _plan(root, {"a": "1\n", "b/c": "1\n", "d/e": "1\n"}, replace=True)
    assert _conflicts(found) == [("d", "not made by clusterc", Remedy.NONE)]
    assert found.is_blocked


def test_names_that_are_no_text_are_told_in_letters_that_can_be_printed(root: Path) -> None:
    os.close(os.open(os.fsencode(root) + b"/b/\xff\x1b[31m", os.O_CREAT))
    (conflict,) = _plan(root, {"a": "1\n", "b/c": "1\n"}).conflicts
    assert conflict.path == r"b/\udcff\x1b[31m"


def test_a_script_that_lost_its_permission_has_changed_and_was_not_edited(tmp_path: Path) -> None:
    root = _made(tmp_path / "out", {"run.sh": "1", "a": "1"})
    (root / "run.sh").chmod(0o644)
    (root / "a").chmod(0o600)
    found = _plan(root, {"run.sh": "1", "a": "1"})
    assert found.changed == ("run.sh",)
    assert not found.conflicts
    (root / "MANIFEST.json").unlink()
    assert not _plan(root, {"run.sh": "1", "a": "1"}).conflicts


def test_what_a_dead_run_left_makes_the_tree_not_current(tmp_path: Path, root: Path) -> None:
    texts = {"a": "1\n", "b/c": "1\n"}
    for leftover in (root / ".clusterc-part", root / ".clusterc-journal.json", tmp_path / ".out.clusterc-part"):
        leftover.mkdir()
        found = _plan(root, texts)
        assert found.interrupted
        assert not found.is_current
        leftover.rmdir()
    assert _plan(root, texts).is_current


def test_what_a_dead_run_left_beside_a_tree_that_is_absent_is_told(tmp_path: Path) -> None:
    assert not _plan(tmp_path / "out", {}).interrupted
    (tmp_path / ".out.clusterc-part").mkdir()
    assert _plan(tmp_path / "out", {}).interrupted


def test_the_journal_of_a_small_change_is_small(root: Path) -> None:
    assert set(json.loads(_plan(root, {"a": "2\n", "b/c": "1\n"}).journal)) == {"a", "MANIFEST.json"}


def test_a_tree_that_cannot_be_read_is_an_error_with_the_path(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(type(root), "read_bytes", refuse)
    with pytest.raises(WriteError, match="Permission denied") as caught:
        _plan(root, {"a": "1\n"})
    assert caught.value.path == root / "MANIFEST.json"
