"""Whatever happens, a failing program is quoted with what to do, and neither a process nor a folder is left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from conformance.control_plane.plane import PREFIX, Plane, control_plane
from conformance.control_plane.processes import LOOPBACK, ProgramFailedError, soon, start
from conformance.control_plane.staging import stage
from conformance.programs import MissingProgramError, Module, build
from conformance.trees import OUTPUT

TREE = OUTPUT / "lab-10"
SECONDS = 120
# Runs of their own that start something, say where, and wait to be ended: etcd as tests do, or any program.
# A shell lets what it starts in the background ignore Ctrl-C, which a run must not inherit here.
HEARS = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
PLANE = f"""{HEARS}
import time
from pathlib import Path
from conformance.control_plane.plane import Plane, control_plane
Plane.start_api_server = lambda plane: print(plane.staged.folder, flush=True)
with control_plane(Path({str(TREE)!r})):
    time.sleep({SECONDS})
"""
PROGRAM = f"""{HEARS}
import tempfile, time
from pathlib import Path
from conformance.control_plane.processes import start
folder = Path(tempfile.mkdtemp())
start("tail", ("tail", "-f", str(folder / "tail.log")), folder)
print(folder, flush=True)
time.sleep({SECONDS})
"""


def processes_below(folder: Path) -> list[str]:
    """Return the command lines that name a folder."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = file.read_bytes().replace(b"\0", b" ").decode()
        except (FileNotFoundError, ProcessLookupError):
            continue
        found += [words] if str(folder) in words else []
    return found


def gone(folder: Path) -> bool:
    """Wait until no process names a folder; False where one goes on."""
    return soon(lambda: not processes_below(folder))


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which this test's control planes lie."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("flags", "words", "advice"),
    [
        ({"no-such-flag": "1"}, "unknown flag: --no-such-flag", "the tree has a flag that this release does not know"),
        ({"goaway-chance": "0.5"}, "--goaway-chance", "read its last words"),
        ({"feature-gates": "NoSuchGate=true"}, "unrecognized feature gate: NoSuchGate", "read its last words"),
    ],
)
def test_a_component_that_does_not_start_is_quoted(
    flags: dict[str, str], words: str, advice: str, temporary: Path
) -> None:
    with pytest.raises(ProgramFailedError) as failure, control_plane(TREE, **flags):
        pass
    assert "kube-apiserver ended with exit code" in str(failure.value)
    assert words in str(failure.value)
    assert f"What to do: {advice}" in str(failure.value)
    assert gone(temporary)
    assert [*temporary.glob(f"{PREFIX}*")] == []


def test_a_port_in_use_is_named(temporary: Path) -> None:
    folder = temporary / "run"
    folder.mkdir()
    plane = Plane(stage(TREE, folder))
    try:
        with socket.socket() as taken:
            taken.bind((LOOPBACK, plane.staged.ports.etcd["main"]["client"]))
            taken.listen()
            with pytest.raises(ProgramFailedError, match="address already in use") as failure:
                plane.start_etcds()
        assert "What to do: another program listens on that port" in str(failure.value)
    finally:
        plane.end()
    assert gone(folder)
    assert not folder.exists()


def test_a_program_that_never_gets_ready_is_ended(tmp_path: Path) -> None:
    running = start("sleeper", ("sh", "-c", f"echo still in bed; sleep {SECONDS} & wait # {tmp_path}"), tmp_path)
    with pytest.raises(
        ProgramFailedError, match=r"sleeper was not ready within 0\.1 s \(\):\n(still in bed|.it said nothing)"
    ):
        running.wait_until(lambda: False, seconds=0.1)
    running.end()
    assert gone(tmp_path)


def test_a_module_that_cannot_be_had_is_quoted() -> None:
    missing = Module("missing", "etcd", package="go.etcd.io/etcd/server/v3/nosuchpackage")
    with pytest.raises(MissingProgramError) as failure:
        build(missing)
    assert "missing cannot be built" in str(failure.value)
    assert "go.etcd.io/etcd/server/v3/nosuchpackage" in str(failure.value)


@pytest.mark.parametrize(
    ("how", "what", "cleaned"),
    [(signal.SIGINT, PLANE, "cleaned"), (signal.SIGTERM, PROGRAM, ""), (signal.SIGKILL, PROGRAM, "")],
)
def test_a_run_that_is_ended_takes_its_processes_along(
    how: signal.Signals, what: str, cleaned: str, tmp_path: Path
) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", what]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True
    ) as run:
        assert run.stdout
        folder = Path(run.stdout.readline().strip())
        assert folder.parent == tmp_path
        assert soon(lambda: bool(processes_below(folder)))
        run.send_signal(how)
        run.wait(SECONDS)
    assert gone(folder)
    assert folder.exists() != bool(cleaned)
