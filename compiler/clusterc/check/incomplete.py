"""Whether each block says enough, and not too much, to mean one thing."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc import catalog
from clusterc.check._view import Mistake, View
from clusterc.defaults.pools import gpu_type
from clusterc.diagnostics import Finding
from clusterc.spec.pools import NodePool

INCOMPLETE = Mistake("CC0018", "incomplete")


def findings(view: View) -> Iterator[Finding]:
    """Return every block that leaves something open or says it twice."""
    for i, pool in enumerate(view.body.node_pools):
        yield from _machine(view, i, pool)
        yield from _gpu(view, i, pool)
    for i in range(len(view.body.teams)):
        yield from _guarantees(view, i)
    yield from _disruptions(view)


def _machine(view: View, index: int, pool: NodePool) -> Iterator[Finding]:
    machine, steps = pool.machine, ("spec.nodePools", index, "machine")
    if machine.type is not None or not view.whole(*steps):
        return
    lacks = [name for name, value in (("cpu", machine.cpu), ("memory", machine.memory)) if value is None]
    if lacks:
        message = f"{view.name(*steps)} has no type and lacks {' and '.join(lacks)}"
        fix = "name a machine type of the provider, or write cpu and memory, such as {cpu: 64, memory: 512Gi}"
        yield view.finding(INCOMPLETE, view.at(*steps), message, fix=fix)


def _gpu(view: View, index: int, pool: NodePool) -> Iterator[Finding]:
    steps = ("spec.nodePools", index, "gpu")
    known = pool.machine.type is None or pool.machine.type in catalog.machines(view.body.provider)
    if pool.gpu is None or gpu_type(pool, view.body) or not known or not view.whole(*steps):
        return
    message = f"{view.name(*steps)} has no type, and the pool's machine brings none"
    fix = "add the type, such as type: h100-sxm5-80gb"
    related = (view.related("the machine", "spec.nodePools", index, "machine"),)
    yield view.finding(INCOMPLETE, view.at(*steps), message, fix=fix, related=related)


def _guarantees(view: View, team: int) -> Iterator[Finding]:
    for i, guarantee in enumerate(view.body.teams[team].guarantees):
        steps = ("spec.teams", team, "guarantees", i)
        choices = (
            ("pool or gpuType", "of what", guarantee.pool, guarantee.gpu_type),
            ("nodes or gpus", "how much", guarantee.nodes, guarantee.gpus),
        )
        for names, what, *values in choices:
            given = sum(value is not None for value in values)
            if given == 1 or not view.whole(*steps):
                continue
            problem = f"does not say {what}" if given == 0 else f"says {what} twice"
            fix = f"write either {names}" if given == 0 else f"keep either {names}"
            yield view.finding(INCOMPLETE, view.at(*steps), f"{view.name(*steps)} {problem}", fix=fix)


def _disruptions(view: View) -> Iterator[Finding]:
    for i, workload in enumerate(view.body.workloads):
        steps, pdb = ("spec.workloads", i, "pdb"), workload.pdb
        if pdb is None or (pdb.max_unavailable is None) != (pdb.min_available is None) or not view.whole(*steps):
            continue
        problem = "neither maxUnavailable nor minAvailable" if pdb.max_unavailable is None else "both of its fields"
        message = f"{view.name(*steps)} has {problem}; a PodDisruptionBudget takes one"
        fix = 'write how many pods may be missing, such as {maxUnavailable: "10%"}'
        yield view.finding(INCOMPLETE, view.at(*steps), message, fix=fix)
