"""`teams`, `quota`, `balloons`, `gangs`, `priorities`: promises that the pools can keep."""

from __future__ import annotations

from hypothesis import strategies as st

from specs.basic import FLAG, Plain, names, number, one_of, optional, some
from specs.place import Place
from specs.pools import Pool

LADDER = ("borrowed", "batch", "interactive", "preflight")
SYSTEM = ("system-cluster-critical", "system-node-critical")
MEMBERS = ("group:research", "user:jo@example.com", "group:oidc:ops", "serviceaccount:ci:runner", "user:system:admin")


def teams(draw: st.DrawFn, pools: list[Pool]) -> list[Plain]:
    """Return teams whose guarantees the pools hold, with namespaces of their own."""
    found = names(draw, 3, least=1, prefix="team-")
    guarantees: dict[str, list[Plain]] = {name: [] for name in found}
    for pool in some(draw, pools):
        for name, guarantee in shares(draw, pool, found):
            guarantees[name].append(guarantee)
    return [{"name": name, "guarantees": guarantees[name]} | team(draw, name) for name in found]


def shares(draw: st.DrawFn, pool: Pool, found: list[str]) -> list[tuple[str, Plain]]:
    """Return what each team is promised of a pool; together no more than the pool, in one unit."""
    what = {"gpuType": pool.gpu_type} if pool.gpu_type and draw(FLAG) else {"pool": pool.name}
    unit = "gpus" if pool.gpus and draw(FLAG) else "nodes"
    left, given = pool.most * (pool.gpus if unit == "gpus" else 1), []
    for name in found:
        amount = number(draw, 0, left)
        left -= amount
        given.append((name, {**what, unit: amount}))
    return given


def team(draw: st.DrawFn, name: str) -> Plain:
    """Return what is said of a team beside its guarantees."""
    return optional(
        draw,
        borrow=FLAG,
        members=lambda: some(draw, MEMBERS),
        limits=lambda: optional(draw, pods=_LIMIT, services=_LIMIT, configMaps=_LIMIT, jobs=_LIMIT),
        namespaces=[name, f"{name}-dev"],
    )


def quota(draw: st.DrawFn) -> Plain:
    """Return how guarantees are kept."""
    return {"mechanism": draw(_MECHANISM)}


def gangs(draw: st.DrawFn, place: Place) -> Plain:
    """Return who places gangs, of those that exist for the minor."""
    return {"scheduler": draw(_PLACERS.get(place.minor, _KUEUE))}


def balloons(draw: st.DrawFn, pools: list[Pool]) -> Plain:
    """Return balloons of some pools."""
    return optional(draw, pools=lambda: some(draw, [pool.name for pool in pools]), priority=_BALLOON)


def priorities(draw: st.DrawFn, least: int) -> list[Plain]:
    """Return a ladder that Kubernetes takes, whose lowest rung has this value or more."""
    found = names(draw, 3, least=1, prefix="class-")
    default = number(draw, 0, len(found))
    return [
        {"name": name, "value": number(draw, least, 1_000_000_000)}
        | ({"default": True} if position == default else {})
        | optional(draw, preempts=FLAG, description=_DESCRIPTION)
        for position, name in enumerate(found)
    ]


def classes(body: Plain) -> list[str]:
    """Return the priority classes that a workload of a spec may name."""
    own = [rung["name"] for rung in body.get("priorities", ())]
    balloon = ["balloon"] if body.get("balloons", {}).get("pools") else []
    return [*(own or [*LADDER, *balloon]), *SYSTEM]


_LIMIT = one_of(1, 500, 50_000)
_MECHANISM = one_of("team-taints", "kueue", "resource-quota")
_KUEUE = one_of("kueue")
_PLACERS = {34: one_of("kueue", "coscheduling"), 37: one_of("kueue", "native")}
_BALLOON = st.integers(-10, -1)
_DESCRIPTION = one_of("Ordinary jobs.", "yes: 'no' # on")
