"""What is put on a machine with a kubelet before kubeadm runs there, and what makes it act."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.emit._runbook.step import Need, place, place_as, quoted
from clusterc.model.network import Network
from clusterc.model.pools import Host

# Programs of network plugins that no DaemonSet brings, beside `loopback`, which containerd itself calls.
_PLUGINS = {
    "azure-vnet": ("azure-vnet", "azure-vnet-ipam", "portmap"),
    "flannel": ("bridge", "host-local", "portmap"),
    "gce-alias": ("host-local", "portmap", "ptp"),
}


def runtime(network: Network) -> Iterator[Need]:
    """Yield what a machine with a kubelet runs containers with."""
    yield Need("`containerd`", "2.x, with `runc`")
    names = ", ".join(f"`{name}`" for name in ("loopback", *_PLUGINS.get(network.cni, ())))
    yield Need("`/opt/cni/bin`", f"{names} in it")


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
