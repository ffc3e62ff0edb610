"""The steps that start the API servers: what lies on each, the first one, and the others with the first one's keys."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.emit._runbook.machines import prepare, runtime
from clusterc.emit._runbook.step import Need, Step, place
from clusterc.emit.kubeadm import DISCOVERY, PATCHES
from clusterc.emit.kubeadm_patches import FOLDER
from clusterc.model.cluster import Cluster

PKI = "/etc/kubernetes/pki"
CONFIG = "/etc/kubernetes/kubeadm.yaml"
SHARED = "/root/pki.tar"
ADMIN = "/etc/kubernetes/admin.conf"
# What `kubeadm join` looks for on a further API server before it makes the rest itself.
SHARED_FILES = ("ca.crt", "ca.key", "front-proxy-ca.crt", "front-proxy-ca.key", "sa.key", "sa.pub")


def control_plane_steps(cluster: Cluster) -> Iterator[Step]:
    """Yield the steps of the API servers."""
    yield _each(cluster)
    yield _first(cluster)
    yield _joining(cluster)
    if len(cluster.control_plane.api_server.hosts) > 1:
        yield _others(cluster)


def shared_files(cluster: Cluster) -> tuple[str, ...]:
    """Return what every API server has alike, below kubeadm's folder of certificates."""
    stacked = cluster.control_plane.etcd.stacked
    etcd = ("etcd/ca.crt", "etcd/ca.key") if stacked else ("etcd/ca.crt", *_ETCD_CLIENT)
    return (*SHARED_FILES, *etcd)


_ETCD_CLIENT = ("apiserver-etcd-client.crt", "apiserver-etcd-client.key")


def _each(cluster: Cluster) -> Step:
    api = cluster.control_plane.api_server
    folder = "control-plane/kube-apiserver"
    audit = (f"{folder}/audit-policy.yaml",) if api.audit_level != "None" else ()
    return Step(
        key="each",
        title="Every API server",
        where=f"On {_listed(api.hosts)}.",
        needs=tuple(_each_needs(cluster)),
        script=(
            place("/etc/kubernetes/apiserver", f"{folder}/admission-configuration.yaml", *audit),
            place("/etc/kubernetes/scheduler", "control-plane/kube-scheduler/config.yaml"),
            *((place(PATCHES, f"{FOLDER}/kube-scheduler.yaml"),) if cluster.control_plane.scheduler_image else ()),
            *prepare("control-plane/machine", cluster.control_plane.host, cluster.network),
        ),
        check=("systemctl is-active containerd", "systemctl is-enabled kubelet"),
        expected="`active` and `enabled`",
    )


def _each_needs(cluster: Cluster) -> Iterator[Need]:
    yield Need("`kubeadm`, `kubelet`, `kubectl`", f"{cluster.version}, with the packages' own unit of the kubelet")
    yield from runtime(cluster.network)
    if file := cluster.control_plane.api_server.encryption_file:
        yield Need(f"`{file}`", "an EncryptionConfiguration, the same on every API server, with the keys")


def _first(cluster: Cluster) -> Step:
    files = ["control-plane/kubeadm/init-configuration.yaml", "control-plane/kubeadm/cluster-configuration.yaml"]
    files += ["nodes/kubelet.yaml"] + (["network/kube-proxy.yaml"] if cluster.network.kube_proxy else [])
    return Step(
        key="first",
        title="The first API server",
        where=f"On `{cluster.control_plane.api_server.hosts[0]}`.",
        needs=tuple(_first_needs(cluster)),
        script=(f"cat {' '.join(files)} > {CONFIG}", f"kubeadm init --config {CONFIG}"),
        check=(f"kubectl --kubeconfig {ADMIN} get --raw '/readyz?verbose'",),
        expected="`readyz check passed`; the node itself stays `NotReady` until there is a network",
        note=f"From here on, `kubectl` is called on this machine, after `export KUBECONFIG={ADMIN}`.",
    )


def _first_needs(cluster: Cluster) -> Iterator[Need]:
    plane = cluster.control_plane
    yield Need(f"`{plane.api_server.endpoint_host}`", "the endpoint: kubeadm itself calls it", "endpoint")
    if not plane.etcd.stacked:
        yield Need(f"`{PKI}/etcd/ca.crt`", "the authority of etcd's certificates")
        client = ", ".join(f"`{PKI}/{file}`" for file in _ETCD_CLIENT)
        yield Need(client, "signed by that authority; client authentication")
        yield Need("etcd", "answering", "etcd-main")
    elif plane.events_etcd:
        authority = "the authority that signed the certificates of the Events' etcd; kubeadm goes on with it"
        yield Need(f"`{PKI}/etcd/ca.crt`, `{PKI}/etcd/ca.key`", authority)
    if plane.events_etcd:
        yield Need("etcd for Events", "answering", "etcd-events")


def _joining(cluster: Cluster) -> Step:
    user = f"kubeadm kubeconfig user --config {CONFIG} --client-name kubelet-bootstrap"
    others = len(cluster.control_plane.api_server.hosts) > 1
    share = (
        f"install -m 0600 /dev/null {SHARED}",
        f"tar -C {PKI} -cf {SHARED} {' '.join(shared_files(cluster))}",
    )
    files = f"`{SHARED}` (every key of the control plane)" if others else ""
    return Step(
        key="joining",
        title="What the others join with",
        where="On the first API server.",
        needs=(Need(f"`{CONFIG}`, `{ADMIN}`", "what kubeadm was given, and made", "first"),),
        script=(
            f"install -m 0600 /dev/null {DISCOVERY}",
            f'{user} --token "$(kubeadm token create)" > {DISCOVERY}',
            *(share if others else ()),
        ),
        check=(f"kubectl --kubeconfig {DISCOVERY} auth whoami", *((f"tar -tf {SHARED}",) if others else ())),
        expected="`system:bootstrap:` and a token's name"
        + (", and the names of certificates and keys" if others else ""),
        note=(
            f"Hand on `{DISCOVERY}` (a token that lives for a day){' and ' + files if files else ''} by an encrypted "
            "way only. The first two lines make a new token for machines that join later."
        ),
    )


def _others(cluster: Cluster) -> Step:
    hosts = cluster.control_plane.api_server.hosts
    stacked = cluster.control_plane.etcd.stacked
    why = "each adds a member to etcd" if stacked else "each is looked at before the next"
    return Step(
        key="others",
        title="The other API servers",
        where=f"On {_listed(hosts[1:])}, one after another: {why}.",
        needs=(
            Need(f"`{SHARED}`", "the certificates and keys that all API servers have alike", "joining"),
            Need(f"`{DISCOVERY}`", "the address of the cluster, its authority and a token", "joining"),
        ),
        script=(
            f"install -d -m 0755 {PKI}",
            f"tar -C {PKI} --no-same-owner -xpf {SHARED}",
            f"kubeadm join --config control-plane/kubeadm/join-configuration.yaml && rm {SHARED} {DISCOVERY}",
        ),
        check=(f"kubectl --kubeconfig {ADMIN} get nodes -l node-role.kubernetes.io/control-plane",),
        expected=f"{len(hosts)} nodes in the end",
        note=f"Then `rm {SHARED}` on the first API server as well.",
    )


def _listed(hosts: tuple[str, ...]) -> str:
    *most, last = (f"`{host}`" for host in hosts)
    return f"{', '.join(most)} and {last}" if most else last
