"""Whether the pools can keep what the teams were promised, machine for machine and GPU for GPU."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from clusterc import catalog
from clusterc.check._view import Mistake, View
from clusterc.defaults.pools import gpu_type, gpus_per_machine
from clusterc.diagnostics import Finding, Related, Step
from clusterc.spec.pools import NodePool
from clusterc.spec.teams import Guarantee

EXCEEDED = Mistake("CC7001", "guarantees-exceed-pool", "OpenAI, Scaling Kubernetes to 7,500 nodes: team quotas")


@dataclass(frozen=True, slots=True)
class Promise:
    """What one guarantee takes of a whole, and in which words."""

    amount: Fraction
    words: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """What there is to promise from: so many units, of these pools by position, when each is at its largest."""

    name: str
    unit: str
    amount: int
    pools: tuple[int, ...]


def findings(view: View) -> Iterator[Finding]:
    """Return each pool, and each GPU type, of which more is promised than there is."""
    if not all(view.whole(part) for part in ("spec.teams", "spec.nodePools", "spec.gpuTypes")):
        return
    exceeded = set[int]()
    for i, pool in enumerate(view.body.node_pools):
        for finding in _pool(view, i, pool):
            exceeded.add(i)
            yield finding
    known = catalog.gpus().keys() | {gpu.name for gpu in view.body.gpu_types}
    for name in sorted({guarantee.gpu_type for _, guarantee in _guarantees(view) if guarantee.gpu_type in known}):
        pools = [i for i, pool in enumerate(view.body.node_pools) if gpu_type(pool, view.body) == name]
        # What is promised of a pool beyond its size would only be counted once more against its type.
        if exceeded.isdisjoint(pools):
            yield from _type(view, name, pools)


def _guarantees(view: View) -> Iterator[tuple[tuple[Step, ...], Guarantee]]:
    """Return the guarantees that mean one thing, with their places."""
    for i, team in enumerate(view.body.teams):
        for j, guarantee in enumerate(team.guarantees):
            one_what = (guarantee.pool is None) != (guarantee.gpu_type is None)
            if one_what and (guarantee.nodes is None) != (guarantee.gpus is None):
                yield ("spec.teams", i, "guarantees", j), guarantee


def _pool(view: View, index: int, pool: NodePool) -> Iterator[Finding]:
    each, promises = gpus_per_machine(pool, view.body), list[Promise]()
    for steps, guarantee in _guarantees(view):
        if guarantee.pool != pool.name:
            continue
        if guarantee.gpus and not each:
            yield _no_gpus(view, index, pool, guarantee.gpus, steps)
        elif guarantee.gpus:
            promises.append(_gpus(view, Fraction(guarantee.gpus, each), guarantee.gpus, each, steps))
        else:
            promises.append(_nodes(view, guarantee.nodes or 0, 1, steps))
    yield from _exceeds(view, Whole(f"pool {pool.name}", "machines", pool.nodes.max, (index,)), promises)


def _type(view: View, name: str, pools: Sequence[int]) -> Iterator[Finding]:
    """Return the type if its machines, or its GPUs, are promised beyond what all its pools have.

    Machines of a type are reckoned as machines while nobody was promised single GPUs of it, else as GPUs; where its
    pools differ, a machine counts for the fewest GPUs of any, so that only what is certain is reported.
    """
    body = view.body
    each = {body.node_pools[i].name: gpus_per_machine(body.node_pools[i], body) for i in pools}
    meant = [(s, g) for s, g in _guarantees(view) if g.gpu_type == name or (g.pool in each and not g.gpu_type)]
    in_gpus = any(guarantee.gpus for _, guarantee in meant)
    promises = list[Promise]()
    for steps, guarantee in meant:
        least = each[guarantee.pool] if guarantee.pool else min(each.values(), default=1)
        if guarantee.gpus:
            promises.append(_gpus(view, Fraction(guarantee.gpus), guarantee.gpus, 1, steps))
        else:
            promises.append(_nodes(view, guarantee.nodes or 0, least if in_gpus else 1, steps))
    amount = sum(body.node_pools[i].nodes.max * (each[body.node_pools[i].name] if in_gpus else 1) for i in pools)
    whole = Whole(f"GPU type {name}", "GPUs" if in_gpus else "machines", amount, tuple(pools))
    yield from _exceeds(view, whole, promises)


def _nodes(view: View, nodes: int, each: int, steps: tuple[Step, ...]) -> Promise:
    words = f"{nodes:,}" if each == 1 else f"{nodes:,} x {each}"
    return Promise(Fraction(nodes * each), f"{_team(view, steps)} {words}", (*steps, "nodes"))


def _gpus(view: View, amount: Fraction, gpus: int, each: int, steps: tuple[Step, ...]) -> Promise:
    words = f"{gpus:,}" if each == 1 else f"{gpus:,} GPUs / {each}"
    return Promise(amount, f"{_team(view, steps)} {words}", (*steps, "gpus"))


def _team(view: View, steps: tuple[Step, ...]) -> str:
    return view.body.teams[int(steps[1])].name


def _no_gpus(view: View, index: int, pool: NodePool, gpus: int, steps: tuple[Step, ...]) -> Finding:
    return view.finding(
        EXCEEDED,
        view.at(*steps, "gpus"),
        f"{_team(view, steps)} is promised {gpus:,} GPUs of pool {pool.name}, whose machines have none",
        fix="promise nodes of it, or GPUs of another pool",
        related=(view.related("the machine", "spec.nodePools", index, "machine"),),
    )


def _exceeds(view: View, whole: Whole, promises: Sequence[Promise]) -> Iterator[Finding]:
    """Return a finding at the promise with which the sum first passes what there is."""
    total = sum((promise.amount for promise in promises), Fraction(0))
    if total <= whole.amount:
        return
    so_far = Fraction(0)
    for last in promises:
        if so_far + last.amount > whole.amount:
            break
        so_far += last.amount
    left = int(whole.amount - so_far)
    yield view.finding(
        EXCEEDED,
        view.at(*last.steps),
        f"teams are promised {_shown(total)} {whole.unit} of {whole.name}, which has {whole.amount:,} at its largest",
        measured=(float(total), whole.amount),
        numbers=f"{' + '.join(promise.words for promise in promises)} = {_shown(total)} > {whole.amount:,}",
        fix=f"promise at most {left:,} {whole.unit} here, or let its pools grow to {_shown(total)} {whole.unit}"
        if whole.pools
        else "remove the guarantee, or add a pool of this type",
        related=(*_pools(view, whole), *_others(view, promises, last)),
    )


def _pools(view: View, whole: Whole) -> Iterator[Related]:
    for i in whole.pools:
        pool = view.body.node_pools[i]
        yield view.related(f"{pool.name}: up to {pool.nodes.max:,} machines", "spec.nodePools", i, "nodes.max")


def _others(view: View, promises: Sequence[Promise], last: Promise) -> Iterator[Related]:
    yield from (view.related(promise.words, *promise.steps) for promise in promises if promise is not last)


def _shown(amount: Fraction) -> str:
    return f"{amount.numerator:,}" if amount.denominator == 1 else f"{float(amount):,.2f}"
