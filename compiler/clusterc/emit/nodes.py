"""Files of every machine with a kubelet: container runtime, registries, kernel, modules, units."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.emit._host import modules_file, sysctl_file, unit
from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.document import Document, Form, Impact, Tree
from clusterc.model.pools import Host


def documents(cluster: Cluster, _capacity: Capacity) -> Iterator[Document]:
    """Yield, for each pool and for the API servers, what is put on their machines before they join."""
    for pool in cluster.pools:
        yield from _machine(f"nodes/{pool.name}", pool.host, (f"spec.nodePools[{pool.name}]",))
    plane = ("spec.controlPlane.apiServers",)
    yield from _machine("control-plane/machine", cluster.control_plane.host, plane)


def _machine(folder: str, host: Host, owner: tuple[str, ...]) -> Iterator[Document]:
    yield Document(
        path=f"{folder}/containerd/config.toml",
        kind="ContainerdConfiguration",
        body=host.containerd,
        reader="containerd",
        owner=owner,
        impact=Impact.RESTART,
        form=Form.TOML,
    )
    for registry, endpoints in sorted(host.mirrors.items()):
        yield Document(
            path=f"{folder}/containerd/certs.d/{_folder(registry)}/hosts.toml",
            kind="ContainerdHosts",
            body=_hosts(registry, endpoints),
            reader="containerd-hosts",
            owner=owner,
            impact=Impact.DYNAMIC,
            form=Form.TOML,
        )
    yield sysctl_file(f"{folder}/90-clusterc.conf", host.sysctls, owner=owner)
    yield modules_file(f"{folder}/modules.conf", host.kernel_modules, owner=owner)
    for name, settings in sorted(host.units.items()):
        # Limits of containerd reach containers only when these are started anew.
        impact = Impact.DRAIN if name == "containerd.service" else Impact.RESTART
        service = tuple((key, str(value)) for key, value in settings.items())
        yield unit(f"{folder}/{name}.d/20-clusterc.conf", ("Service", service), owner=owner, impact=impact)


def _folder(registry: str) -> str:
    """Return the folder in which containerd looks for a registry; a colon has no place in a path everywhere."""
    host, colon, port = registry.rpartition(":")
    return f"{host}_{port}_" if colon else registry


def _hosts(registry: str, endpoints: tuple[str, ...]) -> Tree:
    """Return where images of a registry are looked for: the mirrors in order, then the registry itself."""
    server = "https://registry-1.docker.io" if registry == "docker.io" else f"https://{registry}"
    hosts: Tree = {endpoint: {"capabilities": ["pull", "resolve"]} for endpoint in endpoints}
    return {"server": server, "host": hosts}
