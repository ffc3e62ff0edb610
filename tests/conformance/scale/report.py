"""docs/scale.md: what the run saw, rounded so that the next run says the same."""

from __future__ import annotations

from collections.abc import Iterable
from math import floor, log10
from pathlib import Path

from conformance.control_plane.replacements import Ports, api_server_flags, etcd_keys, scheduler_flags, settings
from conformance.scale.fleet import GPU_PROFILE, OTHER_PROFILE
from conformance.scale.run import NAME, SINGLES
from conformance.scale.seen import Measured, Stage
from conformance.scale.terms import RESOURCES, WHY, Term, terms
from conformance.trees import OUTPUT

REPORT = OUTPUT.parent / "docs" / "scale.md"
STEPS = (1, 2, 5, 10)
MIB = 2**20


def write(measured: Measured, path: Path = REPORT) -> None:
    """Write the report."""
    path.write_text("\n".join(_lines(measured)) + "\n", encoding="utf-8")


def about(value: float) -> str:
    """Return a figure of a noisy machine: the nearest of 1, 2, 5, 10, 20 …"""
    if value <= 0:
        return "0"
    power = 10.0 ** floor(log10(value))
    # Nearest by ratio, for half as much is as far away as twice as much.
    nearest = min(STEPS, key=lambda step: abs(log10(value / (step * power))))
    return f"{nearest * power:,.10g}"


def rounded(value: float, digits: int = 2) -> str:
    """Return a figure that hardly differs between runs, with so many digits."""
    if value == 0:
        return "0"
    places = digits - 1 - floor(log10(abs(value)))
    return f"{round(value, places):,.{max(places, 0)}f}"


def not_as_emitted() -> list[str]:
    """Return the lines on what differs from the emitted configuration, as the run replaces it."""
    name = "main"
    ports = Ports.free((name,))
    changes = {
        "etcd": etcd_keys(name, ports.etcd[name]),
        "kube-apiserver": api_server_flags({}, ports, {}, emulate=None),
        "kube-scheduler": scheduler_flags(ports),
    }
    words = [
        f"{component} has {' and '.join(f'`{key}` set to `{value}`' for key, value in found.items())}"
        for component, each in changes.items()
        if (found := settings(each))
    ]
    return [
        "Not as emitted: each etcd has one member; addresses, ports and paths are this machine's;",
        f"{'; '.join(words)}.",
    ]


def _lines(measured: Measured) -> list[str]:
    found = terms(measured)
    sizes = [f"{stage.load.nodes:,}" for stage in measured.stages]
    return [
        "# A control plane at 7,500 nodes",
        "",
        "Written by `make conformance-scale`: etcd, etcd for Events, kube-apiserver and kube-scheduler on one machine",
        f"of two cores, with the configuration under `output/{NAME}`; machines with the labels, taints and capacity of",
        "its pools, in proportion; and on each a pod that fills it. Times, rates and memory are rounded to 1, 2 or 5:",
        "they show that it works and how it grows, not how fast it is on machines of its own.",
        "",
        *not_as_emitted(),
        "",
        *_table(["", *(f"{size} nodes" for size in sizes)], _figures(measured)),
        "",
        _packing(measured),
        "",
        "## Bytes in etcd",
        "",
        *_table(["resource", *(f"{size} nodes" for size in sizes)], _bytes(measured)),
        "",
        "## Beside the capacity model",
        "",
        "What the model reckons with for the same load, and what was measured. The heap that OpenAI saw at this size",
        "comes from real work; an idle simulation cannot show it, and the 70 GB of an API server stay as they are.",
        f"Where sizes differ, at {' / '.join(sizes)} nodes.",
        "",
        *_table(["term", "unit", "model", "measured", "model / measured"], _beside(found)),
        "",
        *_reasons(found),
    ]


def _packing(measured: Measured) -> str:
    gpu, usual = measured.packed[GPU_PROFILE], measured.packed[OTHER_PROFILE]
    return (
        f"{SINGLES} pods of one GPU each lie on {gpu} machines of eight GPUs where the profile `{GPU_PROFILE}` places\n"
        f"them, and on {usual} where `{OTHER_PROFILE}` does."
    )


def _table(head: list[str], rows: Iterable[list[str]]) -> list[str]:
    return [
        f"| {' | '.join(head)} |",
        f"| {' | '.join('---' for _ in head)} |",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def _figures(measured: Measured) -> list[list[str]]:
    def row(name: str, values: Iterable[str]) -> list[str]:
        return [name, *values]

    stages = measured.stages
    components = stages[-1].peak_bytes
    return [
        row("machines registered per second", (about(stage.machines_per_second) for stage in stages)),
        row("pods created and bound per second", (about(stage.pods_per_second) for stage in stages)),
        row("half of the pods placed within", (f"{about(stage.latency_seconds[0])} s" for stage in stages)),
        row("99 of 100 pods placed within", (f"{about(stage.latency_seconds[2])} s" for stage in stages)),
        *(
            row(f"most memory of {name}", (f"{about(stage.peak_bytes[name] / MIB)} MiB" for stage in stages))
            for name in components
        ),
        row("database of the main etcd", (f"{about(stage.database_bytes / MIB)} MiB" for stage in stages)),
    ]


def _bytes(measured: Measured) -> list[list[str]]:
    def cell(stage: Stage, key: str) -> str:
        stored = stage.events if key == "events" else stage.stored[key]
        return f"{rounded(stored.total_bytes / MIB)} MiB"

    return [
        [name, *(cell(stage, key) for stage in measured.stages)]
        for name, key in {**RESOURCES, "events": "events"}.items()
    ]


def _beside(found: tuple[Term, ...]) -> Iterable[list[str]]:
    for term in found:
        model = [f"{value:,.10g}" for value in term.model]
        seen = [_seen(term, value) for value in term.measured]
        times = [rounded(ratio) if term.steady else f"about {about(ratio)}" for ratio in term.ratios]
        yield [term.name, term.unit, *(_once(cells) for cells in (model, seen, times))]


def _seen(term: Term, value: float) -> str:
    if term.steady and value == int(value):
        return f"{value:,.0f}"
    return rounded(value) if term.steady else about(value)


def _once(cells: list[str]) -> str:
    """Return the cells of all sizes, or the one that they all are."""
    return cells[0] if len({*cells}) == 1 else " / ".join(cells)


def _reasons(found: tuple[Term, ...]) -> list[str]:
    return [line for term in found if term.name in WHY for line in (f"- **{term.name}.** {WHY[term.name]}",)]
