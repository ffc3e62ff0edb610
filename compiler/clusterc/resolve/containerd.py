"""containerd: where images come from, how they are fetched, and what runs them."""

from __future__ import annotations

from clusterc import quantity
from clusterc.kubernetes import images, minor_of
from clusterc.model.document import Tree
from clusterc.resolve.ledger import Ledger
from clusterc.spec.cluster import Body
from clusterc.spec.pools import NodePool, Runtime

SHARED = "nodes.containerd"
HOSTS = "/etc/containerd/certs.d"
DROP_INS = "/etc/containerd/conf.d/*.toml"


def containerd(path: str, runtime: Runtime, body: Body, ledger: Ledger, *, cni: str) -> Tree:
    """Return containerd's configuration, version 3 (containerd 2); what a spec may say is decided at `path`."""
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
        "registry": {"config_path": HOSTS},
    }
    runtime_plugin = _shared(ledger, cni)
    imports = ledger.fixed(
        f"{SHARED}.imports",
        [DROP_INS],
        why="what others add, such as NVIDIA's container toolkit, has files of its own and edits none of these",
        source="containerd-config.toml(5), imports; nvidia-ctk runtime configure --drop-in-config",
    )
    return {
        "version": 3,
        "imports": [*imports],
        "plugins": {
            "io.containerd.cri.v1.images": images_plugin,
            "io.containerd.cri.v1.runtime": runtime_plugin,
        },
    }


def _shared(ledger: Ledger, cni: str) -> Tree:
    fields = ledger.settings(SHARED, {})
    runc: Tree = {"runtime_type": "io.containerd.runc.v2", "options": {"SystemdCgroup": True}}
    fields.put(
        "containerd",
        {"default_runtime_name": "runc", "runtimes": {"runc": runc}},
        why="systemd and the kubelet both keep cgroups otherwise, and disagree under pressure",
        source="Kubernetes' page on container runtimes: cgroupDriver systemd needs SystemdCgroup",
    )
    folders: Tree = {"bin_dirs": ["/opt/cni/bin"], "conf_dir": "/etc/cni/net.d"}
    template: Tree = {"conf_template": "/etc/containerd/cni.template"} if cni == "gce-alias" else {}
    fields.put("cni", {**folders, **template}, why="where the network plugin's own manifest puts its files")
    return fields.tree()


def mirrors(pool: NodePool, ledger: Ledger) -> dict[str, tuple[str, ...]]:
    """Return, for each registry, the addresses to try first."""
    found = {}
    for mirror in pool.registry.mirrors:
        ledger.given(f"spec.nodePools[{pool.name}].registry.mirrors", [m.registry for m in pool.registry.mirrors])
        found[mirror.registry] = mirror.endpoints
    return found
