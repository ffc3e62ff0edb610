"""Whether every name that one part of a spec uses is the name of another part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from clusterc import catalog
from clusterc.check._view import Mistake, View
from clusterc.defaults.priorities import BALLOON, LADDER
from clusterc.diagnostics import Finding, Step, alike

SYSTEM_PRIORITIES = ("system-cluster-critical", "system-node-critical")
DANGLING = Mistake("CC0011", "dangling-reference")
# A list of names longer than this helps nobody; GPU types are the one such list.
MOST_LISTED = 12


@dataclass(frozen=True, slots=True)
class Kind:
    """What a reference may name: `lists` are the parts that the names come from."""

    what: str
    names: tuple[str, ...]
    lists: tuple[str, ...]


Use = tuple[Kind, str | None, tuple[Step, ...]]


def findings(view: View) -> Iterator[Finding]:
    """Return every reference that names nothing."""
    pool, team, gpu, priority = _kinds(view)
    for kind, name, steps in (*_pools(view, pool), *_others(view, team, gpu, priority)):
        if name is not None and name not in kind.names and all(view.complete(part) for part in kind.lists):
            yield _dangling(view, kind, name, steps)


def _kinds(view: View) -> tuple[Kind, Kind, Kind, Kind]:
    body = view.body
    own = tuple(rung.name for rung in body.priorities)
    balloon = (BALLOON,) if body.balloons.pools else ()
    gpus = tuple(dict.fromkeys((*(gpu.name for gpu in body.gpu_types), *catalog.gpus())))
    return (
        Kind("pool", tuple(pool.name for pool in body.node_pools), ("spec.nodePools",)),
        Kind("team", tuple(team.name for team in body.teams), ("spec.teams",)),
        Kind("GPU type", gpus, ("spec.gpuTypes",)),
        Kind(
            "priority class",
            (*(own or (*(name for name, _, _ in LADDER), *balloon)), *SYSTEM_PRIORITIES),
            ("spec.priorities", "spec.balloons.pools"),
        ),
    )


def _pools(view: View, pool: Kind) -> Iterator[Use]:
    body = view.body
    for i, team in enumerate(body.teams):
        for j, guarantee in enumerate(team.guarantees):
            yield pool, guarantee.pool, ("spec.teams", i, "guarantees", j, "pool")
    for i, workload in enumerate(body.workloads):
        yield pool, workload.pool, ("spec.workloads", i, "pool")
    for i, addon in enumerate(body.addons):
        for j, name in enumerate(addon.pools):
            yield pool, name, ("spec.addons", i, "pools", j)
    for i, name in enumerate(body.balloons.pools):
        yield pool, name, ("spec.balloons.pools", i)
    for i, name in enumerate(body.upgrade.order):
        yield pool, name, ("spec.upgrade.order", i)
    for i, webhook in enumerate(body.webhooks):
        yield pool, webhook.backend.pool, ("spec.webhooks", i, "backend.pool")


def _others(view: View, team: Kind, gpu: Kind, priority: Kind) -> Iterator[Use]:
    body = view.body
    for i, workload in enumerate(body.workloads):
        yield team, workload.team, ("spec.workloads", i, "team")
        yield priority, workload.priority, ("spec.workloads", i, "priority")
    for i, addon in enumerate(body.addons):
        yield priority, addon.priority, ("spec.addons", i, "priority")
    for i, node_pool in enumerate(body.node_pools):
        yield gpu, node_pool.gpu.type if node_pool.gpu else None, ("spec.nodePools", i, "gpu.type")
    for i, owner in enumerate(body.teams):
        for j, guarantee in enumerate(owner.guarantees):
            yield gpu, guarantee.gpu_type, ("spec.teams", i, "guarantees", j, "gpuType")


def _dangling(view: View, kind: Kind, name: str, steps: tuple[Step, ...]) -> Finding:
    near = alike(name, kind.names)
    if near:
        fix = f"did you mean {' or '.join(near)}?"
    elif not kind.names:
        fix = f"the spec has no {kind.what}: add it, or leave this out"
    else:
        listed = ", ".join(kind.names[:MOST_LISTED]) + (" ..." if len(kind.names) > MOST_LISTED else "")
        fix = f"add the {kind.what}, or name one of {listed}"
    return view.finding(
        DANGLING, view.at(*steps), f"{view.name(*steps)} is {name!r}, but no {kind.what} has that name", fix=fix
    )
