"""`clusterc build`: trees on disk, one for each spec."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
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


@pytest.mark.parametrize("jobs", ["1", "2", "8"])
@pytest.mark.parametrize("order", [("a.yaml", "b.yaml"), ("b.yaml", "a.yaml")])
def test_of_two_specs_of_one_name_the_first_is_built(
    clusterc: Clusterc, lab: Path, jobs: str, order: list[str]
) -> None:
    (lab.parent / "a.yaml").write_text(lab.read_text())
    (lab.parent / "b.yaml").write_text(lab.read_text().replace("10.64.0.0/16", "10.128.0.0/16"))
    first, second = order
    run = clusterc("build", *order, "-j", jobs, "--format", "concise")
    alone = clusterc("build", first, "-o", "alone")
    assert (run.code, alone.code) == (1, 0)
    found = f"{second}:5:9: error CC0029 repeated-cluster: {first} describes a cluster called lab-10 too\n"
    assert run.out == found
    assert f"{second}: not built, another spec has its cluster's name\n" in run.err
    assert tree(lab.parent / "output") == tree(lab.parent / "alone")
    assert clusterc("lint", *order, "--format", "concise").out == found


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


def test_an_empty_name_is_no_output_folder(clusterc: Clusterc, lab: Path) -> None:
    run = clusterc("build", lab.name, "-o", "")
    assert (run.code, run.out) == (2, "")
    assert run.err == "clusterc: -o names no folder; leave it out for output\n"


def test_a_manifest_of_endless_brackets_is_none(clusterc: Clusterc, lab: Path) -> None:
    assert clusterc("build", lab.name).code == 0
    manifest = lab.parent / "output/lab-10/MANIFEST.json"
    manifest.write_text("[" * 100_000)
    run = clusterc("build", lab.name)
    assert (run.code, run.out.partition("\n")[0]) == (1, "! output/lab-10/MANIFEST.json: not made by clusterc")
    assert "Traceback" not in run.err
    assert "bug" not in run.err
    assert manifest.read_text() == "[" * 100_000


MANY = 40
PROGRAM = Path(sys.executable).parent / "clusterc"


@pytest.fixture
def many(lab: Path) -> Path:
    """Return a folder of specs that take a while."""
    folder = lab.parent / "clusters"
    folder.mkdir()
    for number in range(MANY):
        (folder / f"{number:02}.yaml").write_text(lab.read_text().replace("lab-10", f"c{number:02}"))
    return folder


def killed(folder: Path, number: signal.Signals, jobs: str) -> tuple[int, str]:
    """Signal the first process of a build alone, once it has built something; return its code and its last words.

    The pipe ends only when every process that holds it has: one that stays behind is a timeout.
    """
    command = [str(PROGRAM), "build", "clusters", "-o", str(folder / "built"), "-j", jobs]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as run:
        assert run.stderr is not None
        assert "c00: " in run.stderr.readline()
        run.send_signal(number)
        try:
            _, told = run.communicate(timeout=30)
        finally:
            left = remaining(folder / "built")
            for process in left:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
    assert left == []
    return run.returncode, told


def remaining(output: Path) -> list[int]:
    """Return the processes that were started, or forked from one that was, to build there."""
    found = []
    for process in (entry for entry in Path("/proc").iterdir() if entry.name.isdecimal()):
        with suppress(OSError):
            if os.fsencode(output) in (process / "cmdline").read_bytes().split(b"\0"):
                found.append(int(process.name))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")
@pytest.mark.parametrize("jobs", ["1", "2", "8"])
def test_a_build_that_is_asked_to_end_leaves_whole_trees_and_no_process(
    clusterc: Clusterc, many: Path, jobs: str
) -> None:
    code, told = killed(many.parent, signal.SIGTERM, jobs)
    assert (code, told.splitlines()[-1]) == (143, "clusterc: ended")
    assert "Traceback" not in told
    built = sorted(path.name for path in (many.parent / "built").iterdir())
    assert built[0] == "c00"
    assert len(built) < MANY
    clusterc("build", "clusters", "-o", "whole")
    for name in built:
        assert tree(many.parent / "built" / name) == tree(many.parent / "whole" / name)


@pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc; elsewhere a worker outlives a kill")
def test_a_build_that_is_killed_leaves_no_process_and_the_next_one_completes_it(clusterc: Clusterc, many: Path) -> None:
    assert killed(many.parent, signal.SIGKILL, "4")[0] == -signal.SIGKILL
    assert len(list((many.parent / "built").iterdir())) < MANY
    assert clusterc("build", "clusters", "-o", "built").code == 0
    clusterc("build", "clusters", "-o", "whole")
    assert tree(many.parent / "built") == tree(many.parent / "whole")
    assert [path.name for path in (many.parent / "built").iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_what_a_run_that_ends_while_it_writes_leaves_is_cleared_by_the_next(
    clusterc: Clusterc, lab: Path, number: signal.Signals
) -> None:
    """The signal comes when the tree stands in its folder beside the place, before it is moved there."""
    script = (
        "import os, sys, pathlib, clusterc.cli\n"
        f"pathlib.Path.rename = lambda *_: os.kill(os.getpid(), {int(number)})\n"
        "sys.argv = ['clusterc', 'build', 'lab.yaml']\n"
        "clusterc.cli.main()\n"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=lab.parent, capture_output=True, check=False)
    output = lab.parent / "output"
    if number == signal.SIGKILL:
        assert [path.name for path in output.iterdir()] == [".lab-10.clusterc-part"]
    else:
        assert (run.returncode, run.stdout, run.stderr) == (143, b"", b"clusterc: ended\n")
        assert not output.exists()
    assert clusterc("build", "lab.yaml").code == 0
    assert [path.name for path in output.iterdir()] == ["lab-10"]
    clusterc("build", "lab.yaml", "-o", "whole")
    assert tree(output) == tree(lab.parent / "whole")
