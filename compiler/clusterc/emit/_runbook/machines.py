"""What is put on a machine with a kubelet before kubeadm runs there, and what makes it act."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.emit._runbook.step import place, place_as, quoted
from clusterc.model.network import Network
from clusterc.model.pools import Host


def prepare(folder: str, host: Host, network: Network) -> Iterator[str]:
    """Yield the commands that place a machine's files and make them act: modules before the settings they bring."""
    yield "install -d -m 0755 /etc/containerd"
    yield f"cp -R {quoted(f'{folder}/containerd/.')} /etc/containerd"
    yield place_as("/etc/modules-load.d/clusterc.conf", f"{folder}/modules.conf")
    yield place("/etc/sysctl.d", f"{folder}/90-clusterc.conf")
    for unit in sorted(host.units):
        yield place(f"/etc/systemd/system/{unit}.d", f"{folder}/{unit}.d/20-clusterc.conf")
    yield from _network(network)
    yield "systemctl daemon-reload"
    yield "systemctl restart systemd-modules-load"
    yield "sysctl --system"
    yield "systemctl restart containerd"
    yield "systemctl enable containerd kubelet"


def _network(network: Network) -> Iterator[str]:
    # The other plugins bring a DaemonSet that writes its own.
    if network.cni == "azure-vnet":
        yield place("/etc/cni/net.d", "network/cni/10-azure.conflist")
    elif network.cni == "gce-alias":
        yield place("/etc/containerd", "network/cni/cni.template")
