"""Addresses, packets and names, decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from clusterc.model.document import Scalar, Tree

MIB = 1024**2


@dataclass(frozen=True, slots=True)
class DualStack:
    """The IPv6 half of the network."""

    pod_cidr: IPv6Network
    service_cidr: IPv6Network
    pod_block_mask: int


@dataclass(frozen=True, slots=True)
class Running:
    """What a pod of an emitted component asks for, and how many of its pods may be missing while it is replaced."""

    cpu_millicores: int
    memory_bytes: int
    max_unavailable: int | str

    @property
    def requests(self) -> Tree:
        """Return what a pod asks for, as the API writes it."""
        cpu, memory = self.cpu_millicores, self.memory_bytes
        return {
            "cpu": f"{cpu}m" if cpu % 1000 else str(cpu // 1000),
            "memory": f"{memory // MIB}Mi" if memory % MIB == 0 else str(memory),
        }


@dataclass(frozen=True, slots=True)
class Dns:
    """Cluster DNS. Kubelets send pods to `address`: the cache's on every node, or the Service's own."""

    domain: str
    service_address: str
    address: str
    node_local: bool
    queries_per_node: int
    replicas: int
    coredns_image: str
    node_local_image: str
    upstreams: tuple[str, ...]
    coredns: Running = Running(1000, 170 * MIB, 1)
    cache: Running = Running(50, 32 * MIB, "5%")


@dataclass(frozen=True, slots=True)
class Flannel:
    """flannel's own settings."""

    backend: str
    port: int
    direct_routing: bool
    event_queue_depth: int
    image: str
    cni_plugin_image: str
    running: Running = Running(100, 100 * MIB, "5%")


@dataclass(frozen=True, slots=True)
class Network:
    """Addresses and packets. `pod_block_mask` is None where no controller hands out blocks of addresses."""

    mode: str
    cni: str
    node_cidr: IPv4Network
    pod_cidr: IPv4Network
    service_cidr: IPv4Network
    dual_stack: DualStack | None
    pod_block_mask: int | None
    mtu: int
    underlay_mtu: int
    kube_proxy: Tree | None
    proxy_mode: str
    dns: Dns
    flannel: Flannel | None
    settings: Mapping[str, Scalar]
    hub: str | None
    hub_exposes: tuple[str, ...]
    hub_nat_services: bool
    peers: Mapping[str, tuple[str, ...]]
    rdma: bool
    host_ports: Mapping[str, tuple[int, int]]
