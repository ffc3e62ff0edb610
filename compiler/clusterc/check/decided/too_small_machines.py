"""Whether a pool's machines have anything left for pods once their kubelets have kept their part."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc import quantity
from clusterc.check._view import Mistake, View
from clusterc.check.decided._kubelets import Kubelets, kept_bytes, kept_millicores, kubelets
from clusterc.diagnostics import Finding
from clusterc.model.cluster import Cluster

TOO_SMALL = Mistake("CC5006", "machine-too-small", "kubelet, validateNodeAllocatable: capacity >= reservation")


def findings(view: View, cluster: Cluster) -> Iterator[Finding]:
    """Return every pool whose machines are no larger than what is kept from pods."""
    for kubelet in kubelets(view, cluster):
        machine = kubelet.machine
        memory, cpus = kept_bytes(kubelet.told) or 0, kept_millicores(kubelet.told) or 0
        if memory >= machine.memory_bytes:
            has, kept = quantity.format_bytes(machine.memory_bytes), quantity.format_bytes(memory)
            parts = "kubeReserved + systemReserved + evictionHard"
            yield _finding(view, kubelet, "memory", f"{has} of memory", kept, f"{parts} = {kept} >= {has}")
        if cpus >= machine.cpu_millicores:
            has, kept = quantity.format_cpu(machine.cpu_millicores), quantity.format_cpu(cpus)
            yield _finding(
                view, kubelet, "CPUs", f"{has} CPUs", kept, f"kubeReserved + systemReserved = {kept} >= {has}"
            )


def _finding(view: View, kubelet: Kubelets, what: str, has: str, kept: str, numbers: str) -> Finding:
    return view.finding(
        TOO_SMALL,
        view.at("spec.nodePools", kubelet.index, "machine"),
        f"pool {kubelet.pool}: a machine has {has}, of which {kept} are kept from pods",
        fix=f"give it more {what}",
        numbers=numbers,
    )
