"""Whether a pool's machines have anything left for pods once their kubelets have kept their part."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc import quantity
from clusterc.check._view import Mistake, View
from clusterc.check.decided._kubelets import kept_bytes, kubelets
from clusterc.diagnostics import Finding
from clusterc.model.cluster import Cluster

TOO_SMALL = Mistake("CC5006", "machine-too-small", "kubelet: a node without allocatable memory or CPU takes no pod")


def findings(view: View, cluster: Cluster) -> Iterator[Finding]:
    """Return every pool whose machines are no larger than what is kept from pods."""
    for kubelet in kubelets(view, cluster):
        memory, kept = kubelet.machine.memory_bytes, kept_bytes(kubelet.told) or 0
        if kept >= memory:
            shown, has = quantity.format_bytes(kept), quantity.format_bytes(memory)
            yield view.finding(
                TOO_SMALL,
                view.at("spec.nodePools", kubelet.index, "machine"),
                f"pool {kubelet.pool}: a machine has {has} of memory, of which {shown} are kept from pods",
                fix="give it more memory",
                numbers=f"kubeReserved + systemReserved + evictionHard = {shown} >= {has}",
            )
