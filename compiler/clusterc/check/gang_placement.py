"""Whether a gang fits as closely together as it asks for, and whether the network carries it where it does not."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc import catalog
from clusterc.check._view import Mistake, View
from clusterc.defaults.pools import gpu_type, gpus_per_machine, max_pods, style
from clusterc.diagnostics import Finding, Severity
from clusterc.spec.pools import NodePool
from clusterc.spec.workloads import Workload

TOO_LARGE = Mistake("CC4005", "gang-placement")
SPANS = Mistake(
    "CC4005",
    "gang-placement",
    "OpenAI, Scaling Kubernetes to 7,500 nodes: full bisection bandwidth, so no placement by rack",
    Severity.WARNING,
)


def findings(view: View) -> Iterator[Finding]:
    """Return every gang that one block or NVLink domain cannot hold as asked, or that spans blocks unasked."""
    for i, workload in enumerate(view.body.workloads):
        for j, pool in enumerate(view.body.node_pools):
            if pool.name == workload.pool and view.whole("spec.nodePools", j) and view.whole("spec.gpuTypes"):
                yield from _of_pool(view, i, j, workload, pool)


def _of_pool(view: View, index: int, at: int, workload: Workload, pool: NodePool) -> Iterator[Finding]:
    machines, fabric = _machines(view, workload, pool), pool.fabric
    block = fabric.block_size if fabric else None
    if workload.placement == "same-nvlink-domain":
        yield from _nvlink(view, index, at, workload, pool)
    elif workload.placement == "same-block" and block is None:
        message = f"{workload.name} asks for one block, but pool {pool.name} does not say how large its blocks are"
        fix = "write fabric: {blockSize: 32} in the pool, as many machines as one has"
        yield _finding(view, TOO_LARGE, index, at, message, fix=fix)
    elif workload.placement == "same-block" and block is not None and machines > block:
        message = f"{workload.name} needs {machines:,} machines in one block; those of pool {pool.name} have {block:,}"
        fix = f"at most {block:,} machines' worth of pods, or placement: any"
        yield _finding(view, TOO_LARGE, index, at, message, fix=fix)
    elif workload.gang and fabric and block and machines > block and not fabric.full_bisection:
        blocks = -(-machines // block)
        message = f"{workload.name} spans {blocks:,} blocks of {block:,} machines, between which the network is slower"
        fix = "write fullBisection: true if it is not, or place the gang by blocks and waive this"
        yield _finding(view, SPANS, index, at, message, fix=fix)


def _machines(view: View, workload: Workload, pool: NodePool) -> int:
    """Return the fewest machines that hold one instance of a job."""
    gpus = (workload.resources.gpus if workload.resources else None) or 0
    each = 1 if style(pool) == "whole-node" else max_pods(pool, view.body)
    if gpus:
        each = gpus_per_machine(pool, view.body) // gpus
    return -(-workload.pods // max(1, each))


def _nvlink(view: View, index: int, at: int, workload: Workload, pool: NodePool) -> Iterator[Finding]:
    name = gpu_type(pool, view.body)
    own = next((gpu.nvlink_domain for gpu in view.body.gpu_types if gpu.name == name), None)
    domain: int = own or catalog.gpus().get(name or "", {}).get("nvlinkDomain", 1)
    asked = (workload.resources.gpus if workload.resources else None) or gpus_per_machine(pool, view.body)
    # What machines without GPUs cannot hold is a finding of its own.
    if gpus_per_machine(pool, view.body) and workload.pods * asked > domain:
        message = (
            f"{workload.name} needs {workload.pods * asked:,} GPUs in one NVLink domain; "
            f"one of pool {pool.name} has {domain:,}"
        )
        fix = "ask for fewer, for another GPU type, or for placement: same-block"
        yield _finding(view, TOO_LARGE, index, at, message, fix=fix)


def _finding(view: View, mistake: Mistake, index: int, at: int, message: str, *, fix: str) -> Finding:
    said = view.body.workloads[index].placement is not None
    return view.finding(
        mistake,
        view.at("spec.workloads", index, "placement" if said else "pods"),
        message,
        fix=fix,
        related=(view.related("its pool", "spec.nodePools", at, "fabric"),),
    )
