"""The tree's README: what this cluster is, its numbers, in which order it is applied, what a human must supply."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from clusterc.amounts import amount
from clusterc.emit._runbook import bring_up
from clusterc.emit._supply import supply
from clusterc.model.capacity import SIZES, Capacity, Limit
from clusterc.model.cluster import Cluster
from clusterc.model.control_plane import DEFAULT_PROFILE, GPU_PROFILE
from clusterc.model.document import Document, Form, Impact
from clusterc.model.pools import Pool

# What a reviewer looks for first; every other quantity is in `clusterc capacity`.
NUMBERS = (
    "pods",
    "api-server-memory",
    "lease-writes",
    "etcd-database",
    "events-kept",
    "pod-addresses-reserved",
    "fleet-start-seconds",
    "prometheus-series",
    "dns-queries",
)


FILES = """\
## Files

| folder | what it holds |
| --- | --- |
| `control-plane/` | kubeadm, kube-apiserver, kube-scheduler, HAProxy, and what is put on their machines |
| `etcd/` | etcd's members, their timers, and how to restore them |
| `network/` | kube-proxy and the network plugin |
| `nodes/` | what is put on the machines of each pool |
| `objects/` | objects of the Kubernetes API, by namespace |
| `MANIFEST.json` | of every file: digest, kind, where in the spec it comes from, its reader, what a change costs |
"""


def documents(cluster: Cluster, capacity: Capacity) -> Iterator[Document]:
    """Yield README.md."""
    parts = [_head(cluster), _pools(cluster), _numbers(capacity), supply(cluster), bring_up(cluster), FILES]
    yield Document(
        path="README.md",
        kind="Readme",
        body="\n".join(parts),
        reader="human",
        owner=("metadata", "spec"),
        impact=Impact.NONE,
        form=Form.MARKDOWN,
    )


def _head(cluster: Cluster) -> str:
    plane, network = cluster.control_plane, cluster.network
    nodes = cluster.nodes
    size = f"{nodes.max:,}" if nodes.min == nodes.max else f"{nodes.min:,} to {nodes.max:,}"
    proxy = network.proxy_mode if network.kube_proxy else network.cni
    events = f", and {len(plane.events_etcd.members)} for Events alone" if plane.events_etcd else ""
    etcd = "beside each API server" if plane.etcd.stacked else f"{len(plane.etcd.members)} etcd members{events}"
    return f"""\
# {cluster.name}

Made by clusterc: edit the spec and build again, not these files.

Kubernetes {cluster.version} on {cluster.provider}, {size} nodes. {len(plane.api_server.hosts)} API servers behind
`{plane.api_server.endpoint}`, etcd: {etcd}. Network: {network.mode} ({network.cni}), packets up to {network.mtu}
bytes, services by {proxy}.
"""


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in lines)


def _pools(cluster: Cluster) -> str:
    rows: list[tuple[str, ...]] = [
        (pool.name, pool.role, _size(pool), pool.machine.type or _machine(pool), _gpus(pool)) for pool in cluster.pools
    ]
    table = _table(("pool", "role", "nodes", "machine", "GPUs of a machine"), rows)
    hint = "".join(f"\n{line}\n" for line in _hints(cluster))
    return f"## Pools\n\n{table}{hint}"


def _hints(cluster: Cluster) -> Iterator[str]:
    """Yield what a pod must say to be placed otherwise than by default."""
    keys = sorted({taint.key for pool in cluster.pools if pool.gpu for taint in pool.taints})
    profiles = cluster.control_plane.scheduler_profiles
    if keys:
        tolerated = ", ".join(f"`{key}`" for key in keys)
        yield (
            f"Pods with GPUs ask for `schedulerName: {GPU_PROFILE}`, which looks at GPUs alone, and tolerate the "
            f"taints of their machines: {tolerated}."
        )
    own = ", ".join(f"`{name}`" for name in profiles if name not in {DEFAULT_PROFILE, GPU_PROFILE})
    if own:
        yield f"Profiles of the spec's own, for pods that ask for them by `schedulerName`: {own}."


def _size(pool: Pool) -> str:
    return f"{pool.nodes.min:,} to {pool.nodes.max:,}" if pool.autoscaled else f"{pool.nodes.max:,}"


def _machine(pool: Pool) -> str:
    return f"{pool.machine.cpu_millicores // 1000} cores, {pool.machine.memory_bytes // 1024**3} GiB"


def _gpus(pool: Pool) -> str:
    if pool.gpu is None:
        return "none"
    cut = f", each cut into {pool.gpu.instances} of {pool.gpu.mig}" if pool.gpu.mig else ""
    return f"{pool.gpu.per_node} {pool.gpu.type}{cut}"


def _numbers(capacity: Capacity) -> str:
    known = {quantity.id: quantity for quantity in capacity.quantities}
    shown = [known[id_] for id_ in NUMBERS if id_ in known]
    columns = capacity.differing_sizes()
    rows = [(quantity.name, *(amount(quantity.values[i], quantity.unit) for i in columns)) for quantity in shown]
    head = [_sizes(capacity, first, after) for first, after in pairwise((*columns, len(SIZES)))]
    breaks = "".join(f"{number}. {_limits(group)}\n" for number, group in enumerate(capacity.breaks_first(), start=1))
    return (
        f"## Numbers\n\n{_table(('', *head), rows)}\n"
        f"What breaks first as the pools, and the jobs on them, grow in proportion:\n\n{breaks}"
    )


def _sizes(capacity: Capacity, first: int, after: int) -> str:
    """Return the head of a column, which stands for the sizes up to the next column's."""
    nodes = f"{capacity.nodes[first]:,} nodes"
    return nodes if after - first == len(SIZES) else f"{nodes} {' and '.join(SIZES[first:after])}"


def _limits(group: tuple[Limit, ...]) -> str:
    shown = "; ".join(f"{limit.name} ({limit.supplied_by})" for limit in group)
    return f"At {group[0].breaks_at:,} nodes: {shown}"
