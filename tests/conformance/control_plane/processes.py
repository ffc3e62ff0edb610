"""Programs beside a test: each in a process group of its own, watched while it starts, ended whatever happens."""

from __future__ import annotations

import atexit
import os
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from conformance.programs import LAST_LINES, dying

START_SECONDS = 300
END_SECONDS = 30
SOON_SECONDS = 60
PAUSE_SECONDS = 0.05
LOOPBACK = "127.0.0.1"
# What is to be done about last words that are known; the first that fits is said.
ADVICE = {
    "address already in use": "another program listens on that port: end it, or run again, for ports are chosen anew",
    "permission denied": "run as a user who may write to the folder that the program names",
    "unknown flag": "the tree has a flag that this release does not know: see the emitter, and the release's changelog",
    "no space left on device": "make room in the folder for temporary files (TMPDIR)",
}
USUAL_ADVICE = "read its last words above; the command below starts it by hand"


class ProgramFailedError(RuntimeError):
    """A program ended, or was not ready, before the test was done with it."""


@dataclass(frozen=True, slots=True)
class Running:
    """A program that was started; everything it says is in `log`."""

    name: str
    command: tuple[str, ...]
    process: subprocess.Popen[bytes]
    log: Path

    def wait_until(
        self, is_ready: Callable[[], bool], *, seconds: float = START_SECONDS, why_not: Callable[[], str] = str
    ) -> None:
        """Return once `is_ready`; raise ProgramFailedError where the program ends before, or it takes too long."""
        deadline = time.monotonic() + seconds
        while not is_ready():
            if (code := self.process.poll()) is not None:
                raise ProgramFailedError(self.obituary(f"ended with exit code {code} before it was ready"))
            if time.monotonic() > deadline:
                raise ProgramFailedError(self.obituary(f"was not ready within {seconds:g} s ({why_not()})"))
            time.sleep(PAUSE_SECONDS)

    def obituary(self, what: str) -> str:
        """Return what became of the program, its last words, and what to do."""
        words = "\n".join(self.log.read_text(errors="replace").splitlines()[-LAST_LINES:]) or "(it said nothing)"
        advice = next((advice for sign, advice in ADVICE.items() if sign in words.lower()), USUAL_ADVICE)
        return f"{self.name} {what}:\n{words}\nWhat to do: {advice}.\n{shlex.join(self.command)}"

    def peak_bytes(self) -> int:
        """Return the most memory that the program has held so far."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024

    def end(self) -> None:
        """End the program and all it started; what it keeps is thrown away with it, so it is not asked to close."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(END_SECONDS)
        _running.pop(self.process.pid, None)


_running: dict[int, Running] = {}


@atexit.register
def end_all() -> None:
    """End every program that still runs."""
    for running in [*_running.values()]:
        running.end()


def start(name: str, command: Sequence[str], folder: Path, *, environment: Mapping[str, str] | None = None) -> Running:
    """Start a program that dies with this process, even where that is killed."""
    log = folder / f"{name}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            dying(command),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
    running = _running[process.pid] = Running(name, tuple(command), process, log)
    return running


def soon(is_true: Callable[[], bool], *, seconds: float = SOON_SECONDS, pause: float = PAUSE_SECONDS) -> bool:
    """Wait until something is true; return False where it does not come about."""
    deadline = time.monotonic() + seconds
    while not (true := is_true()) and time.monotonic() < deadline:
        time.sleep(pause)
    return true


def free_port() -> int:
    """Return a port of the loopback address on which nobody listens."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
