"""The memory of an API server, term by term, and what its audit log takes."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from clusterc.capacity import sources
from clusterc.capacity.addons import requests, watches
from clusterc.capacity.formula import CHURN, NODES, PODS, SERVERS, Bound, Formula, fact, read
from clusterc.capacity.lists import HEAP_LISTS, heap_lists
from clusterc.capacity.load import origin
from clusterc.capacity.objects import POD_BYTES, TYPED, stored

if TYPE_CHECKING:
    from clusterc.capacity.load import Load
    from clusterc.model.cluster import Cluster

AREA = "API servers"
HEAP_BYTES, HEAP_NODES, HEAP_PODS = 70_000_000_000, 7_500, 200_000
CACHED_POD_BYTES = 20_000
DECODED, DECODED_UNTYPED = 2, 5.2
WATCH_BYTES = 100 * 1024
GARBAGE = 1.5
# One line of the audit log: the request without bodies, with the object sent, with the answer as well.
AUDIT_BYTES = {"None": 0, "Metadata": 1_500, "Request": 1_500 + POD_BYTES, "RequestResponse": 1_500 + 2 * POD_BYTES}
# A pod is created and bound; what its kubelet reports is not logged.
AUDITED_PER_POD = 2


def heap_nodes(load: Load) -> float:
    """Return the heap that grows with nodes, with the pods that the measured cluster ran on them."""
    return load.nodes * HEAP_BYTES / HEAP_NODES


def heap_objects(load: Load) -> float:
    """Return the heap of what the watch caches hold beyond the measured cluster: denser pods, and all other objects."""
    pods = max(0.0, load.pods - load.nodes * HEAP_PODS / HEAP_NODES) * CACHED_POD_BYTES * DECODED
    others = (
        found.total_bytes * (DECODED if resource in TYPED else DECODED_UNTYPED)
        for resource, found in stored(load).items()
        if resource not in {"nodes", "leases", "pods"}
    )
    return pods + sum(others)


def heap_watches(load: Load) -> float:
    """Return the heap of the watches of add-ons on one server; those of the nodes are in the measured heap."""
    return ceil(watches(load) / len(load.cluster.control_plane.api_server.hosts)) * WATCH_BYTES


def heap(load: Load) -> float:
    """Return the heap of one API server."""
    return heap_nodes(load) + heap_objects(load) + heap_watches(load) + heap_lists(load)


def audit_bytes(load: Load) -> float:
    """Return the bytes per second of all audit logs together."""
    changes = load.cluster.scale.churn_per_second * AUDITED_PER_POD + requests(load)
    return changes * AUDIT_BYTES[load.cluster.control_plane.api_server.audit_level]


HEAP = read("heap", "bytes", heap, "quantity api-server-heap")

QUANTITIES = (
    Formula(
        id="api-server-heap-nodes",
        name="Heap of one API server: nodes",
        unit="bytes",
        value=heap_nodes,
        text="nodes x measured / 7,500: an upper bound, with the fixed part and about 27 pods a node in it",
        inputs=(
            NODES,
            fact(
                "measured",
                HEAP_BYTES,
                "bytes",
                f"{sources.OPENAI_2021}: up to 70 GB heap per API server at 7,500 nodes",
            ),
        ),
        source=f"{sources.OPENAI_2021}: up to 70 GB of heap per API server at 7,500 nodes, linear in nodes",
        confidence="measured",
    ),
    Formula(
        id="api-server-heap-objects",
        name="Heap of one API server: objects in watch caches",
        unit="bytes",
        value=heap_objects,
        text="(pods - measured density x nodes, 0 at least) x 20 kB x 2 + bytes of others x 2 (custom ones x 5.2)",
        inputs=(
            PODS,
            NODES,
            fact(
                "measured density",
                HEAP_PODS / HEAP_NODES,
                "pods",
                f"{sources.OPENAI_2021}: 200,000 addresses on 7,500 nodes",
            ),
        ),
        source=f"{sources.OBJECT_SIZES}: most are below 20 kB; {sources.DECODED}: custom ones take 5.2 times that",
        confidence="estimate",
    ),
    Formula(
        id="api-server-heap-watches",
        name="Heap of one API server: watches of add-ons",
        unit="bytes",
        value=heap_watches,
        text="watches / API servers x one watch",
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
        value=lambda load: heap(load) * GARBAGE,
        text="heap x 1.5 for what Go's collector has not yet freed",
        inputs=(HEAP,),
        source=f"{sources.OURS}; upstream's 5,000-node tests run the whole control plane in 256 GB",
        confidence="estimate",
    ),
    Formula(
        id="audit-log-bytes",
        name="Audit logs of all API servers",
        unit="bytes/s",
        value=audit_bytes,
        text="(churn x 2 + requests of add-ons) x a line of 1.5 kB, 11.5 kB with requests, 21.5 kB with answers; "
        "requests of nodes, Events and leases are not logged",
        inputs=(CHURN, read("requests of add-ons", "1/s", requests, "quantity addon-requests")),
        source=sources.OURS,
        confidence="estimate",
    ),
)


def quantities(_: Cluster) -> tuple[Formula, ...]:
    """Return the memory of an API server and its audit log."""
    return QUANTITIES


def limits(cluster: Cluster) -> tuple[Bound, ...]:
    """Return the memory of an API server's machine, less what a stacked etcd takes of it."""
    etcd = cluster.control_plane.etcd
    beside = etcd.quota_bytes if etcd.stacked else 0
    return (
        Bound(
            id="api-server-memory",
            name="Heap of one API server",
            unit="bytes",
            demand=heap,
            supply=cluster.control_plane.api_server.machine.memory_bytes - beside,
            supplied_by=origin(cluster, "spec.controlPlane.apiServers.machine.memory")
            + (" less spec.controlPlane.etcd.quota" if beside else ""),
            source=f"{sources.OPENAI_2021}: up to 70 GB of heap per API server at 7,500 nodes",
            fix="give controlPlane.apiServers.machine 1.5 times the heap, or divide the cluster",
        ),
    )
