"""Measure what is promised of speed and memory, and print one table of ratios.

    python -m benchmarks [--rounds N] [--json FILE]

Every ratio comes from this run on this machine; the exit code says nothing of them.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import statistics
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import fleet, floor
from benchmarks.measure import Command, Run, clusterc, interleaved, median_seconds, python, spread

SPEC = "clusters/research-7500.yaml"
COUNTS = (10, 30, 100, 300)
MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One promise: what was measured, its bound, and how far the quartiles of its rounds lie from the median."""

    name: str
    value: float
    relation: str
    bound: float
    noise: float
    detail: str

    @property
    def holds(self) -> bool:
        """Return whether the promise is kept."""
        return self.value <= self.bound if self.relation == "<=" else self.value >= self.bound


def main() -> None:
    """Measure, print the table, and write it as JSON where that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="runs of each command (9 or more for a result)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there, too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="clusterc-bench-") as name:
        rows = [*_one_cluster(Path(name), options.rounds), *_many_clusters(Path(name), options.rounds)]
    _show(rows, options.rounds)
    if options.json:
        options.json.write_text(json.dumps([asdict(row) | {"holds": row.holds} for row in rows], indent=2) + "\n")


def _one_cluster(folder: Path, rounds: int) -> Iterator[Row]:
    built, cold, copy, archive = (folder / name for name in ("built", "cold", "copy", "archive"))
    commands = {
        "build": Command(clusterc("build", SPEC, "-o", str(cold)), _emptied(cold)),
        "floor": Command(python("benchmarks/floor.py", str(archive), str(copy)), _emptied(copy)),
        "check": Command(clusterc("build", "--check", SPEC, "-o", str(built))),
        "help": Command(clusterc("--help")),
        "version": Command(clusterc("version")),
        "click": Command(python("-c", "import click")),
    }
    interleaved({"once": Command(clusterc("build", SPEC, "-o", str(built)))}, rounds=0)
    floor.pack(built, archive)
    runs = interleaved(commands, rounds=rounds)
    yield _ratio("cold build / floor", runs, "build", "floor", 2.0)
    yield _ratio("build --check, nothing changed / cold build", runs, "check", "build", 0.8)
    yield _ratio("--help / importing click", runs, "help", "click", 1.5)
    yield _ratio("version / importing click", runs, "version", "click", 1.5)


def _many_clusters(folder: Path, rounds: int) -> Iterator[Row]:
    out = folder / "fleet"
    commands = {}
    for count in COUNTS:
        specs = str(fleet.write(folder / f"specs-{count}", count))
        commands[f"{count}"] = Command(clusterc("build", specs, "-o", str(out), "-j", "1"), _emptied(out))
        if count == 100:
            commands["-j 2"] = Command(clusterc("build", specs, "-o", str(out), "-j", "2"), _emptied(out))
    runs = interleaved(commands, rounds=rounds)
    times = " ".join(f"{count}: {median_seconds(runs[str(count)]):.2f} s" for count in COUNTS)
    exponents = [_exponent([runs[str(count)][number].seconds for count in COUNTS]) for number in range(rounds)]
    middle = _exponent([median_seconds(runs[str(count)]) for count in COUNTS])
    yield Row("exponent of time over number of clusters", middle, "<=", 1.05, spread(exponents), times)
    yield _ratio("100 clusters: -j 1 / -j 2", runs, "100", "-j 2", 1.7, relation=">=")
    peaks = [max(run[number].peak_bytes for run in runs.values()) / MB for number in range(rounds)]
    yield Row("peak memory of any process, MB", max(peaks), "<=", 200, spread(peaks), f"of up to {COUNTS[-1]} clusters")


def _emptied(folder: Path) -> Callable[[], None]:
    return lambda: shutil.rmtree(folder, ignore_errors=True)


def _ratio(name: str, runs: dict[str, list[Run]], upper: str, lower: str, bound: float, *, relation: str = "<=") -> Row:
    ratios = [a.seconds / b.seconds for a, b in zip(runs[upper], runs[lower], strict=True)]
    cpu = statistics.median(a.cpu_seconds / b.cpu_seconds for a, b in zip(runs[upper], runs[lower], strict=True))
    shown = [f"{label} {median_seconds(runs[label]) * 1000:,.0f} ms" for label in (upper, lower)]
    detail = f"{' / '.join(shown)}; in CPU time {cpu:.2f}"
    return Row(name, statistics.median(ratios), relation, bound, spread(ratios), detail)


def _exponent(seconds: list[float]) -> float:
    """Return the slope of log(time) over log(number of clusters) by least squares."""
    return statistics.linear_regression([math.log(count) for count in COUNTS], [math.log(s) for s in seconds]).slope


def _show(rows: list[Row], rounds: int) -> None:
    print(f"{'':46} {'measured':>8}  {'bound':>8}  {'noise':>6}")
    for row in rows:
        bound = f"{row.relation} {row.bound:g}"
        kept = "" if row.holds else "  MISSED"
        print(f"{row.name:46} {row.value:8.2f}  {bound:>8}  {row.noise:>6.1%}{kept}  ({row.detail})")
    print(f"Medians of {rounds} interleaved rounds of fresh processes; noise is half the distance of their quartiles.")


if __name__ == "__main__":
    main()
