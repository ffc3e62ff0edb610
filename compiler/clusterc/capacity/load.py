"""What a cluster has at one size: the machines of each pool, and what grows with them.

At the least, desired and largest size the pools have their own numbers. At any other size they have what falls to them
in proportion to their largest; as the cluster grows no pool ever shrinks, so what grows with machines has one breaking
point. Promises (`spec.scale`) are the cluster's at every size; a job grows with the machines it runs on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clusterc.model.decision import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clusterc.model.cluster import Cluster
    from clusterc.model.pools import Pool
    from clusterc.model.promises import Addon, Workload


@dataclass(frozen=True, slots=True)
class Load:
    """A cluster at one size; `counts` holds the machines of each pool in the order of the cluster's pools."""

    cluster: Cluster
    counts: tuple[int, ...]
    nodes: int
    pods: int

    @classmethod
    def sizes(cls, cluster: Cluster) -> tuple[Load, Load, Load]:
        """Return the cluster at its least, desired and largest size."""
        sizes = [pool.nodes for pool in cluster.pools]
        return (
            cls.counted(cluster, tuple(size.min for size in sizes)),
            cls.counted(cluster, tuple(size.desired for size in sizes)),
            cls.counted(cluster, tuple(size.max for size in sizes)),
        )

    @classmethod
    def of(cls, cluster: Cluster, nodes: int) -> Load:
        """Return the cluster with this many machines, its pools in proportion to their largest."""
        return cls.counted(cluster, apportion(nodes, tuple(pool.nodes.max for pool in cluster.pools)))

    @classmethod
    def counted(cls, cluster: Cluster, counts: tuple[int, ...]) -> Load:
        """Return the cluster with these machines in its pools."""
        pods = sum(count * pool.pods_per_node for count, pool in zip(counts, cluster.pools, strict=True))
        return cls(cluster, counts, sum(counts), pods)

    @property
    def containers(self) -> int:
        """Return the containers of all pods."""
        return self.pods * self.cluster.scale.containers_per_pod

    def pools(self) -> Iterator[tuple[Pool, int]]:
        """Return every pool with its machines."""
        return zip(self.cluster.pools, self.counts, strict=True)

    def machines(self, names: tuple[str, ...]) -> int:
        """Return the machines of the pools of these names; of all where there is no name."""
        if not names:
            return self.nodes
        return sum(count for pool, count in self.pools() if pool.name in names)

    def agents(self, addon: Addon) -> int:
        """Return the pods of an add-on."""
        return self.machines(addon.pools) if addon.kind == "DaemonSet" else addon.replicas

    def gang(self, workload: Workload) -> int:
        """Return the pods of one instance of a job, in proportion to the machines it runs on, rounded up."""
        names = (workload.pool,) if workload.pool else ()
        most = sum(pool.nodes.max for pool in self.cluster.pools if not names or pool.name in names)
        return -(-workload.pods * self.machines(names) // most) if most else workload.pods

    def origin(self, path: str) -> str:
        """Return a path with who decided it, such as `spec.controlPlane.etcd.quota (spec)`."""
        return origin(self.cluster, path)


def origin(cluster: Cluster, path: str) -> str:
    """Return a path with who decided it; the path alone where it holds no decision of its own."""
    decision = cluster.decisions.get(path)
    return f"{path} ({decision.origin.value})" if decision else path


def is_default(cluster: Cluster, path: str) -> bool:
    """Return whether nobody but clusterc decided a value."""
    decision = cluster.decisions.get(path)
    return decision is not None and decision.origin is Origin.DEFAULT


def apportion(total: int, weights: tuple[int, ...]) -> tuple[int, ...]:
    """Divide a whole number by weights: rounded down, then the rest one by one to whoever is then owed most.

    This is D'Hondt's method, which starts from the shares rounded down and under which a larger total never takes from
    anyone, as the method of largest remainders does.
    """
    weights = weights if any(weights) else (1,) * len(weights)
    shares = [total * weight // sum(weights) for weight in weights]
    for _ in range(total - sum(shares)):
        owed = max(range(len(weights)), key=lambda index: weights[index] / (shares[index] + 1))
        shares[owed] += 1
    return tuple(shares)
