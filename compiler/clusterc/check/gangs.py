"""Whether gangs can be placed at all: by something that exists in this minor, in a pool that is large enough."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.check._view import Mistake, View
from clusterc.defaults.pools import gpus_per_machine, max_pods, style
from clusterc.diagnostics import Finding
from clusterc.kubernetes import minor_of
from clusterc.spec.pools import NodePool
from clusterc.spec.workloads import Workload

NO_MECHANISM = Mistake(
    "CC4001",
    "gang-mechanism-missing",
    "KEP-4671: gang scheduling is beta in 1.37; scheduler-plugins v0.34.7 is for 1.34",
)
TOO_LARGE = Mistake("CC4002", "gang-larger-than-pool")
NOBODY = Mistake("CC4003", "gang-without-scheduler")


def findings(view: View) -> Iterator[Finding]:
    """Return gangs that nothing places, and gangs that no pool holds."""
    yield from _mechanism(view)
    for i, workload in enumerate(view.body.workloads):
        if workload.gang and view.body.gangs is None and view.whole("spec.gangs"):
            yield view.finding(
                NOBODY,
                view.at("spec.workloads", i, "gang"),
                f"{workload.name} is a gang, but spec.gangs does not say who places gangs",
                fix=f"add gangs: {{scheduler: {_usable(view)}}} to spec",
            )
        if workload.gang and workload.pool:
            yield from _fits(view, i, workload)


def _usable(view: View) -> str:
    minor = minor_of(view.body.kubernetes.version)
    return "native" if minor.has_native_gangs else "kueue"


def _mechanism(view: View) -> Iterator[Finding]:
    gangs, minor = view.body.gangs, minor_of(view.body.kubernetes.version)
    if gangs is None or not minor.supported:
        return
    missing = {
        "native": None if minor.has_native_gangs else "the API is beta from 1.37 on",
        "coscheduling": None if minor.has_coscheduling_release else "its newest release is built for 1.34",
        "kueue": None,
    }[gangs.scheduler]
    if missing is None:
        return
    yield view.finding(
        NO_MECHANISM,
        view.at("spec.gangs.scheduler"),
        f"{gangs.scheduler} places no gangs in Kubernetes {minor}: {missing}",
        fix=f"write scheduler: {_usable(view)}",
        related=(view.related(f"Kubernetes {minor}", "spec.kubernetes.version"),),
    )


def _fits(view: View, index: int, workload: Workload) -> Iterator[Finding]:
    for i, pool in enumerate(view.body.node_pools):
        if pool.name != workload.pool or not view.whole("spec.nodePools", i):
            continue
        each, why = _pods_per_machine(view, pool, workload)
        room = pool.nodes.max * each
        if workload.pods <= room:
            continue
        fix = f"at most {room:,} pods"
        fix += f", or nodes.max: {-(-workload.pods // each)} for {pool.name}" if each else ", or another pool"
        yield view.finding(
            TOO_LARGE,
            view.at("spec.workloads", index, "pods"),
            f"{workload.name} needs {workload.pods:,} pods at once; pool {pool.name} holds {room:,} at its largest",
            measured=(workload.pods, room),
            numbers=f"{pool.nodes.max:,} machines x {each} ({why}) = {room:,} < {workload.pods:,}",
            fix=fix,
            related=(
                view.related(f"pool {pool.name}: up to {pool.nodes.max:,} machines", "spec.nodePools", i, "nodes.max"),
            ),
        )


def _pods_per_machine(view: View, pool: NodePool, workload: Workload) -> tuple[int, str]:
    """Return how many pods of a job a machine holds at the most, and what bounds them."""
    gpus = (workload.resources.gpus if workload.resources else None) or 0
    if gpus:
        offered = gpus_per_machine(pool, view.body)
        return offered // gpus, f"{offered} GPUs for {gpus} each"
    if style(pool) == "whole-node":
        return 1, "one job pod takes a machine"
    return max_pods(pool, view.body), "maxPods"
