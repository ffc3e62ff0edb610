"""The tree's README, its second half: in which order files are applied, and what a human must supply."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.emit.kubeadm import DISCOVERY
from clusterc.model.cluster import Cluster
from clusterc.model.control_plane import Etcd
from clusterc.model.network import Network


def order(cluster: Cluster) -> str:
    """Return the section on the order of application."""
    plane = cluster.control_plane
    steps = [_etcd_step(etcd) for etcd in (plane.etcd, plane.events_etcd) if etcd and not etcd.stacked]
    if plane.api_server.load_balancer == "haproxy":
        steps.append("On the machines behind the endpoint: `control-plane/load-balancer/haproxy.cfg`.")
    steps.append(
        "On every API server: `control-plane/kube-apiserver/` to `/etc/kubernetes/apiserver/`, "
        f"`control-plane/kube-scheduler/` to `/etc/kubernetes/scheduler/`, {_machine('control-plane/machine')}."
    )
    proxy = " network/kube-proxy.yaml" if cluster.network.kube_proxy else ""
    files = "init-configuration,cluster-configuration"
    steps.append(
        "On the first API server: "
        f"`cat control-plane/kubeadm/{{{files}}}.yaml nodes/kubelet.yaml{proxy} > kubeadm.yaml && "
        "kubeadm init --config kubeadm.yaml`; "
        "on the others `kubeadm join --config control-plane/kubeadm/join-configuration.yaml`."
    )
    steps.append(f"The network plugin: {_plugin(cluster.network)}.")
    steps.append("`kubectl apply --server-side --recursive -f objects/_cluster`, then `-f objects/`.")
    steps.append(
        f"On every machine of a pool, before it joins: {_machine('nodes/POOL')}, "
        "`kubelet/` to `/etc/kubernetes/kubelet.conf.d/`"
        + (", `network/cni/` to `/etc/cni/net.d/`" if cluster.network.cni == "azure-vnet" else "")
        + "; then `kubeadm join --config nodes/POOL/join-configuration.yaml`."
    )
    return "## Order of application\n\n" + "".join(f"{number}. {step}\n" for number, step in enumerate(steps, start=1))


def _machine(folder: str) -> str:
    """Say where the files of a machine's folder go, whether it is a pool's or an API server's."""
    return (
        f"`{folder}/containerd/` to `/etc/containerd/`, its `modules.conf` to `/etc/modules-load.d/clusterc.conf`, "
        "`90-clusterc.conf` to `/etc/sysctl.d/`, and the `*.service.d` folders to `/etc/systemd/system/`"
    )


def _etcd_step(etcd: Etcd) -> str:
    hosts = f"{etcd.members[0].host} to {etcd.members[-1].host}" if len(etcd.members) > 1 else etcd.members[0].host
    timers = "" if etcd.name == "events" else " etcd-backup.timer"
    return (
        f"On each member of `etcd/{etcd.name}/` ({hosts}): its `etcd.yaml` and the scripts to `/etc/etcd/`, "
        "units and timers to `/etc/systemd/system/`, `90-clusterc.conf` to `/etc/sysctl.d/`; then "
        f"`systemctl enable --now etcd etcd-defragment.timer{timers}`."
    )


def _plugin(network: Network) -> str:
    return {
        "flannel": "flannel, in `objects/kube-flannel/`",
        "cilium": "Cilium's own Helm chart with `network/cilium-values.yaml`",
        "calico": "Calico's operator, which acts on `objects/_cluster/installation-default.yaml`",
        "azure-vnet": "`network/cni/10-azure.conflist`, on every machine",
        "aws-vpc": "the AWS VPC plugin's own manifest, then `kubectl patch` with `network/aws-node.patch.yaml`",
        "gce-alias": "`network/cni/cni.template` to `/etc/containerd/cni.template` on every machine",
    }[network.cni]


def supply(cluster: Cluster) -> str:
    """Return the section on what no file here can bring."""
    plane, network = cluster.control_plane, cluster.network
    name = plane.api_server.endpoint.rpartition(":")[0]
    items = [
        "Machines with containerd 2, kubelet and kubeadm of this release, runc, and the CNI plugins in `/opt/cni/bin`.",
        f"DNS records: `{name}` to the load balancer, and one for every host that the files name.",
        f"`{DISCOVERY}` on every machine that joins: a kubeconfig with the cluster's authority and a credential.",
    ]
    if not plane.etcd.stacked:
        items.append(
            "etcd's certificates, signed by one authority for all members and API servers: "
            "`/etc/etcd/pki/{ca,server,peer,client}.*` on the members, `/etc/kubernetes/pki/etcd/ca.crt` and "
            "`apiserver-etcd-client.*` on the API servers."
        )
    else:
        items.append(
            "The scripts of `etcd/` in `/etc/etcd` and its units on the control-plane machines, "
            "and a client certificate in `/etc/etcd/pki`."
        )
    if plane.api_server.encryption_file:
        items.append(f"`{plane.api_server.encryption_file}` on every API server: the keys of encryption at rest.")
    if plane.api_server.load_balancer == "external":
        items.append(
            f"A load balancer behind `{plane.api_server.endpoint}`: TCP passed through to port 6443, health by "
            "`GET /readyz`, idle connections kept for 15 minutes."
        )
    items.append(
        f"A disk of its own at `{plane.etcd.backup_directory}` on every etcd machine, its snapshots copied elsewhere."
    )
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
    return "## What a human must supply\n\n" + "".join(f"- {item}\n" for item in items)


def _network_supply(cluster: Cluster, network: Network) -> Iterator[str]:
    if network.cni in {"azure-vnet", "aws-vpc", "gce-alias"}:
        yield f"Pod addresses from {network.pod_cidr}, assigned and routed by {cluster.provider}; no route tables."
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
