"""The kubelets of every pool, all settings together, and where the spec says one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from clusterc import quantity
from clusterc.check._view import Mistake, View
from clusterc.diagnostics import Finding
from clusterc.model.cluster import Cluster
from clusterc.model.pools import Machine


@dataclass(frozen=True, slots=True)
class Kubelets:
    """What the kubelets of one pool are told: the base, the pool's drop-in over it, and what the spec passes on."""

    view: View
    index: int
    pool: str
    machine: Machine
    told: Mapping[str, Any]

    def finding(self, mistake: Mistake, message: str, *fields: str, fix: str, numbers: str = "") -> Finding:
        """Return a finding at the first of some fields that the spec passes on, or at the pool."""
        at = ("spec.nodePools", self.index)
        said = [name for name in fields if name in self.view.body.node_pools[self.index].kubelet]
        path = self.view.at(*at, "kubelet", said[0]) if said else self.view.at(*at, "name")
        return self.view.finding(mistake, path, f"pool {self.pool}: {message}", fix=fix, numbers=numbers)


def kubelets(view: View, cluster: Cluster) -> Iterator[Kubelets]:
    """Yield the kubelets of every pool."""
    for index, pool in enumerate(cluster.pools):
        yield Kubelets(view, index, pool.name, pool.machine, cluster.kubelet_of(pool))


def kept_bytes(told: Any) -> int | None:
    """Return the memory that is kept from pods, in bytes, or None where a part of it is no size."""
    kept = (("kubeReserved", "memory"), ("systemReserved", "memory"), ("evictionHard", "memory.available"))
    sizes = [quantity.kubernetes_bytes(entry(told, name, key, 0)) for name, key in kept]
    return None if None in sizes else sum(size or 0 for size in sizes)


def kept_millicores(told: Any) -> int | None:
    """Return the CPUs that are kept from pods, in millicores, or None where a part of them is no number of CPUs."""
    try:
        return sum(quantity.parse_cpu(entry(told, name, "cpu", 0)) for name in ("kubeReserved", "systemReserved"))
    except quantity.QuantityError:
        return None


def entry(told: Any, name: str, key: str, default: object) -> object:
    """Return one entry of a field that is a mapping, or the default."""
    entries = told.get(name)
    return entries.get(key, default) if isinstance(entries, dict) else default
