"""What add-ons ask of the API servers: requests, watches, and lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clusterc.capacity import sources
from clusterc.capacity.events import EVENT_BYTES, events_kept
from clusterc.capacity.formula import NODES, PODS, Formula, fact, read
from clusterc.capacity.objects import EVENTS, addon_writes, stored
from clusterc.capacity.settings import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clusterc.capacity.formula import Bound
    from clusterc.capacity.load import Load
    from clusterc.model.cluster import Cluster
    from clusterc.model.promises import Addon, ApiAccess

AREA = "add-ons"
# What a kubelet watches: its Node and pods, Services, CSIDrivers, RuntimeClasses; and of each pod the certificates that
# its namespace shares. What kube-proxy watches: Services, EndpointSlices, its Node, ServiceCIDRs.
KUBELET_WATCHES, POD_WATCHES, PROXY_WATCHES = 5, 1, 4


def requests(load: Load) -> float:
    """Return the requests of add-ons per second, lists and writes included, watches aside."""
    asked = sum(agents * SECOND / access.interval_ns for access, agents in _accesses(load) if access.interval_ns)
    return asked + addon_writes(load, events=False) + addon_writes(load, events=True)


def watches(load: Load) -> int:
    """Return the watches that add-ons hold."""
    return sum(agents for access, agents in _accesses(load) if access.verb == "watch")


def node_watches(load: Load) -> int:
    """Return the watches that kubelets and kube-proxies hold."""
    proxy = PROXY_WATCHES if load.cluster.network.kube_proxy is not None else 0
    return load.nodes * (KUBELET_WATCHES + proxy) + load.pods * POD_WATCHES


def watchers(load: Load, resource: str) -> int:
    """Return the add-on pods that watch one resource of the whole cluster."""
    return sum(
        agents
        for access, agents in _accesses(load)
        if (access.verb, access.resource, access.scope) == ("watch", resource, "cluster")
    )


def list_bytes_per_second(load: Load) -> float:
    """Return the bytes per second of the answers to repeated lists."""
    return sum(
        agents * answer_bytes(load, access) * SECOND / access.interval_ns
        for access, agents in _accesses(load)
        if access.verb == "list" and access.interval_ns
    )


def first_lists(load: Load) -> Iterator[tuple[Addon, float]]:
    """Yield the lists that a start takes, those that open a watch too: who sends one, bytes of each answer."""
    for addon in load.cluster.addons:
        for access in addon.api_access:
            if access.verb in {"list", "watch"}:
                yield addon, answer_bytes(load, access)


def answer_bytes(load: Load, access: ApiAccess) -> float:
    """Return the bytes of the answer to one list: all objects, or the share of one namespace or node."""
    total = _resource_bytes(load, access.resource)
    parts = {"namespace": load.cluster.scale.namespaces, "node": load.nodes}.get(access.scope, 1)
    return total / max(1, parts)


def _resource_bytes(load: Load, resource: str) -> float:
    if resource == EVENTS:
        return events_kept(load) * EVENT_BYTES
    found = stored(load)
    return found.get(resource, found["custom objects"]).total_bytes


def _accesses(load: Load) -> Iterator[tuple[ApiAccess, int]]:
    for addon in load.cluster.addons:
        for access in addon.api_access:
            yield access, load.agents(addon)


AGENTS = read("agents", "pods", lambda load: sum(load.agents(a) for a in load.cluster.addons), "spec.addons")

QUANTITIES = (
    Formula(
        id="addon-requests",
        name="Requests of add-ons",
        unit="1/s",
        value=requests,
        text="agents / interval, over every apiAccess and writes of spec.addons with an interval",
        inputs=(AGENTS,),
        source=f"{sources.OPENAI_2021}: DaemonSets that ask the API server are the load that grows with nodes",
        confidence="derived",
    ),
    Formula(
        id="addon-watches",
        name="Watches of add-ons",
        unit="watches",
        value=watches,
        text="agents, over every watch in spec.addons",
        inputs=(AGENTS,),
        source=sources.OPENAI_2021,
        confidence="derived",
    ),
    Formula(
        id="node-watches",
        name="Watches of kubelets and kube-proxies",
        unit="watches",
        value=node_watches,
        text="nodes x (kubelet watches + proxy watches, 0 where the network plugin replaces kube-proxy) + pods",
        inputs=(
            NODES,
            PODS,
            fact(
                "kubelet watches",
                KUBELET_WATCHES,
                "watches",
                "kubelet: Node, pods, Services, CSIDrivers, RuntimeClasses",
            ),
            fact(
                "proxy watches",
                PROXY_WATCHES,
                "watches",
                "kube-proxy: Services, EndpointSlices, its Node, ServiceCIDRs",
            ),
        ),
        source="the informers of kubelet and kube-proxy; one watch for the ConfigMap that each pod mounts",
        confidence="derived",
    ),
    Formula(
        id="addon-list-bytes",
        name="Answers to repeated lists of add-ons",
        unit="bytes/s",
        value=list_bytes_per_second,
        text="agents x bytes of the resource (or of one node's or namespace's share) / interval, over every list",
        inputs=(AGENTS,),
        source=f"{sources.OPENAI_2018}: API servers read 500 MB/s from etcd because agents listed Events",
        confidence="derived",
    ),
)


def quantities(_: Cluster) -> tuple[Formula, ...]:
    """Return what add-ons ask of the API servers."""
    return QUANTITIES


def limits(_: Cluster) -> tuple[Bound, ...]:
    """Return no limit: what add-ons may ask is a matter of their priority level, which a rule judges."""
    return ()
