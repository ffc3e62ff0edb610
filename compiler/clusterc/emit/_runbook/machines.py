"""What every machine is told before kubeadm runs on it."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.emit._runbook.step import place
from clusterc.model.network import Network


def cni_files(network: Network) -> Iterator[str]:
    """Yield the command that places the network plugin's configuration, where no DaemonSet does."""
    if network.cni == "azure-vnet":
        yield place("/etc/cni/net.d", "network/cni/10-azure.conflist")
    elif network.cni == "gce-alias":
        yield place("/etc/containerd", "network/cni/cni.template")


def before_kubeadm() -> tuple[str, ...]:
    """Return the commands that make the placed files act: modules before the settings that exist only with them."""
    return (
        "systemctl daemon-reload",
        "systemctl restart systemd-modules-load",
        "sysctl --system",
        "systemctl restart containerd",
        "systemctl enable kubelet",
    )
