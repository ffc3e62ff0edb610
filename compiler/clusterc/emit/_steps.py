"""The tree's README: what no file here can bring, beyond what the single steps name."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.model.cluster import Cluster
from clusterc.model.network import Network


def supply(cluster: Cluster) -> str:
    """Return the section on what no file here can bring."""
    plane, network = cluster.control_plane, cluster.network
    name = plane.api_server.endpoint_host
    balancer = f"DNS records: `{name}` to the load balancer, and one"
    if not plane.api_server.endpoint_is_name:
        balancer = f"`{name}` as the load balancer's address, and a DNS record"
    items = [
        "Machines with containerd 2, kubelet and kubeadm of this release, runc, and the CNI plugins in `/opt/cni/bin`.",
        f"{balancer} for every host that the files name.",
    ]
    items.append("Backups copied off the etcd machines; the timer keeps them on the member's own disk.")
    items.extend(_network_supply(cluster, network))
    for pool in cluster.pools:
        if pool.pre_pulled:
            images = ", ".join(f"`{image}`" for image in pool.pre_pulled)
            items.append(f"On every machine of {pool.name}, before jobs start: {images}.")
    if any(pool.gpu for pool in cluster.pools):
        items.append("GPU drivers, container toolkit and device plugin: the GPUs' resources appear only with them.")
    if cluster.autoscaler:
        items.append(
            f"{cluster.autoscaler.kind}, with at most {cluster.autoscaler.join_batch} machines joining at once."
        )
    head = "## What a human must supply\n\nBeside what a step below has from you:\n\n"
    return head + "".join(f"- {item}\n" for item in items)


def _network_supply(cluster: Cluster, network: Network) -> Iterator[str]:
    if network.cni in {"azure-vnet", "aws-vpc", "gce-alias"}:
        yield f"Pod addresses from {network.pod_cidr}, assigned and routed by {cluster.provider}; no route tables."
    if network.dual_stack:
        yield (
            "An IPv6 address and default route on every machine beside those of IPv4; where no cloud tells the kubelet "
            "of both, `KUBELET_EXTRA_ARGS=--node-ip=IPv4,IPv6` in `/etc/default/kubelet`."
        )
    if network.hub:
        ranges = {"nodes": network.node_cidr, "pods": network.pod_cidr, "services": network.service_cidr}
        shown = ", ".join(f"{name} {ranges[name]}" for name in network.hub_exposes)
        nat = " Services are reached through NAT." if network.hub_nat_services else ""
        yield f"Routes in hub `{network.hub}` to {shown or 'nothing'}; none to other clusters.{nat}"
    if network.host_ports:
        ports = ", ".join(
            f"{name} {first}-{first + count - 1}" for name, (first, count) in sorted(network.host_ports.items())
        )
        yield f"Ports left free on every machine: {ports}."
    if network.mode == "host" and not cluster.minor.has_mutating_admission_policy:
        yield "`dnsPolicy: ClusterFirstWithHostNet` in every pod with `hostNetwork`: nothing sets it in this minor."
