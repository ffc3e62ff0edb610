"""Machines of one kind, decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clusterc.model.document import Tree


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine; `network_bps` and `local_disk_bytes` are None where nobody said."""

    cpu_millicores: int
    memory_bytes: int
    network_bps: int | None = None
    type: str | None = None
    local_disk_bytes: int | None = None
    numa_nodes: int | None = None
    fabric_nics: int = 0
    fabric_nic_bps: int = 0


@dataclass(frozen=True, slots=True)
class Gpu:
    """The GPUs of one machine. `instances` counts MIG instances per GPU (1 where GPUs are whole)."""

    type: str
    per_node: int
    memory_bytes: int
    nvlink_domain: int
    resource: str
    mig: str | None = None
    instances: int = 1


@dataclass(frozen=True, slots=True)
class Sizes:
    """A number of machines at the least, on an ordinary day, and at the most."""

    min: int
    desired: int
    max: int


@dataclass(frozen=True, slots=True)
class Taint:
    """A taint of a node."""

    key: str
    value: str
    effect: str


@dataclass(frozen=True, slots=True)
class Host:
    """What a machine with a kubelet is told beside the kubelet's own configuration.

    `mirrors` are, by registry, the addresses to try first; `units` hold, by systemd unit, settings of its [Service].
    """

    sysctls: Mapping[str, str]
    kernel_modules: tuple[str, ...]
    containerd: Tree
    mirrors: Mapping[str, tuple[str, ...]]
    units: Mapping[str, Tree]


@dataclass(frozen=True, slots=True)
class Pool:
    """Machines of one kind.

    `kubelet` holds what the pool's kubelets say otherwise than the cluster's base; `pods_per_node` is the ordinary
    number of pods on a machine, those of DaemonSets included; `max_pods` the most it takes. `pre_pulled` names the
    images that its machines have before jobs start.
    """

    name: str
    role: str
    nodes: Sizes
    machine: Machine
    gpu: Gpu | None
    style: str
    max_pods: int
    pods_per_node: int
    labels: Mapping[str, str]
    taints: tuple[Taint, ...]
    kubelet: Tree
    host: Host
    largest_image_bytes: int | None
    pre_pulled: tuple[str, ...]
    registry_bps: int | None
    disk_bps: int | None
    group_size: int | None
    block_size: int | None
    full_bisection: bool
    autoscaled: bool
    spot: bool
    preflight: bool
