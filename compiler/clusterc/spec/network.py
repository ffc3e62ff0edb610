"""`spec.network`: who assigns addresses, who routes them, and who else uses them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictInt

from clusterc.spec.base import CIDR, Block, CIDRv6, Count, Flag, Name, Pause, Positive, Scalar
from clusterc.spec.forms import Domain, Resolver, Setting

Mode = Literal["native", "overlay", "flannel", "host"]
Cni = Literal["azure-vnet", "aws-vpc", "gce-alias", "cilium", "calico", "flannel"]
BlockMask = Annotated[StrictInt, Field(ge=16, le=30)]
BlockMaskV6 = Annotated[StrictInt, Field(ge=48, le=126)]
Mtu = Annotated[StrictInt, Field(ge=1280, le=9216)]
Port = Annotated[StrictInt, Field(ge=1, le=65535)]


class DualStack(Block):
    """The IPv6 half of a dual-stack cluster."""

    pod_cidr: CIDRv6 = Field(alias="podCIDR", description="IPv6 range of the pods, at least /48 for /64 blocks.")
    service_cidr: CIDRv6 = Field(alias="serviceCIDR", description="IPv6 range of the services, /108 to /112.")
    pod_block_mask: BlockMaskV6 = Field(default=64, description="Length of the block of pod addresses per node.")


class Proxy(Block):
    """How services reach their pods on every node."""

    mode: Literal["nftables", "iptables", "ipvs", "none"] | None = Field(
        default=None, description="kube-proxy's mode; none where the network plugin replaces kube-proxy."
    )
    min_sync_period: Pause | None = Field(
        default=None, description="Shortest time between two updates of the node's rules."
    )
    conntrack_min: Count | None = Field(default=None, description="Least size of the connection-tracking table.")


class Dns(Block):
    """Cluster DNS: CoreDNS and the cache on every node."""

    domain: Domain = Field(default="cluster.local", description="Domain of the cluster's services.")
    node_local: Flag | None = Field(default=None, description="Run a DNS cache on every node.")
    queries_per_node: Count | None = Field(default=None, description="Look-ups per second and node at the busy hour.")
    replicas: Positive | None = Field(
        default=None, description="CoreDNS replicas; reckoned from the queries if left out."
    )
    upstreams: tuple[Resolver, ...] = Field(
        default=(), description="Resolvers for other names; the node's own if left out."
    )


class Hub(Block):
    """The hub of a hub-and-spoke network: clusters reach it, never each other."""

    name: Name = Field(description="Name of the hub network.")
    exposes: tuple[Literal["nodes", "pods", "services"], ...] = Field(
        default=(), description="Ranges of this cluster that the hub routes to."
    )
    nat_services: Flag = Field(default=False, description="The hub reaches service addresses through NAT.")


class Peer(Block):
    """Another network that is reachable from here, whose ranges must stay free."""

    name: Name = Field(description="Name of the network or cluster.")
    cidrs: tuple[CIDR, ...] = Field(min_length=1, description="Its ranges.")


class Accounting(Block):
    """Traffic counters per namespace: inside against the internet."""

    internal: tuple[CIDR, ...] = Field(min_length=1, description="Ranges that count as internal.")


class HostPort(Block):
    """A port of the machine that pods on the host network share."""

    name: Name = Field(description="What listens.")
    port: Port = Field(description="First port.")
    count: Positive = Field(default=1, description="Number of consecutive ports.")


class HostNetwork(Block):
    """Options of pods on the host network."""

    rdma: Flag = Field(default=False, description="Pods use the machine's RDMA devices directly.")
    ports: tuple[HostPort, ...] = Field(default=(), description="Ports that workloads take on every machine.")


class Flannel(Block):
    """Options of flannel."""

    backend: Literal["vxlan", "host-gw", "wireguard"] | None = Field(default=None, description="How packets travel.")
    port: Port = Field(default=8472, description="UDP port of VXLAN.")
    direct_routing: Flag = Field(default=False, description="Route without encapsulation inside one subnet (vxlan).")


class Network(Block):
    """Addresses and packets."""

    mode: Mode = Field(
        description="native: the provider routes pod addresses; overlay: packets are wrapped; "
        "flannel: flannel does both; host: workloads use the machine's own network."
    )
    cni: Cni | None = Field(default=None, description="Who assigns and routes pod addresses.")
    node_cidr: CIDR = Field(alias="nodeCIDR", description="Range of the machines.")
    pod_cidr: CIDR = Field(alias="podCIDR", description="Range of the pods.")
    service_cidr: CIDR = Field(alias="serviceCIDR", description="Range of the services.")
    pod_block_mask: BlockMask | None = Field(
        default=None, description="Length of the block of pod addresses per node, where a controller hands out blocks."
    )
    dual_stack: DualStack | None = Field(default=None, description="IPv6 beside IPv4.")
    mtu: Mtu | None = Field(
        default=None, description="Largest packet of a pod; reckoned from the underlay if left out."
    )
    underlay_mtu: Mtu | None = Field(default=None, alias="underlayMTU", description="Largest packet between machines.")
    proxy: Proxy = Field(default=Proxy(), description="kube-proxy.")
    dns: Dns = Field(default=Dns(), description="Cluster DNS.")
    flannel: Flannel | None = Field(default=None, description="Options of flannel.")
    settings: dict[Setting, Scalar] = Field(
        default={}, description="Settings passed to the network plugin as they are, by the plugin's own names."
    )
    hub: Hub | None = Field(default=None, description="Hub-and-spoke network.")
    peers: tuple[Peer, ...] = Field(default=(), description="Other networks whose ranges must stay free.")
    accounting: Accounting | None = Field(default=None, description="Traffic counters per namespace.")
    host: HostNetwork = Field(default=HostNetwork(), description="Options of pods on the host network.")
