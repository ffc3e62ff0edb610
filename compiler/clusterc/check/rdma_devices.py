"""Whether a pool whose pods use RDMA has machines with interfaces for it."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc import catalog
from clusterc.check._view import Mistake, View
from clusterc.defaults.pools import gpu_type
from clusterc.diagnostics import Finding

NO_DEVICES = Mistake("CC6002", "rdma-without-interfaces")


def findings(view: View) -> Iterator[Finding]:
    """Return every pool that asks for RDMA on machines that have none."""
    known = catalog.machines(view.body.provider)
    for i, pool in enumerate(view.body.node_pools):
        row = known.get(pool.machine.type or "", {})
        of_gpus = any(gpu.name == gpu_type(pool, view.body) and gpu.nics for gpu in view.body.gpu_types)
        has_some = pool.machine.rdma or "rdma" in row or of_gpus
        if not pool.rdma or has_some or not view.whole("spec.nodePools", i, "machine"):
            continue
        yield view.finding(
            NO_DEVICES,
            view.at("spec.nodePools", i, "rdma"),
            f"pods of {pool.name} are to use RDMA, but its machines have no fabric interfaces",
            fix="say them in its machine, such as rdma: {nics: 8, bandwidth: 400Gbps}, or leave this out",
            related=(view.related("the machine", "spec.nodePools", i, "machine"),),
        )
