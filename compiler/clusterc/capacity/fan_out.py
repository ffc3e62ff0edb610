"""What one change of a Service's members sends to everyone who watches it: Endpoints against EndpointSlices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clusterc.capacity import sources
from clusterc.capacity.addons import watchers
from clusterc.capacity.formula import NODES, Bound, Formula, fact, read
from clusterc.capacity.load import origin
from clusterc.capacity.objects import ENDPOINT_BYTES, ENDPOINTS_PER_SLICE

if TYPE_CHECKING:
    from clusterc.capacity.load import Load
    from clusterc.model.cluster import Cluster

AREA = "fan-out"
TRUNCATED_AT = 1_000
SLICE_BYTES = ENDPOINTS_PER_SLICE * ENDPOINT_BYTES
BITS = 8


def changes(load: Load) -> float:
    """Return the nodes that join or leave per second."""
    return load.cluster.scale.node_changes_per_minute / 60


def endpoints_change(load: Load) -> float:
    """Return the bytes of one change of a Service of all nodes, if every node watches its whole Endpoints object."""
    return load.nodes * load.nodes * ENDPOINT_BYTES


def endpoints_change_truncated(load: Load) -> float:
    """Return the same with the Endpoints object cut off where Kubernetes has cut it since 1.22."""
    return load.nodes * min(load.nodes, TRUNCATED_AT) * ENDPOINT_BYTES


def slice_change(load: Load) -> float:
    """Return the bytes of one change of a Service of all nodes, if every node watches EndpointSlices."""
    return load.nodes * min(load.nodes, ENDPOINTS_PER_SLICE) * ENDPOINT_BYTES


def gain(load: Load) -> float:
    """Return how many times less EndpointSlices send."""
    return load.nodes / min(max(1, load.nodes), ENDPOINTS_PER_SLICE)


def members(load: Load) -> int:
    """Return the pods behind the largest Service."""
    return load.cluster.scale.endpoints_per_service


def rollout_endpoints(load: Load) -> float:
    """Return the bytes of replacing all pods of the largest Service, if every node watches its Endpoints."""
    return members(load) * min(members(load), TRUNCATED_AT) * ENDPOINT_BYTES * load.nodes


def rollout_slices(load: Load) -> float:
    """Return the bytes of replacing all pods of the largest Service, if every node watches its slices."""
    return members(load) * min(members(load), ENDPOINTS_PER_SLICE) * ENDPOINT_BYTES * load.nodes


def proxies(load: Load) -> int:
    """Return the kube-proxies, each of which watches slices."""
    return load.nodes if load.cluster.network.kube_proxy is not None else 0


def traffic(load: Load) -> float:
    """Return the bytes per second sent to those who really watch, as nodes come and go."""
    slices = (proxies(load) + watchers(load, "endpointslices")) * min(load.nodes, ENDPOINTS_PER_SLICE)
    endpoints = watchers(load, "endpoints") * min(load.nodes, TRUNCATED_AT)
    return (slices + endpoints) * ENDPOINT_BYTES * changes(load)


ENDPOINT = fact("endpoint", ENDPOINT_BYTES, "bytes", f"{sources.SLICES}: 20,000 endpoints are about 2 MB")
SLICE = fact(
    "slice", SLICE_BYTES, "bytes", f"{sources.CONTROLLERS}: 100 endpoints in a slice; {sources.SLICES}: of 100 B each"
)
CHANGES = read("changes", "1/s", changes, "spec.scale.nodeChangesPerMinute")
MEMBERS = read("members", "pods", members, "spec.scale.endpointsPerService")

QUANTITIES = (
    Formula(
        id="endpoints-change",
        name="One change of a Service of all nodes, as Endpoints",
        unit="bytes",
        value=endpoints_change,
        text="nodes x nodes x endpoint: every node is a member and a watcher, and the object is not cut off",
        inputs=(NODES, ENDPOINT),
        source=f"{sources.SLICES}; {sources.OPENAI_2021}: 1 GB/s at times",
        confidence="derived",
    ),
    Formula(
        id="endpoints-change-truncated",
        name="One change of a Service of all nodes, as Endpoints cut off at 1,000",
        unit="bytes",
        value=endpoints_change_truncated,
        text="nodes x the lesser of nodes and 1,000 x endpoint: what a watcher of Endpoints costs today",
        inputs=(NODES, ENDPOINT),
        source=f"{sources.SLICES}: Endpoints are cut off at 1,000 members since 1.22",
        confidence="derived",
    ),
    Formula(
        id="endpoints-rate",
        name="Changes of nodes, as Endpoints",
        unit="bytes/s",
        value=lambda load: endpoints_change(load) * changes(load),
        text="changes x nodes x nodes x endpoint, for one Service of all nodes",
        inputs=(CHANGES, NODES, ENDPOINT),
        source=f"{sources.OPENAI_2021}: 1 GB/s at times, which is one change in 5.6 s at 7,500 nodes",
        confidence="derived",
    ),
    Formula(
        id="slice-change",
        name="One change of a Service of all nodes, as EndpointSlices",
        unit="bytes",
        value=slice_change,
        text="nodes x slice (less where there are not 100 nodes)",
        inputs=(NODES, SLICE),
        source=sources.SLICES,
        confidence="derived",
    ),
    Formula(
        id="slice-rate",
        name="Changes of nodes, as EndpointSlices",
        unit="bytes/s",
        value=lambda load: slice_change(load) * changes(load),
        text="changes x nodes x slice, for one Service of all nodes",
        inputs=(CHANGES, NODES, SLICE),
        source=sources.SLICES,
        confidence="derived",
    ),
    Formula(
        id="slice-gain",
        name="What EndpointSlices save",
        unit="times",
        value=gain,
        text="nodes / 100 endpoints of a slice; OpenAI saw 1,000 times, which the sizes alone do not explain",
        inputs=(NODES,),
        source=f"{sources.SLICES}; {sources.OPENAI_2021}",
        confidence="derived",
    ),
    Formula(
        id="rollout-endpoints",
        name="Replacing the pods of the largest Service, as Endpoints",
        unit="bytes",
        value=rollout_endpoints,
        text="members x the lesser of members and 1,000 x endpoint x nodes",
        inputs=(MEMBERS, ENDPOINT, NODES),
        source=sources.SLICES,
        confidence="derived",
    ),
    Formula(
        id="rollout-slices",
        name="Replacing the pods of the largest Service, as EndpointSlices",
        unit="bytes",
        value=rollout_slices,
        text="members x slice x nodes (less where there are not 100 members)",
        inputs=(MEMBERS, SLICE, NODES),
        source=sources.SLICES,
        confidence="derived",
    ),
    Formula(
        id="endpoint-traffic",
        name="Members of Services sent to those who watch",
        unit="bytes/s",
        value=traffic,
        text="changes x endpoint x ((kube-proxies + slice watchers) x nodes, 100 at the most, + Endpoints watchers x "
        "nodes, 1,000 at the most)",
        inputs=(
            CHANGES,
            ENDPOINT,
            NODES,
            read("kube-proxies", "watches", proxies, "spec.network.proxy.mode"),
            read("slice watchers", "watches", lambda load: watchers(load, "endpointslices"), "spec.addons[].apiAccess"),
            read("Endpoints watchers", "watches", lambda load: watchers(load, "endpoints"), "spec.addons[].apiAccess"),
        ),
        source=sources.SLICES,
        confidence="derived",
    ),
)


def quantities(_: Cluster) -> tuple[Formula, ...]:
    """Return what changes of Services send."""
    return QUANTITIES


def limits(cluster: Cluster) -> tuple[Bound, ...]:
    """Return the bandwidth of the API servers, where it is known."""
    server = cluster.control_plane.api_server
    if server.machine.network_bps is None:
        return ()
    return (
        Bound(
            id="endpoint-traffic",
            name="Members of Services sent to those who watch",
            unit="bytes/s",
            demand=traffic,
            supply=len(server.hosts) * server.machine.network_bps / BITS,
            supplied_by=origin(cluster, "spec.controlPlane.apiServers.machine.network"),
            source=f"{sources.OPENAI_2021}: WATCH traffic of Endpoints reached 1 GB/s",
            fix="watch EndpointSlices instead of Endpoints, and make Services of all nodes headless",
        ),
    )
