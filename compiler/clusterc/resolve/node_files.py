"""What a machine itself is told: kernel, modules, container runtime, registries."""

from __future__ import annotations

from clusterc import quantity
from clusterc.kubernetes import images, minor_of
from clusterc.model.document import Tree
from clusterc.resolve.ledger import Ledger, Settings
from clusterc.spec.cluster import Body
from clusterc.spec.pools import NodePool

KERNEL_NEIGHBOURS = 1024


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


def sysctls(pool: NodePool, ledger: Ledger, *, peers: int, max_pods: int) -> dict[str, str]:
    """Return the kernel settings of a pool's machines."""
    fields = ledger.settings(f"spec.nodePools[{pool.name}].sysctls", pool.sysctls)
    forwarding = "pods are reached through the machine"
    fields.put("net.ipv4.ip_forward", 1, why=forwarding, source="kubeadm's preflight checks")
    fields.put("net.ipv6.conf.all.forwarding", 1, why=forwarding, source="kubeadm's preflight checks")
    fields.put("net.bridge.bridge-nf-call-iptables", 1, why="services are seen on bridges", source="kubeadm")
    neighbours(fields, peers)
    watches = "every container's log and every agent watches files"
    fields.put(
        "fs.inotify.max_user_instances", 8192, why=watches, source="DFDS 2020: inotify watches used up on a node"
    )
    fields.put("fs.inotify.max_user_watches", 1_048_576, why=watches)
    fields.put("kernel.pid_max", 4_194_304, why=f"{max_pods} pods of up to 16,384 processes each")
    fields.put("vm.max_map_count", 1_048_576, why="frameworks map many files of a data set")
    fields.put("vm.overcommit_memory", 1, why="what the kubelet sets itself (protectKernelDefaults)")
    fields.put("kernel.panic", 10, why="what the kubelet sets itself (protectKernelDefaults)")
    fields.put("kernel.panic_on_oops", 1, why="what the kubelet sets itself (protectKernelDefaults)")
    return fields.flags()


def kernel_modules(pool: NodePool, ledger: Ledger, *, rdma: bool) -> tuple[str, ...]:
    """Return the modules that must be loaded before the kubelet starts."""
    modules = ["br_netfilter", "nf_conntrack", "overlay"] + (["ib_uverbs", "rdma_ucm"] if rdma else [])
    why = "containers, services" + (" and RDMA verbs" if rdma else "")
    return tuple(ledger.fixed(f"nodes[{pool.name}].kernelModules", sorted(modules), why=why))


def containerd(pool: NodePool, body: Body, ledger: Ledger, *, cni: str) -> Tree:
    """Return containerd's configuration, version 3 (containerd 2)."""
    path, runtime = f"spec.nodePools[{pool.name}].runtime", pool.runtime
    pause = images(minor_of(body.kubernetes.version)).pause
    sandbox = ledger.pick(
        f"{path}.sandboxImage",
        runtime.sandbox_image,
        f"registry.k8s.io/pause:{pause}",
        why="the pause image of this Kubernetes minor; without it no container starts",
        source="kubeadm config images list",
    )
    downloads = ledger.pick(
        f"{path}.maxConcurrentDownloads",
        runtime.max_concurrent_downloads,
        10,
        why="layers of one image are fetched side by side",
        source="OpenAI 2018: max-concurrent-downloads 10",
    )
    timeout = ledger.pick(
        f"{path}.progressTimeout",
        runtime.progress_timeout,
        1800 * 10**9,
        why="a pull is given up only when nothing has arrived for this long",
        source="OpenAI 2018: image-pull-progress-deadline 30 minutes, today containerd's image_pull_progress_timeout",
        show=quantity.format_duration,
    )
    images_plugin: Tree = {
        "image_pull_progress_timeout": quantity.format_duration(timeout),
        "max_concurrent_downloads": downloads,
        "pinned_images": {"sandbox": sandbox},
        "registry": {"config_path": "/etc/containerd/certs.d"},
    }
    return {
        "version": 3,
        "plugins": {
            "io.containerd.cri.v1.images": images_plugin,
            "io.containerd.cri.v1.runtime": {"containerd": _runtimes(), "cni": _cni(cni)},
        },
    }


def _cni(cni: str) -> Tree:
    folders: Tree = {"bin_dirs": ["/opt/cni/bin"], "conf_dir": "/etc/cni/net.d"}
    return folders | ({"conf_template": "/etc/containerd/cni.template"} if cni == "gce-alias" else {})


def _runtimes() -> Tree:
    runc: Tree = {"runtime_type": "io.containerd.runc.v2", "options": {"SystemdCgroup": True}}
    return {"default_runtime_name": "runc", "runtimes": {"runc": runc}}


def mirrors(pool: NodePool, ledger: Ledger) -> dict[str, tuple[str, ...]]:
    """Return, for each registry, the addresses to try first."""
    found = {}
    for mirror in pool.registry.mirrors:
        ledger.given(f"spec.nodePools[{pool.name}].registry.mirrors", [m.registry for m in pool.registry.mirrors])
        found[mirror.registry] = mirror.endpoints
    return found
