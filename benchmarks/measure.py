"""Fresh processes, timed side by side: every round runs each command once, so a slow moment of the machine hits all."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
Prepare = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Command:
    """A command line, and what must be done before each time it runs; only the command itself is timed."""

    arguments: tuple[str, ...]
    prepare: Prepare = lambda: None


@dataclass(frozen=True, slots=True)
class Run:
    """One fresh process: wall-clock seconds, seconds of CPU, and the peak memory of the largest process of its tree."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int


def python(*arguments: str) -> tuple[str, ...]:
    """Return a command line of this interpreter."""
    return (sys.executable, *arguments)


def clusterc(*arguments: str) -> tuple[str, ...]:
    """Return a command line of the installed tool, started as its users start it."""
    return (str(Path(sys.executable).with_name("clusterc")), *arguments)


def interleaved(commands: Mapping[str, Command], *, rounds: int) -> dict[str, list[Run]]:
    """Run every command once a round, after one round that only warms the caches of files and bytecode."""
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            command.prepare()
            run = _run(command.arguments)
            if number:
                runs[name].append(run)
    return runs


def median_seconds(runs: Sequence[Run]) -> float:
    """Return the median time."""
    return statistics.median(run.seconds for run in runs)


def spread(values: Sequence[float]) -> float:
    """Return half the distance between the quartiles, as a share of the median."""
    low, middle, high = statistics.quantiles(values, n=4)
    return (high - low) / 2 / middle


def _run(arguments: tuple[str, ...]) -> Run:
    # Installed packages have their bytecode, so an environment that forbids it would time a compiler of Python.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    process = subprocess.Popen(
        arguments, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, arguments)
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)
