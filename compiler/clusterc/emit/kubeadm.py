"""kubeadm's files: the cluster, its first control-plane machine, further ones, and each pool's machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.control_plane import Etcd
from clusterc.model.document import Document, Impact, Tree, Value
from clusterc.model.pools import Pool

API_VERSION = "kubeadm.k8s.io/v1beta4"
SOCKET = "unix:///run/containerd/containerd.sock"
DISCOVERY = "/etc/kubernetes/discovery.conf"
PATCHES = "/etc/kubernetes/patches"


def documents(cluster: Cluster, _capacity: Capacity) -> Iterator[Document]:
    """Yield ClusterConfiguration, InitConfiguration and JoinConfigurations."""
    plane = ("spec.controlPlane", "spec.kubernetes", "spec.network")
    folder = "control-plane/kubeadm"
    yield _document(f"{folder}/cluster-configuration.yaml", "ClusterConfiguration", _cluster(cluster), plane)
    # Patches are no part of what kubeadm keeps in the cluster: every API server is told of them.
    patches: Tree = {"patches": {"directory": PATCHES}} if cluster.control_plane.scheduler_image else {}
    init: Tree = {"nodeRegistration": _registration(cluster, {}), **patches}
    yield _document(f"{folder}/init-configuration.yaml", "InitConfiguration", init, ("spec.controlPlane",))
    if len(cluster.control_plane.api_server.hosts) > 1:
        registration: Tree = {"nodeRegistration": _registration(cluster, {})}
        join: Tree = {"controlPlane": {}, "discovery": _discovery(), **registration, **patches}
        yield _document(f"{folder}/join-configuration.yaml", "JoinConfiguration", join, ("spec.controlPlane",))
    for pool in cluster.pools:
        owner = (f"spec.nodePools[{pool.name}]",)
        path = f"nodes/{pool.name}/join-configuration.yaml"
        yield _document(path, "JoinConfiguration", _join(pool, cluster), owner, impact=Impact.RECREATE)


def _document(path: str, kind: str, body: Tree, owner: tuple[str, ...], *, impact: Impact = Impact.RESTART) -> Document:
    return Document(path, kind, {"apiVersion": API_VERSION, "kind": kind, **body}, "kubeadm", owner, impact)


def _discovery() -> Tree:
    """Return a reference to a kubeconfig that is put there by hand: no token is written into a repository."""
    return {"file": {"kubeConfigPath": DISCOVERY}}


def _arguments(flags: Mapping[str, str]) -> list[Value]:
    return [{"name": name, "value": value} for name, value in sorted(flags.items())]


def _cluster(cluster: Cluster) -> Tree:
    plane = cluster.control_plane
    api = plane.api_server
    body: Tree = {
        "clusterName": cluster.name,
        "kubernetesVersion": f"v{cluster.version}",
        "controlPlaneEndpoint": api.endpoint,
        "certificateValidityPeriod": plane.certificate_validity,
        "caCertificateValidityPeriod": plane.ca_validity,
        "networking": _networking(cluster),
        "apiServer": {
            "certSANs": [api.endpoint_host, *api.hosts],
            "extraArgs": _arguments(api.flags),
            "extraVolumes": _api_volumes(cluster),
        },
        "controllerManager": {"extraArgs": _arguments(plane.controller_manager_flags)},
        "scheduler": {
            "extraArgs": _arguments(plane.scheduler_flags),
            "extraVolumes": [_volume("config", "/etc/kubernetes/scheduler")],
        },
        "etcd": _etcd(plane.etcd),
        # CoreDNS is emitted with the cluster's own replicas, memory and spreading instead.
        "dns": {"disabled": True},
    }
    if cluster.network.kube_proxy is None:
        body["proxy"] = {"disabled": True}
    return body


def _networking(cluster: Cluster) -> Tree:
    network, dual = cluster.network, cluster.network.dual_stack
    return {
        "dnsDomain": network.dns.domain,
        "podSubnet": f"{network.pod_cidr},{dual.pod_cidr}" if dual else str(network.pod_cidr),
        "serviceSubnet": f"{network.service_cidr},{dual.service_cidr}" if dual else str(network.service_cidr),
    }


def _volume(name: str, path: str, *, writable: bool = False) -> Tree:
    volume: Tree = {"name": name, "hostPath": path, "mountPath": path, "pathType": "DirectoryOrCreate"}
    return volume if writable else {**volume, "readOnly": True}


def _api_volumes(cluster: Cluster) -> list[Value]:
    flags, encryption = cluster.control_plane.api_server.flags, cluster.control_plane.api_server.encryption_file
    volumes: list[Value] = [_volume("config", "/etc/kubernetes/apiserver")]
    # A single dash is the container's own output.
    if folder := flags.get("audit-log-path", "").rpartition("/")[0]:
        volumes.append(_volume("audit-log", folder, writable=True))
    if encryption:
        volumes.append(_volume("encryption", encryption.rpartition("/")[0]))
    return volumes


def _etcd(etcd: Etcd) -> Tree:
    if etcd.stacked:
        # kubeadm's own static pod takes flags instead of a file.
        image: Tree = {"imageTag": etcd.image_tag} if etcd.image_tag else {}
        # kubeadm signs for the node's name and address; people and probes use the names of the tree.
        names: list[Value] = [member.host for member in etcd.members]
        local: Tree = {"dataDir": "/var/lib/etcd", "extraArgs": _arguments(etcd.flags), **image}
        return {"local": {**local, "serverCertSANs": names, "peerCertSANs": [*names]}}
    return {
        "external": {
            "endpoints": [*etcd.client_urls],
            "caFile": "/etc/kubernetes/pki/etcd/ca.crt",
            "certFile": "/etc/kubernetes/pki/apiserver-etcd-client.crt",
            "keyFile": "/etc/kubernetes/pki/apiserver-etcd-client.key",
        }
    }


def _join(pool: Pool, cluster: Cluster) -> Tree:
    labels = ",".join(f"{key}={value}" for key, value in sorted(pool.labels.items()))
    own = {"config-dir": "/etc/kubernetes/kubelet.conf.d", "node-labels": labels}
    return {"discovery": _discovery(), "nodeRegistration": _registration(cluster, own)}


def _registration(cluster: Cluster, own: Mapping[str, str]) -> Tree:
    flags = {**cluster.kubelet_flags, **own}
    return {"criSocket": SOCKET, **({"kubeletExtraArgs": _arguments(flags)} if flags else {})}
