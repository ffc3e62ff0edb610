"""A cluster with every value decided: what the emitters place and the capacity model reckons with.

Sizes are whole numbers of the unit in their name. Trees of settings (`Tree`) hold the fields of a component's own
configuration, decided one by one and ready to be written down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from clusterc.kubernetes import Minor
from clusterc.model.control_plane import ControlPlane
from clusterc.model.decision import Decision
from clusterc.model.document import Tree
from clusterc.model.network import Network
from clusterc.model.pools import Pool, Sizes
from clusterc.model.promises import Addon, Autoscaler, Declared, Namespace, PriorityClass, Prometheus, Scale, Workload


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most that the provider gives of something; `note` says of what, `source` who says so."""

    value: int
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """The whole cluster, decided.

    `ceilings` are the provider's, by the catalogue's names; `decisions` holds, by path, where each value comes from.
    """

    name: str
    labels: Mapping[str, str]
    preset: str
    provider: str
    ceilings: Mapping[str, Ceiling]
    version: str
    minor: Minor
    feature_gates: Mapping[str, bool]
    nodes: Sizes
    pools: tuple[Pool, ...]
    network: Network
    control_plane: ControlPlane
    kubelet: Tree
    scale: Scale
    priorities: tuple[PriorityClass, ...]
    namespaces: tuple[Namespace, ...]
    teams: Mapping[str, tuple[str, ...]]
    quota_mechanism: str | None
    gang_scheduler: str | None
    workloads: tuple[Workload, ...]
    addons: tuple[Addon, ...]
    prometheus: Prometheus
    autoscaler: Autoscaler | None
    kubelet_flags: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    declared: Declared = field(default_factory=Declared)
    decisions: Mapping[str, Decision] = field(default_factory=lambda: MappingProxyType({}))

    def pool(self, name: str) -> Pool:
        """Return the pool of this name."""
        return next(pool for pool in self.pools if pool.name == name)

    def kubelet_of(self, pool: Pool) -> Tree:
        """Return all that a pool's kubelets are told: its drop-in merged into the base as the kubelet does it."""
        return merged(self.kubelet, pool.kubelet)


def merged(base: Tree, patch: Tree) -> Tree:
    """Return a tree changed by a JSON merge patch: mappings merge, everything else is replaced, null removes."""
    result = dict(base)
    for key, value in patch.items():
        below = result.get(key)
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict):
            result[key] = merged(below if isinstance(below, dict) else {}, value)
        else:
            result[key] = value
    return result
