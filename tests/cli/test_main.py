"""The command line as a whole: how runs end, what goes where, and what starting it costs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from clusterc.cli._exit import code_for
from clusterc.diagnostics import Finding, Severity

if TYPE_CHECKING:
    from cli.runs import Clusterc

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(sys.executable).parent / "clusterc"
COMMANDS = sorted(path.stem for path in (ROOT / "compiler/clusterc/cli").glob("[a-z]*.py"))
HEAVY = {"pydantic", "ruamel", "ruamel.yaml", "_jsonnet", "tomli_w", "multiprocessing", "tempfile"}
READERS = ("show", "capacity", "lint", "build", "fmt")


def shell(line: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Run a line of bash with clusterc on the path."""
    path = f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", line], cwd=folder, env=environment, capture_output=True, check=False
    )


def replaced(command: str, body: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command whose body is replaced by a statement."""
    script = (
        f"import sys, clusterc.cli as cli, clusterc.cli.{command} as module\n"
        f"def body(**options):\n    {body}\n"
        f"module.command.callback = body\nsys.argv = ['clusterc', '{command}']\ncli.main()\n"
    )
    return subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)


def finding(severity: Severity) -> Finding:
    return Finding(id="CC0001", name="syntax", severity=severity, message="", file="x.yaml")


@pytest.mark.parametrize(
    ("severities", "fail_on", "code"),
    [
        ([], "error", 0),
        (["info", "warning"], "error", 0),
        (["error"], "error", 1),
        (["warning"], "warning", 1),
        (["info"], "warning", 0),
        (["info"], "info", 1),
        (["error", "warning"], "never", 0),
    ],
)
def test_findings_fail_a_run_from_the_mildest_severity_that_counts(
    severities: list[str], fail_on: str, code: int
) -> None:
    assert code_for([finding(Severity(severity)) for severity in severities], fail_on=fail_on) == code


def test_what_cannot_be_read_outweighs_findings_and_differences() -> None:
    assert code_for([finding(Severity.ERROR)], differs=True, unusable=True) == 2
    assert code_for([], differs=True, fail_on="never") == 1


def test_every_command_has_help_and_a_line_in_the_list_of_commands(clusterc: Clusterc) -> None:
    listed = clusterc("--help").out.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in listed] == COMMANDS
    for command in COMMANDS:
        run = clusterc(command, "--help")
        assert (run.code, run.err) == (0, "")
        assert run.out.startswith(f"Usage: clusterc {command} ")


def test_a_misspelt_command_is_refused_with_the_nearest(clusterc: Clusterc) -> None:
    run = clusterc("lnit")
    assert (run.code, run.out) == (2, "")
    assert "there is no command 'lnit'. Did you mean 'lint'?" in run.err


def test_without_a_command_the_commands_are_listed(clusterc: Clusterc) -> None:
    run = clusterc()
    assert run.code == 2
    assert "Commands:" in run.out + run.err


@pytest.mark.parametrize("command", READERS)
@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("", "an empty argument names no spec"),
        ("nowhere.yaml", "nowhere.yaml: there is no such file or folder"),
        ("empty", "empty: the folder holds no spec (*.yaml, *.yml, *.jsonnet)"),
        ("\x1b[31m", "\\x1b[31m: there is no such file or folder"),
    ],
)
def test_what_is_no_spec_is_said_in_one_line(
    clusterc: Clusterc, tmp_path: Path, command: str, argument: str, said: str
) -> None:
    (tmp_path / "empty").mkdir()
    run = clusterc(command, argument)
    assert (run.code, run.out, run.err) == (2, "", f"clusterc: {said}\n")


@pytest.mark.parametrize("command", READERS)
@pytest.mark.parametrize("content", [b"", b"\x00\x01\xff", b"- a\n- b\n", b"# only a comment\n", b"42\n"])
def test_a_file_that_is_no_spec_gives_a_finding_and_no_traceback(
    clusterc: Clusterc, tmp_path: Path, command: str, content: bytes
) -> None:
    (tmp_path / "a b.yaml").write_bytes(content)
    run = clusterc(command, "a b.yaml")
    if command == "fmt" and content in {b"- a\n- b\n", b"42\n"}:
        assert run.code == 0  # a text like any other; what it says is not its business
        return
    assert run.code == 1
    assert "error\n --> a b.yaml" in (run.out if command in {"lint", "build"} else run.err)
    assert "Traceback" not in run.err


@pytest.mark.parametrize("command", ["show", "capacity", "explain"])
def test_a_command_about_one_spec_takes_no_folder_of_several(clusterc: Clusterc, lab: Path, command: str) -> None:
    (lab.parent / "other.yaml").write_bytes(lab.read_bytes())
    run = clusterc(command, *(["network"] if command == "explain" else []), ".")
    assert (run.code, run.out, run.err) == (2, "", "clusterc: .: name one spec, not a folder of 2\n")


def test_a_path_with_spaces_and_other_alphabets_is_read_and_named(clusterc: Clusterc, lab: Path) -> None:
    lab.rename(lab.parent / "größe 集群.yaml")
    run = clusterc("lint", "größe 集群.yaml", LC_ALL="C.UTF-8")
    assert (run.code, run.out) == (0, "")
    (lab.parent / "größe 集群.yaml").write_text("a: no\n")
    assert " --> größe 集群.yaml:1:4\n" in clusterc("lint", "größe 集群.yaml", LC_ALL="C.UTF-8").out


@pytest.mark.parametrize("line", ["show lab.yaml --why", "capacity lab.yaml --explain", "schema", "explain"])
def test_a_reader_that_leaves_is_no_failure(lab: Path, line: str) -> None:
    for reader in ("head -1", "true"):
        result = shell(f"clusterc {line} | {reader}", lab.parent)
        assert (result.returncode, result.stderr) == (0, b"")


@pytest.mark.parametrize("line", ["show lab.yaml", "schema", "version", "init x -o -"])
def test_output_that_cannot_be_written_is_said(lab: Path, line: str) -> None:
    result = shell(f"clusterc {line} >/dev/full", lab.parent)
    assert (result.returncode, result.stderr) == (2, b"clusterc: the output: No space left on device\n")


DATA = ("show lab.yaml", "version", "capacity lab.yaml", "schema", "explain")


@pytest.mark.parametrize("closed", ["2>&-", "<&-", "2>&- <&-"])
@pytest.mark.parametrize("line", ["lint lab.yaml", "build lab.yaml", *DATA])
def test_closed_streams_that_take_no_data_do_not_change_how_a_run_ends(lab: Path, line: str, closed: str) -> None:
    assert shell(f"clusterc {line} {closed}", lab.parent).returncode == 0


@pytest.mark.parametrize("line", DATA)
def test_data_for_a_closed_output_is_an_error(lab: Path, line: str) -> None:
    for closed in (">&-", ">&- <&-"):
        result = shell(f"clusterc {line} {closed}", lab.parent)
        assert (result.returncode, result.stderr) == (2, b"clusterc: the output: Bad file descriptor\n")
    assert shell(f"clusterc {line} >&- 2>&- <&-", lab.parent).returncode == 2


@pytest.mark.parametrize("line", ["lint lab.yaml", "build lab.yaml"])
def test_who_has_no_data_needs_no_output(lab: Path, line: str) -> None:
    for closed in (">&-", ">&- 2>&- <&-"):
        assert shell(f"clusterc {line} {closed}", lab.parent).returncode == 0


def test_a_bug_is_called_one_and_asks_for_a_report() -> None:
    result = replaced("version", "raise ValueError('odd')")
    assert result.returncode == 3
    assert result.stderr.startswith(b"clusterc has a bug: ValueError: odd\nSet CLUSTERC_TRACEBACK=1")


def test_a_bug_shows_its_traceback_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLUSTERC_TRACEBACK", "1")
    assert b"Traceback" in replaced("version", "raise ValueError('odd')").stderr


def test_an_interrupted_run_says_so() -> None:
    result = replaced("version", "raise KeyboardInterrupt")
    assert (result.returncode, result.stderr) == (130, b"\ninterrupted\n")


def test_a_file_that_cannot_be_read_is_no_bug() -> None:
    result = replaced("version", "open('/nowhere/at/all')")
    assert (result.returncode, result.stderr) == (2, b"clusterc: /nowhere/at/all: No such file or directory\n")


@pytest.mark.parametrize(
    "arguments", [["--help"], ["version"], ["--version"], ["completion", "bash"], ["lint", "--help"]]
)
def test_starting_imports_nothing_heavy(arguments: list[str]) -> None:
    script = (
        "import sys\nfrom clusterc.cli import cli\n"
        f"cli.main({arguments!r}, prog_name='clusterc', standalone_mode=False)\n"
        "sys.stderr.write(' '.join(sys.modules))\n"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    loaded = set(result.stderr.decode().split())
    allowed = {"tempfile"} if arguments[0] == "completion" else set()  # click's own look at bash's version
    assert loaded & HEAVY - allowed == set()


def test_version_names_python_and_the_supported_minors(clusterc: Clusterc) -> None:
    out = clusterc("version").out.splitlines()
    python = ".".join(map(str, sys.version_info[:3]))
    assert out[1:] == [f"Python {python}", "Kubernetes 1.34, 1.35, 1.36, 1.37"]
    assert clusterc("--version").out == f"{out[0]}\n"
    assert [line.split()[0] for line in clusterc("version", "--verbose").out.splitlines()][-1] == "Jsonnet"


def test_version_as_json_has_all_of_them(clusterc: Clusterc) -> None:
    found = json.loads(clusterc("version", "--format", "json").out)
    assert list(found) == ["clusterc", "python", "kubernetes", "jsonnet"]
    assert found["kubernetes"][0] == "1.34"


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_of_the_shell(clusterc: Clusterc, name: str) -> None:
    run = clusterc("completion", name)
    assert run.code == 0
    assert f"_CLUSTERC_COMPLETE={name}_complete" in run.out


def test_completion_names_the_commands(tmp_path: Path) -> None:
    line = "COMP_WORDS='clusterc ca' COMP_CWORD=1 _CLUSTERC_COMPLETE=bash_complete clusterc"
    assert shell(line, tmp_path).stdout.strip() == b"plain,capacity"


@pytest.mark.parametrize("command", ["lint", "build", "fmt", "show", "capacity", "upgrade"])
def test_completion_offers_files_where_a_spec_is_named(tmp_path: Path, command: str) -> None:
    line = f"COMP_WORDS='clusterc {command} la' COMP_CWORD=2 _CLUSTERC_COMPLETE=bash_complete clusterc"
    assert shell(line, tmp_path).stdout.strip() == b"file,la"


def test_help_on_completion_shows_a_line_for_each_shell(clusterc: Clusterc) -> None:
    lines = [line.split()[0] for line in clusterc("completion", "--help").out.splitlines() if "  in " in line]
    assert lines == ["bash", "zsh", "fish"]


def test_an_unknown_shell_is_bad_usage(clusterc: Clusterc) -> None:
    assert clusterc("completion", "tcsh").code == 2
