"""Addresses, packets and names, decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from clusterc.kubernetes import flag_text
from clusterc.model.document import Scalar, Tree


@dataclass(frozen=True, slots=True)
class DualStack:
    """The IPv6 half of the network."""

    pod_cidr: IPv6Network
    service_cidr: IPv6Network
    pod_block_mask: int


@dataclass(frozen=True, slots=True)
class Dns:
    """Cluster DNS. Kubelets send pods to `address`: the cache's on every node, or the Service's own.

    `coredns` and `node_cache` hold how the two programs run, by the names of their fields and plugins' options.
    """

    domain: str
    service_address: str
    address: str
    node_local: bool
    queries_per_node: int
    replicas: int
    memory_bytes: int
    coredns_image: str
    node_local_image: str
    upstreams: tuple[str, ...]
    coredns: Tree
    node_cache: Tree


@dataclass(frozen=True, slots=True)
class Flannel:
    """flannel's own settings."""

    backend: str
    port: int
    direct_routing: bool
    event_queue_depth: int
    image: str
    cni_plugin_image: str


@dataclass(frozen=True, slots=True)
class Network:
    """Addresses and packets.

    `mtu` is the largest packet of a pod; `device_mtu` that of the machines' interfaces on which it is carried, from
    which Cilium and flannel take off what their wrapping adds. `pod_block_mask` is None where no controller hands out
    blocks of addresses; `plugin_release` is that of a network plugin which comes with a chart or manifests of its own.
    `plugin` is how the network plugin is configured, by its own names; `settings` what else it is told as it is.
    """

    mode: str
    cni: str
    node_cidr: IPv4Network
    pod_cidr: IPv4Network
    service_cidr: IPv4Network
    dual_stack: DualStack | None
    pod_block_mask: int | None
    mtu: int
    device_mtu: int
    kube_proxy: Tree | None
    proxy_mode: str
    dns: Dns
    flannel: Flannel | None
    settings: Mapping[str, Scalar]
    plugin: Tree
    hub: str | None
    hub_exposes: tuple[str, ...]
    hub_nat_services: bool
    peers: Mapping[str, tuple[str, ...]]
    rdma: bool
    host_ports: Mapping[str, tuple[int, int]]
    plugin_release: str | None = None

    @property
    def plugin_environment(self) -> Mapping[str, str]:
        """Return how the network plugin is configured as variables of its environment, by name."""
        return {name: flag_text(value) for name, value in sorted({**self.plugin, **self.settings}.items())}
