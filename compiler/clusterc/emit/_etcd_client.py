"""How etcdctl and etcdutl reach the member on their own machine."""

from __future__ import annotations

from clusterc.model.control_plane import Etcd

PKI = "/etc/etcd/pki"
KUBEADM_PKI = "/etc/kubernetes/pki/etcd"


def client_files(etcd: Etcd) -> tuple[str, str, str]:
    """Return the authority, the certificate and the key; beside kubeadm's member those that kubeadm itself uses."""
    if etcd.stacked:
        name = f"{KUBEADM_PKI}/healthcheck-client"
        return f"{KUBEADM_PKI}/ca.crt", f"{name}.crt", f"{name}.key"
    return f"{PKI}/ca.crt", f"{PKI}/client.crt", f"{PKI}/client.key"


def client_flags(etcd: Etcd) -> str:
    """Return the flags of etcdctl that reach this machine's member."""
    authority, certificate, key = client_files(etcd)
    return f"--endpoints=https://127.0.0.1:2379 --cacert={authority} --cert={certificate} --key={key}"
