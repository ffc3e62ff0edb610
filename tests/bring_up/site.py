"""A runbook carried out, step by step, on as many machines as it speaks of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bring_up.runbook import Step, named, steps
from bring_up.sandbox import Machine, stand_ins

# Which machines a step is for; a step that is not here fails.
MACHINES = {
    "etcd": "etcd",
    "etcd for Events": "events",
    "The endpoint": "balancer",
    "Every API server": "api",
    "The first API server": "first",
    "What the others join with": "first",
    "The other API servers": "others",
    "etcd's timers": "api",
    "The cloud's controller manager": "first",
    "Cilium": "first",
    "Calico's operator": "first",
    "AWS VPC plugin": "first",
    "Gangs": "first",
    "Objects of the API": "first",
    "The machines of the pools": "pool",
}
READ_BY_PEOPLE = frozenset({"README.md", "MANIFEST.json", "etcd/main/RESTORE.md"})


@dataclass(frozen=True, slots=True)
class Site:
    """A tree, the steps of its runbook, and the machines on which they were carried out."""

    tree: Path
    steps: tuple[Step, ...]
    machines: dict[str, Machine]


def carry_out(readme: str, tree: Path, folder: Path) -> Site:
    """Carry out a runbook below `folder`: what a table says is there is put there, unless an earlier step made it."""
    site = Site(tree, steps(readme), {})
    programs = stand_ins(folder / "programs", stacked=not (tree / "etcd/main/etcd.service").exists())
    for step in site.steps:
        for name, value in machines_of(step, api_servers(tree)):
            machine = site.machines.setdefault(name, Machine(folder / name.replace(" ", "-")))
            machine.path("/root").mkdir(parents=True, exist_ok=True)
            _hand_over(step, machine, site)
            machine.run(step, value, tree, programs)
    return site


def machines_of(step: Step, api_servers: int) -> Iterator[tuple[str, str]]:
    """Yield the machines of a step, and the value of its variable on each."""
    kind = MACHINES[step.title]
    if kind in {"etcd", "events", "pool"}:
        yield from ((f"{kind} {value}", value) for value in step.values)
    elif kind == "balancer":
        yield kind, ""
    elif kind == "first":
        yield "api 0", ""
    else:
        numbers = range(1 if kind == "others" else 0, api_servers)
        yield from ((f"api {number}", step.values[number if step.variable else 0]) for number in numbers)


def api_servers(tree: Path) -> int:
    """Return the number of API servers: one certificate is for all of them and the endpoint."""
    text = (tree / "control-plane/kubeadm/cluster-configuration.yaml").read_text()
    names = re.search(r"(?s)certSANs:\n(.*?)\n  \w", text)
    assert names
    return len(names[1].splitlines()) - 1


def _hand_over(step: Step, machine: Machine, site: Site) -> None:
    for need in step.needs:
        for path in (name for name in need.names if name.startswith("/")):
            if need.step is None:
                machine.supply(path)
            elif not machine.path(path).exists():
                # Copied by hand from the machine where the earlier step made it.
                source = site.machines["api 0"].path(path)
                assert source.exists(), f"step {step.number} takes {path} from step {need.step}, which did not make it"
                machine.path(path).parent.mkdir(parents=True, exist_ok=True)
                machine.path(path).write_bytes(source.read_bytes())


def not_named_once(runbook: Iterable[Step], files: Iterable[str]) -> Mapping[str, int]:
    """Return how often each file of a tree is named that is not named once, or twice where it lies on every machine."""
    files = sorted(set(files) - READ_BY_PEOPLE)
    times: Counter[str] = Counter(dict.fromkeys(files, 0))
    for step in runbook:
        lines = ((number, line) for value in step.values for number, line in enumerate(step.lines(value)))
        times.update(file for _, file in {(number, file) for number, line in lines for file in named(line, files)})
    return {file: count for file, count in times.items() if count != (2 if file.startswith("network/cni/") else 1)}
