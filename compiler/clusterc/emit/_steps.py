"""The tree's README: in which order files are applied."""

from __future__ import annotations

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
        "`control-plane/kube-scheduler/` to `/etc/kubernetes/scheduler/`, `control-plane/90-clusterc.conf` to "
        "`/etc/sysctl.d/`."
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
        "On every machine of a pool, before it joins: `nodes/POOL/containerd/` to `/etc/containerd/`, "
        "`modules.conf` to `/etc/modules-load.d/clusterc.conf`, `90-clusterc.conf` to `/etc/sysctl.d/`, "
        "the `*.service.d` folders to `/etc/systemd/system/`, `kubelet/` to `/etc/kubernetes/kubelet.conf.d/`"
        + (", `network/cni/` to `/etc/cni/net.d/`" if cluster.network.cni == "azure-vnet" else "")
        + "; then `kubeadm join --config nodes/POOL/join-configuration.yaml`."
    )
    return "## Order of application\n\n" + "".join(f"{number}. {step}\n" for number, step in enumerate(steps, start=1))


def _etcd_step(etcd: Etcd) -> str:
    hosts = f"{etcd.members[0].host} to {etcd.members[-1].host}" if len(etcd.members) > 1 else etcd.members[0].host
    backup, timers = ("", "") if etcd.name == "events" else (" and `etcd-backup.sh`", " etcd-backup.timer")
    return (
        f"On each member of `etcd/{etcd.name}/` ({hosts}): its `etcd.yaml`{backup} to `/etc/etcd/`, "
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
