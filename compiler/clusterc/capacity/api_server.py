"""The memory of an API server's machine, term by term."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from clusterc.capacity import sources
from clusterc.capacity.addons import watches
from clusterc.capacity.formula import NODES, PODS, SERVERS, Bound, Formula, fact, read
from clusterc.capacity.heartbeats import NODE_BYTES
from clusterc.capacity.lists import HEAP_LISTS, heap_lists
from clusterc.capacity.load import origin
from clusterc.capacity.objects import POD_BYTES, TYPED, stored

if TYPE_CHECKING:
    from clusterc.capacity.load import Load
    from clusterc.model.cluster import Cluster

AREA = "API servers"
HEAP_BYTES, HEAP_NODES, HEAP_PODS = 70_000_000_000, 7_500, 200_000
# An idle kube-apiserver 1.37.2 holds 0.16 GB; custom kinds and their schemas come on top of it in every cluster.
FIXED_BYTES = 500_000_000
CACHED_POD_BYTES = 20_000
DECODED, DECODED_UNTYPED = 2, 5.2
WATCH_BYTES = 100_000
GARBAGE = 1.5
# kube-controller-manager and kube-scheduler 1.37.2: 0.15 and 0.12 GB with nothing to hold, 0.36 GB each with 1,000
# nodes of 20 kB and 10,000 pods of 10 kB.
COMPANIONS, COMPANION_BYTES, COMPANION_COPIES = 2, 150_000_000, 2
OPENAI_HEAP = f"{sources.OPENAI_2021}: up to 70 GB of heap per API server at 7,500 nodes, linear in nodes"


def heap_nodes(load: Load) -> float:
    """Return the fixed part of the heap and what grows with nodes, with the pods that the measured cluster ran."""
    return FIXED_BYTES + load.nodes * (HEAP_BYTES - FIXED_BYTES) / HEAP_NODES


def heap_objects(load: Load) -> float:
    """Return the heap of what the watch caches hold beyond the measured cluster: denser pods, and all other objects."""
    pods = max(0.0, load.pods - load.nodes * HEAP_PODS / HEAP_NODES) * CACHED_POD_BYTES
    return (pods + other_bytes(load, typed=True)) * DECODED + other_bytes(load, typed=False) * DECODED_UNTYPED


def other_bytes(load: Load, *, typed: bool) -> float:
    """Return the bytes of all objects but nodes, their leases and pods: of built-in kinds, or of custom ones."""
    return sum(
        found.total_bytes
        for resource, found in stored(load).items()
        if resource not in {"nodes", "leases", "pods"} and (resource in TYPED) is typed
    )


def heap_watches(load: Load) -> float:
    """Return the heap of the watches of add-ons on one server; those of the nodes are in the measured heap."""
    return ceil(watches(load) / len(load.cluster.control_plane.api_server.hosts)) * WATCH_BYTES


def heap(load: Load) -> float:
    """Return the heap of one API server."""
    return heap_nodes(load) + heap_objects(load) + heap_watches(load) + heap_lists(load)


def memory(load: Load) -> float:
    """Return the memory of one API server, with what Go's collector has not yet freed."""
    return heap(load) * GARBAGE


def companions(load: Load) -> float:
    """Return the memory of kube-controller-manager and kube-scheduler, which run on the same machine."""
    cached = load.nodes * NODE_BYTES + load.pods * POD_BYTES
    return COMPANIONS * (COMPANION_BYTES + cached * COMPANION_COPIES)


QUANTITIES = (
    Formula(
        id="api-server-heap-nodes",
        name="Heap of one API server: fixed part and nodes",
        unit="bytes",
        value=heap_nodes,
        text="fixed + nodes x (measured - fixed) / 7,500: an upper bound, with about 27 pods a node in it",
        inputs=(
            NODES,
            fact("fixed", FIXED_BYTES, "bytes", f"{sources.OURS}: an idle server holds 0.16 GB, custom kinds the rest"),
            fact("measured", HEAP_BYTES, "bytes", OPENAI_HEAP),
        ),
        source=OPENAI_HEAP,
        confidence="estimate",
    ),
    Formula(
        id="api-server-heap-objects",
        name="Heap of one API server: objects in watch caches",
        unit="bytes",
        value=heap_objects,
        text="(pods - density x nodes, 0 at least) x 20 kB x 2 + built-in x 2 + custom x 5.2; nodes, leases "
        "and pods of that density are in the heap of nodes",
        inputs=(
            PODS,
            NODES,
            fact("density", HEAP_PODS / HEAP_NODES, "pods", f"{sources.OPENAI_2021}: 200,000 addresses on 7,500 nodes"),
            read("built-in", "bytes", lambda load: other_bytes(load, typed=True), "quantity etcd-live-bytes"),
            read("custom", "bytes", lambda load: other_bytes(load, typed=False), "quantity etcd-live-bytes"),
        ),
        source=f"{sources.OBJECT_SIZES}: most are below 20 kB; {sources.DECODED}: custom ones take 5.2 times that",
        confidence="estimate",
    ),
    Formula(
        id="api-server-heap-watches",
        name="Heap of one API server: watches of add-ons",
        unit="bytes",
        value=heap_watches,
        text="watches / API servers, rounded up, x one watch",
        inputs=(
            read("watches", "watches", watches, "quantity addon-watches"),
            SERVERS,
            fact("one watch", WATCH_BYTES, "bytes", f"{sources.WATCHES}: 50 to 100 KiB"),
        ),
        source=sources.WATCHES,
        confidence="estimate",
    ),
    HEAP_LISTS,
    Formula(
        id="api-server-heap",
        name="Heap of one API server",
        unit="bytes",
        value=heap,
        text="of nodes + of objects + of watches + of lists",
        inputs=(
            read("of nodes", "bytes", heap_nodes, "quantity api-server-heap-nodes"),
            read("of objects", "bytes", heap_objects, "quantity api-server-heap-objects"),
            read("of watches", "bytes", heap_watches, "quantity api-server-heap-watches"),
            read("of lists", "bytes", heap_lists, "quantity api-server-heap-lists"),
        ),
        source=sources.OPENAI_2021,
        confidence="estimate",
    ),
    Formula(
        id="api-server-memory",
        name="Memory to provide for one API server",
        unit="bytes",
        value=memory,
        text="heap x 1.5 for what Go's collector has not yet freed",
        inputs=(read("heap", "bytes", heap, "quantity api-server-heap"),),
        source=f"{sources.OURS}; upstream's 5,000-node tests run the whole control plane in 256 GB",
        confidence="estimate",
    ),
    Formula(
        id="companion-memory",
        name="Memory of kube-controller-manager and kube-scheduler",
        unit="bytes",
        value=companions,
        text="2 x (idle + 2 x (nodes x node object + pods x pod)): both hold every node and pod",
        inputs=(
            NODES,
            PODS,
            fact("idle", COMPANION_BYTES, "bytes", "kube-controller-manager and kube-scheduler 1.37.2"),
            fact("node object", NODE_BYTES, "bytes", sources.HEARTBEATS),
            fact("pod", POD_BYTES, "bytes", sources.OBJECT_SIZES),
        ),
        source=f"{sources.OURS}: 1.37.2 with 1,000 nodes of 20 kB and 10,000 pods of 10 kB took 0.36 GB each",
        confidence="measured",
    ),
)


def quantities(_: Cluster) -> tuple[Formula, ...]:
    """Return the memory of an API server and of what runs beside it."""
    return QUANTITIES


def limits(cluster: Cluster) -> tuple[Bound, ...]:
    """Return the memory of an API server's machine, less what a stacked etcd takes of it."""
    etcd = cluster.control_plane.etcd
    beside = etcd.quota_bytes if etcd.stacked else 0
    return (
        Bound(
            id="api-server-memory",
            name="Memory of an API server's machine",
            unit="bytes",
            demand=lambda load: memory(load) + companions(load),
            supply=cluster.control_plane.api_server.machine.memory_bytes - beside,
            supplied_by=origin(cluster, "spec.controlPlane.apiServers.machine.memory")
            + (" less spec.controlPlane.etcd.quota" if beside else ""),
            source=OPENAI_HEAP,
            fix="raise controlPlane.apiServers.machine.memory, or divide the cluster",
        ),
    )
