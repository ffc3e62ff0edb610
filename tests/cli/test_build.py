"""`clusterc build`: trees on disk, one for each spec."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cli.runs import Clusterc


@pytest.fixture
def fleet(lab: Path) -> Path:
    """Return a folder of three specs, of which the second has an error."""
    folder = lab.parent / "clusters"
    folder.mkdir()
    text = lab.read_text()
    for name in ("one", "two", "three"):
        (folder / f"{name}.yaml").write_text(text.replace("lab-10", name))
    (folder / "two.yaml").write_text(text.replace("flannel", "flanel"))
    return folder


CLEAN = r"1 spec, \d+ checks each: no findings\n"


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_spec_is_built_below_its_clusters_name(clusterc: Clusterc, lab: Path) -> None:
    run = clusterc("build", lab.name, "-o", "my trees")
    assert (run.code, run.out) == (0, "")
    files = len(tree(lab.parent / "my trees/lab-10")) - 1  # the manifest lists the others
    assert re.fullmatch(rf"my trees/lab-10: {files} files, {files} new\n{CLEAN}", run.err)
    again = clusterc("build", lab.name, "-o", "my trees")
    assert re.fullmatch(rf"my trees/lab-10: {files} files, unchanged\n{CLEAN}", again.err)


def test_check_writes_nothing_and_lists_differences(clusterc: Clusterc, lab: Path) -> None:
    run = clusterc("build", lab.name, "--check")
    assert run.code == 1
    assert "+ output/lab-10/README.md" in run.out.splitlines()
    assert re.fullmatch(rf"output/lab-10: differs from lab.yaml\n{CLEAN}", run.err)
    assert not (lab.parent / "output").exists()
    clusterc("build", lab.name)
    assert clusterc("build", lab.name, "--check").code == 0


def test_a_spec_with_errors_is_not_built_and_the_others_are(clusterc: Clusterc, fleet: Path) -> None:
    run = clusterc("build", "clusters")
    assert run.code == 1
    assert "clusters/two.yaml: not built, it has errors\n" in run.err
    assert "CC0006 value-not-allowed  error\n --> clusters/two.yaml:" in run.out
    assert sorted(path.name for path in (fleet.parent / "output").iterdir()) == ["one", "three"]
    assert re.search(r"\n3 specs, \d+ checks each, \d+ skipped because of errors: 1 error\n$", run.err)


@pytest.mark.parametrize("jobs", ["1", "2", "8"])
def test_jobs_change_neither_trees_nor_messages(clusterc: Clusterc, fleet: Path, jobs: str) -> None:
    alone = clusterc("build", "clusters", "-o", "alone", "-j", "1")
    several = clusterc("build", "clusters", "-o", "several", "-j", jobs)
    assert (several.code, several.out) == (alone.code, alone.out)
    assert several.err.replace("several/", "alone/") == alone.err
    assert tree(fleet.parent / "several") == tree(fleet.parent / "alone")


@pytest.mark.parametrize("jobs", ["0", "65", "many"])
def test_a_number_of_jobs_out_of_range_is_bad_usage(clusterc: Clusterc, lab: Path, jobs: str) -> None:
    assert clusterc("build", lab.name, "-j", jobs).code == 2


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_two_specs_of_one_name_do_not_write_into_one_tree(clusterc: Clusterc, lab: Path, jobs: str) -> None:
    (lab.parent / "other.yaml").write_text(lab.read_text().replace("10.64.0.0/16", "10.128.0.0/16"))
    run = clusterc("build", ".", "-j", jobs)
    assert run.code == 2
    assert re.search(
        r"^(lab|other).yaml: nothing written: (lab|other).yaml describes a cluster called lab-10 too$",
        run.err,
        re.MULTILINE,
    )
    assert run.err.count("output/lab-10: ") == 1


def test_a_hand_edit_is_kept_shown_and_overwritten_only_when_asked(clusterc: Clusterc, lab: Path) -> None:
    clusterc("build", lab.name)
    edited = lab.parent / "output/lab-10/README.md"
    built = edited.read_text()
    edited.write_text(f"{built}mine\n")
    run = clusterc("build", lab.name)
    assert run.code == 1
    assert "! output/lab-10/README.md" in run.out
    assert re.fullmatch(rf"output/lab-10: nothing written\n{CLEAN}", run.err)
    assert edited.read_text().endswith("mine\n")
    assert clusterc("build", lab.name, "--replace").code == 0
    assert edited.read_text() == built


def test_what_others_made_is_to_be_moved_or_deleted_whatever_is_asked(clusterc: Clusterc, lab: Path) -> None:
    clusterc("build", lab.name)
    foreign = lab.parent / "output/lab-10/notes.txt"
    foreign.write_text("mine\n")
    for options in ([], ["--replace"]):
        run = clusterc("build", lab.name, *options)
        assert "! output/lab-10/notes.txt: not made by clusterc" in run.out
        assert "Move or delete what clusterc did not make" in run.out
        assert "--replace to overwrite" not in run.out
    assert foreign.read_text() == "mine\n"
    foreign.unlink()
    assert clusterc("build", lab.name).code == 0


def test_a_link_in_place_of_the_output_folder_is_refused(clusterc: Clusterc, lab: Path) -> None:
    (lab.parent / "elsewhere").mkdir()
    (lab.parent / "output").symlink_to("elsewhere")
    run = clusterc("build", lab.name)
    assert run.code == 2
    assert "output: is a symbolic link; name the folder it leads to" in run.err
    assert list((lab.parent / "elsewhere").iterdir()) == []


def test_check_and_replace_exclude_each_other(clusterc: Clusterc, lab: Path) -> None:
    run = clusterc("build", lab.name, "--check", "--replace")
    assert run.code == 2
    assert "nothing to --replace" in run.err


def test_a_folder_that_cannot_be_written_is_said(clusterc: Clusterc, lab: Path) -> None:
    (lab.parent / "file").write_text("")
    run = clusterc("build", lab.name, "-o", "file")
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("lab.yaml: nothing written: ")
    assert "Traceback" not in run.err
