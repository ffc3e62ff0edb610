"""What a machine with a kubelet is told beside it: kernel, modules, units, container runtime."""

from __future__ import annotations

from clusterc.model.document import Tree
from clusterc.model.pools import Host, Sizes
from clusterc.resolve.containerd import containerd, mirrors
from clusterc.resolve.ledger import Ledger, Settings
from clusterc.spec.cluster import Body
from clusterc.spec.pools import NodePool, Runtime

KERNEL_NEIGHBOURS = 1024
PLANE = "controlPlane.machine"


def pool_host(pool: NodePool, body: Body, ledger: Ledger, *, peers: int, max_pods: int, cni: str, rdma: bool) -> Host:
    """Return what is put on a pool's machines. `peers` is the number of addresses on their own network."""
    path = f"spec.nodePools[{pool.name}]"
    kernel = ledger.settings(f"{path}.sysctls", pool.sysctls)
    _forwarding(kernel, dual_stack=body.network.dual_stack is not None)
    neighbours(kernel, peers)
    _watches(kernel)
    kernel.put("kernel.pid_max", 4_194_304, why=f"{max_pods} pods of up to 16,384 processes each")
    kernel.put("vm.max_map_count", 1_048_576, why="frameworks map many files of a data set")
    kernel.put("vm.overcommit_memory", 1, why="what the kubelet sets itself (protectKernelDefaults)")
    kernel.put("kernel.panic", 10, why="what the kubelet sets itself (protectKernelDefaults)")
    kernel.put("kernel.panic_on_oops", 1, why="what the kubelet sets itself (protectKernelDefaults)")
    return Host(
        sysctls=kernel.flags(),
        kernel_modules=_modules(f"nodes[{pool.name}].kernelModules", ledger, rdma=rdma),
        containerd=containerd(f"{path}.runtime", pool.runtime, body, ledger, cni=cni),
        mirrors=mirrors(pool, ledger),
        units=_units(ledger),
    )


def plane_host(body: Body, ledger: Ledger, *, nodes: Sizes, cni: str) -> Host:
    """Return what is put on the API servers' machines: kubeadm starts a kubelet there too, with the same checks."""
    kernel = ledger.settings("spec.controlPlane.apiServers.sysctls", {})
    kernel.put("net.core.somaxconn", 32_768, why=f"{nodes.max:,} kubelets reconnect at once after a restart")
    kernel.put("net.ipv4.tcp_max_syn_backlog", 32_768, why="as net.core.somaxconn")
    _forwarding(kernel, dual_stack=body.network.dual_stack is not None)
    neighbours(kernel, nodes.max)
    _watches(kernel)
    return Host(
        sysctls=kernel.flags(),
        kernel_modules=_modules(f"{PLANE}.kernelModules", ledger, rdma=False),
        containerd=containerd(f"{PLANE}.runtime", Runtime(), body, ledger, cni=cni),
        mirrors={},
        units=_units(ledger),
    )


def _forwarding(fields: Settings, *, dual_stack: bool) -> None:
    forwarding = "pods are reached through the machine"
    fields.put("net.ipv4.ip_forward", 1, why=forwarding, source="kubeadm's preflight checks")
    families = ["ip"]
    if dual_stack:
        # A kernel that forwards takes no router advertisements, by which machines have their way out: only where asked.
        fields.put("net.ipv6.conf.all.forwarding", 1, why=forwarding, source="kubeadm's preflight checks of IPv6")
        families.append("ip6")
    for family in families:
        fields.put(
            f"net.bridge.bridge-nf-call-{family}tables",
            1,
            why="packets between pods on one bridge pass the rules of Services too",
            source="Kubernetes' page on network plugins",
        )


def _watches(fields: Settings) -> None:
    watches = "every container's log and every agent watches files"
    fields.put(
        "fs.inotify.max_user_instances", 8192, why=watches, source="DFDS 2020: inotify watches used up on a node"
    )
    fields.put("fs.inotify.max_user_watches", 1_048_576, why=watches)


def neighbours(fields: Settings, peers: int) -> None:
    """Decide the size of the neighbour tables for this many addresses on the machine's own network."""
    if peers <= KERNEL_NEIGHBOURS * 8 // 10:
        return
    most = 2 ** (peers * 2 - 1).bit_length()
    why = f"twice the {peers:,} addresses that may answer on the machine's network; the kernel keeps 1,024"
    source = "Linux ip-sysctl (gc_thresh 128/512/1024); OpenAI 2018 (80,000/90,000/100,000)"
    for family in ("ipv4", "ipv6"):
        for step, share in ((1, 8), (2, 9), (3, 10)):
            fields.put(f"net.{family}.neigh.default.gc_thresh{step}", most * share // 10, why=why, source=source)


def _modules(path: str, ledger: Ledger, *, rdma: bool) -> tuple[str, ...]:
    """Return the modules that must be loaded before the kubelet starts."""
    modules = ["br_netfilter", "nf_conntrack", "overlay"] + (["ib_uverbs", "rdma_ucm"] if rdma else [])
    why = "containers, services" + (" and RDMA verbs" if rdma else "")
    return tuple(ledger.fixed(path, sorted(modules), why=why))


def _units(ledger: Ledger) -> dict[str, Tree]:
    """Return, for each systemd unit, what its [Service] says otherwise; the same on every machine with a kubelet."""
    runtime = ledger.settings("nodes.units[containerd.service]", {})
    runtime.put("LimitNOFILE", "1048576", why="containers inherit it: data loaders keep many files open")
    runtime.put("LimitMEMLOCK", "infinity", why="containers inherit it: RDMA pins the memory of its buffers")
    runtime.put("TasksMax", "infinity", why="podPidsLimit is what bounds the processes of a pod")
    kubelet = ledger.settings("nodes.units[kubelet.service]", {})
    kubelet.put("Restart", "always", why="a machine without a kubelet loses its pods after five minutes")
    kubelet.put("RestartSec", "10s", why="as kubeadm's own unit: time to read why it stopped")
    kubelet.put("OOMScoreAdjust", "-999", why="as the kubelet sets itself: the kernel kills a pod before it")
    return {"containerd.service": runtime.tree(), "kubelet.service": kubelet.tree()}
