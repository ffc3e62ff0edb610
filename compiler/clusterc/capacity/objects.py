"""What the API servers keep in etcd at one size: how many objects of each resource, and how large."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from clusterc import formulas
from clusterc.capacity.heartbeats import LEASE_BYTES, NODE_BYTES
from clusterc.capacity.settings import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clusterc.capacity.load import Load
    from clusterc.model.promises import Addon, Write

POD_BYTES = formulas.POD_BYTES
# EKS 2025 keeps more than ten million objects in 32 GB.
OTHER_BYTES = 3_200
ENDPOINT_BYTES = 100
ENDPOINTS_PER_SLICE = 100
EVENTS = "events"
# What network plugins keep for every pod and for every node.
PLUGIN_OBJECTS = {"cilium": ("ciliumendpoints", "ciliumnodes"), "calico": ("ipamhandles", "blockaffinities")}
# Resources that API servers decode into types of their own; all others into generic trees, which take more memory.
TYPED = frozenset({"configmaps", "endpointslices", "leases", "namespaces", "nodes", "pods", "secrets", "services"})


class Stored(NamedTuple):
    """The objects of one resource."""

    objects: float
    total_bytes: float


def stored(load: Load) -> dict[str, Stored]:
    """Return the objects of every resource but Events, by the resource's name."""
    scale, found = load.cluster.scale, dict[str, Stored]()
    for resource, count, size in _known(load):
        found[resource] = Stored(count, count * size)
    custom = scale.custom_objects
    found["custom objects"] = Stored(custom, custom * scale.custom_object_bytes)
    for write, count in written(load):
        resource = f"{write.kind.lower()}s"
        if resource != EVENTS:
            before = found.get(resource, Stored(0, 0))
            found[resource] = Stored(before.objects + count, before.total_bytes + count * write.size_bytes)
    return found


def _known(load: Load) -> Iterator[tuple[str, float, float]]:
    """Yield the resources that every cluster has: name, objects, bytes of each."""
    scale = load.cluster.scale
    yield "nodes", load.nodes, NODE_BYTES
    yield "leases", load.nodes, LEASE_BYTES
    yield "pods", load.pods, POD_BYTES
    yield "services", scale.services, OTHER_BYTES
    yield "endpointslices", slices(load), ENDPOINTS_PER_SLICE * ENDPOINT_BYTES
    yield "configmaps", scale.config_maps, OTHER_BYTES
    yield "secrets", scale.secrets, OTHER_BYTES
    yield "namespaces", scale.namespaces, OTHER_BYTES
    if load.cluster.network.cni in PLUGIN_OBJECTS:
        of_pods, of_nodes = PLUGIN_OBJECTS[load.cluster.network.cni]
        yield of_pods, load.pods, OTHER_BYTES
        yield of_nodes, load.nodes, OTHER_BYTES


def slices(load: Load) -> int:
    """Return EndpointSlices: one of every Service, those of the largest, and those of a Service of all nodes."""
    members = (load.cluster.scale.endpoints_per_service, load.nodes)
    return load.cluster.scale.services + sum(-(-count // ENDPOINTS_PER_SLICE) for count in members)


def written(load: Load) -> Iterator[tuple[Write, float]]:
    """Yield what add-ons write, with the objects that stand; those of dead pods stand until their time is up."""
    for addon in load.cluster.addons:
        for write in addon.writes:
            count: float = per(load, addon, write)
            if write.per == "pod" and write.ttl_ns:
                count += load.cluster.scale.churn_per_second * write.ttl_ns / SECOND
            yield write, count


def per(load: Load, addon: Addon, write: Write) -> int:
    """Return for how many things an add-on writes an object."""
    if write.per == "node":
        return load.machines(addon.pools)
    return {"pod": load.pods, "namespace": load.cluster.scale.namespaces}.get(write.per, 1)


def addon_writes(load: Load, *, events: bool) -> float:
    """Return the writes of add-ons per second, either of Events or of everything else."""
    return sum(
        per(load, addon, write) * SECOND / write.interval_ns
        for addon in load.cluster.addons
        for write in addon.writes
        if write.interval_ns and (write.kind == "Event") is events
    )


def addon_write_bytes(load: Load) -> float:
    """Return the bytes per second that add-ons write, Events aside."""
    return sum(
        per(load, addon, write) * write.size_bytes * SECOND / write.interval_ns
        for addon in load.cluster.addons
        for write in addon.writes
        if write.interval_ns and write.kind != "Event"
    )
