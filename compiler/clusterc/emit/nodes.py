"""Files of each pool's machines: container runtime, registries, kernel, modules, units."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.emit._host import modules_file, sysctl_file, unit
from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.document import Document, Form, Impact, Tree
from clusterc.model.pools import Pool


def documents(cluster: Cluster, _capacity: Capacity) -> Iterator[Document]:
    """Yield, for each pool, what is put on its machines before they join."""
    for pool in cluster.pools:
        yield from _pool(pool)
    owner = ("spec.controlPlane.apiServers",)
    yield sysctl_file("control-plane/90-clusterc.conf", cluster.control_plane.api_server.sysctls, owner=owner)


def _pool(pool: Pool) -> Iterator[Document]:
    owner, folder = (f"spec.nodePools[{pool.name}]",), f"nodes/{pool.name}"
    yield Document(
        path=f"{folder}/containerd/config.toml",
        kind="ContainerdConfiguration",
        body=pool.containerd,
        reader="containerd",
        owner=owner,
        impact=Impact.RESTART,
        form=Form.TOML,
    )
    for registry, endpoints in sorted(pool.mirrors.items()):
        yield Document(
            path=f"{folder}/containerd/certs.d/{registry.replace(':', '_')}/hosts.toml",
            kind="ContainerdHosts",
            body=_hosts(registry, endpoints),
            reader="containerd-hosts",
            owner=owner,
            impact=Impact.DYNAMIC,
            form=Form.TOML,
        )
    yield sysctl_file(f"{folder}/90-clusterc.conf", pool.sysctls, owner=owner)
    yield modules_file(f"{folder}/modules.conf", pool.kernel_modules, owner=owner)
    limits = (("LimitNOFILE", "1048576"), ("LimitMEMLOCK", "infinity"), ("TasksMax", "infinity"))
    yield unit(f"{folder}/containerd.service.d/20-clusterc.conf", ("Service", limits), owner=owner, impact=Impact.DRAIN)
    kubelet = (("Restart", "always"), ("RestartSec", "10s"), ("OOMScoreAdjust", "-999"))
    yield unit(f"{folder}/kubelet.service.d/20-clusterc.conf", ("Service", kubelet), owner=owner)


def _hosts(registry: str, endpoints: tuple[str, ...]) -> Tree:
    """Return where images of a registry are looked for: the mirrors in order, then the registry itself."""
    server = "https://registry-1.docker.io" if registry == "docker.io" else f"https://{registry}"
    hosts: Tree = {endpoint: {"capabilities": ["pull", "resolve"]} for endpoint in endpoints}
    return {"server": server, "host": hosts}
