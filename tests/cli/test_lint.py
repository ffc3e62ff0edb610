"""`clusterc lint`: findings in every form, on every stream, in every colour."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cli.runs import Clusterc


@pytest.fixture
def wrong(lab: Path) -> Path:
    """Return a spec with one error."""
    lab.write_text(lab.read_text().replace("mode: flannel", "mode: flanel"))
    return lab


def place(spec: Path, text: str) -> tuple[int, int]:
    for number, line in enumerate(spec.read_text().splitlines(), start=1):
        if text in line:
            return number, line.index(text) + 1
    raise AssertionError(text)


def test_a_right_spec_has_no_output_but_the_tally(clusterc: Clusterc, lab: Path) -> None:
    run = clusterc("lint", lab.name)
    assert (run.code, run.out) == (0, "")
    assert re.fullmatch(r"1 spec, \d+ checks each: no findings\n", run.err)


def test_a_finding_stands_on_stdout_with_its_code_and_the_tally_on_stderr(clusterc: Clusterc, wrong: Path) -> None:
    line, column = place(wrong, "flanel")
    run = clusterc("lint", wrong.name)
    assert run.code == 1
    assert run.out.startswith(f"CC0006 value-not-allowed  error\n --> lab.yaml:{line}:{column}\n")
    assert "^^^^^^ spec.network.mode is 'flanel'; allowed: native, overlay, flannel, host\n" in run.out
    assert "= fix: did you mean flannel?\n" in run.out
    assert run.err.endswith("1 error\n")


def test_the_tally_counts_the_checks_that_errors_kept_from_running(clusterc: Clusterc, lab: Path) -> None:
    text = lab.read_text()
    (lab.parent / "no-spec.yaml").write_text("a: [")
    (lab.parent / "contradiction.yaml").write_text(text.replace("podCIDR: 10.64.0.0/16", "podCIDR: 10.0.0.0/24"))
    run = clusterc("lint", lab.name)
    every = int(re.findall(r"(\d+) checks each: no findings", run.err)[0])
    run = clusterc("lint", "no-spec.yaml")
    assert f"1 spec, {every} checks each, {every} skipped because of errors: 1 error\n" == run.err
    run = clusterc("lint", "contradiction.yaml")
    (skipped,) = re.findall(rf"{every} checks each, (\d+) skipped because of errors", run.err)
    assert 0 < int(skipped) < every


def test_concise_takes_one_line_for_each_finding(clusterc: Clusterc, wrong: Path) -> None:
    line, column = place(wrong, "flanel")
    run = clusterc("lint", wrong.name, "--format", "concise")
    assert run.out == (
        f"lab.yaml:{line}:{column}: error CC0006 value-not-allowed: "
        "spec.network.mode is 'flanel'; allowed: native, overlay, flannel, host\n"
    )


def test_json_has_the_span_of_each_finding(clusterc: Clusterc, wrong: Path) -> None:
    line, column = place(wrong, "flanel")
    (found,) = json.loads(clusterc("lint", wrong.name, "--format", "json").out)
    assert found["span"] == {"file": "lab.yaml", "line": line, "column": column, "endColumn": column + len("flanel")}
    assert (found["id"], found["severity"], found["path"]) == ("CC0006", "error", "spec.network.mode")


def test_json_has_the_number_that_was_found_and_its_limit(clusterc: Clusterc, lab: Path) -> None:
    lab.write_text(lab.read_text().replace("podCIDR: 10.64.0.0/16", "podCIDR: 10.64.0.0/22"))
    (found,) = json.loads(clusterc("lint", lab.name, "--format", "json").out)
    assert (found["id"], found["number"], found["limit"]) == ("CC1203", 10, 4)


def test_a_format_may_go_to_a_file_beside_another_on_stdout(clusterc: Clusterc, wrong: Path) -> None:
    run = clusterc("lint", wrong.name, "--format", "concise", "--format", "json=found.json")
    assert run.out.startswith("lab.yaml:")
    assert json.loads((wrong.parent / "found.json").read_text())[0]["id"] == "CC0006"


@pytest.mark.parametrize(
    ("formats", "said"),
    [
        (["sarif"], "'sarif' is none of full, concise, json"),
        (["full", "json"], "only one format can go to stdout"),
        (["json=nowhere/found.json"], "nowhere/found.json: No such file or directory"),
    ],
)
def test_a_format_that_cannot_be_written_is_refused(
    clusterc: Clusterc, wrong: Path, formats: list[str], said: str
) -> None:
    run = clusterc("lint", wrong.name, *(argument for form in formats for argument in ("--format", form)))
    assert run.code == 2
    assert said in run.err


def test_fail_on_never_ends_with_zero(clusterc: Clusterc, wrong: Path) -> None:
    assert clusterc("lint", wrong.name, "--fail-on", "never").code == 0


def test_every_spec_of_a_folder_is_checked_once_and_in_order(clusterc: Clusterc, wrong: Path) -> None:
    (wrong.parent / "a.yml").write_bytes(wrong.read_bytes())
    (wrong.parent / ".hidden.yaml").write_bytes(wrong.read_bytes())
    run = clusterc("lint", ".", "lab.yaml", "--format", "concise")
    assert [line.partition(":")[0] for line in run.out.splitlines()] == ["a.yml", "lab.yaml"]
    assert run.err.startswith("2 specs, ")


def test_colours_are_written_only_when_asked_for_or_on_a_terminal(clusterc: Clusterc, wrong: Path) -> None:
    assert "\x1b[" not in clusterc("lint", wrong.name).out
    coloured = clusterc("lint", wrong.name, "--color", "always", NO_COLOR="1").out
    assert "\x1b[1;31merror\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == clusterc("lint", wrong.name, "--color", "never").out


def on_a_terminal(folder: Path, **environment: str) -> str:
    """Return what lint writes to a terminal."""
    ours, theirs = pty.openpty()
    plain = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    program = Path(sys.executable).parent / "clusterc"
    try:
        subprocess.run(
            [program, "lint", "lab.yaml"],
            cwd=folder,
            env={**plain, "TERM": "xterm", **environment},
            stdout=theirs,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        return os.read(ours, 1 << 16).decode()
    finally:
        os.close(ours)
        os.close(theirs)


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_a_terminal_gets_colours_unless_it_asks_for_none(
    wrong: Path,
    environment: dict[str, str],
    coloured: bool,  # noqa: FBT001 - a row of a table
) -> None:
    assert ("\x1b[" in on_a_terminal(wrong.parent, **environment)) is coloured


def test_characters_of_a_spec_cannot_steer_the_terminal(clusterc: Clusterc, lab: Path) -> None:
    lab.write_text('a: "\\e[31m"\nb: \x9b31m\n')
    assert "\x1b" not in clusterc("lint", lab.name).out
    assert "\x9b" not in clusterc("lint", lab.name).out
