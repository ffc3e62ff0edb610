"""What add-ons ask of the API servers: requests, watches, and lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clusterc.capacity import sources
from clusterc.capacity.events import EVENT_BYTES, events_kept
from clusterc.capacity.formula import NODES, Formula, fact, read
from clusterc.capacity.objects import EVENTS, TYPED, addon_writes, per, stored
from clusterc.capacity.settings import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from clusterc.capacity.formula import Amount, Bound
    from clusterc.capacity.load import Load
    from clusterc.model.cluster import Cluster
    from clusterc.model.promises import Addon, ApiAccess

AREA = "add-ons"
# What a kubelet watches: its Node and pods, Services, CSIDrivers, RuntimeClasses; and each ConfigMap and Secret that
# its pods mount, once for all of them: the certificates of some three namespaces, and what agents are configured with.
# What kube-proxy watches: Services, EndpointSlices, its Node, ServiceCIDRs.
KUBELET_WATCHES, MOUNTED_OBJECTS, PROXY_WATCHES = 5, 5, 4
# k8s.io/api's own fixtures: objects of built-in kinds take 2.1 to 2.4 times as many bytes in JSON as in protobuf, which
# they are stored in; the fixtures' values are short, and long ones take the same in both.
JSON_FACTOR = 2
CHANGING = frozenset({"create", "update", "patch", "delete"})


def requests(load: Load) -> float:
    """Return the requests of add-ons per second, lists and writes included, watches aside."""
    return sum(addon_requests(load, addon) for addon in load.cluster.addons)


def addon_requests(load: Load, addon: Addon) -> float:
    """Return the requests of one add-on per second."""
    asked = sum(SECOND / access.interval_ns for access in addon.api_access if access.interval_ns)
    written = sum(per(load, addon, write) * SECOND / write.interval_ns for write in addon.writes if write.interval_ns)
    return load.agents(addon) * asked + written


def changes(load: Load) -> float:
    """Return the requests of add-ons per second that change something, Events aside."""
    asked = sum(
        agents * SECOND / access.interval_ns
        for access, agents in _accesses(load)
        if access.interval_ns and access.verb in CHANGING
    )
    return asked + addon_writes(load, events=False)


def watches(load: Load) -> int:
    """Return the watches that add-ons hold."""
    return sum(addon_watches(load, addon) for addon in load.cluster.addons)


def addon_watches(load: Load, addon: Addon) -> int:
    """Return the watches that one add-on holds."""
    return load.agents(addon) * sum(access.verb == "watch" for access in addon.api_access)


def node_watches(load: Load) -> int:
    """Return the watches that kubelets and kube-proxies hold."""
    proxy = PROXY_WATCHES if load.cluster.network.kube_proxy is not None else 0
    return load.nodes * (KUBELET_WATCHES + proxy) + mounted_objects(load)


def mounted_objects(load: Load) -> int:
    """Return the watches of ConfigMaps and Secrets that kubelets hold for their pods; no more than there are pods."""
    return sum(count * min(MOUNTED_OBJECTS, pool.pods_per_node) for pool, count in load.pools())


def watchers(load: Load, resource: str) -> int:
    """Return the add-on pods that watch one resource of the whole cluster."""
    return sum(
        agents
        for access, agents in _accesses(load)
        if (access.verb, access.resource, access.scope) == ("watch", resource, "cluster")
    )


def addon_list_bytes(load: Load, addon: Addon) -> float:
    """Return the bytes per second of the answers to one add-on's repeated lists."""
    return sum(
        load.agents(addon) * answer_bytes(load, access) * SECOND / access.interval_ns
        for access in addon.api_access
        if access.verb == "list" and access.interval_ns
    )


def addon_fresh_lists(load: Load, addon: Addon) -> float:
    """Return the lists of one add-on per second that wait until the watch cache is as fresh as etcd."""
    asked = (
        SECOND / access.interval_ns
        for access in addon.api_access
        if access.verb == "list" and access.interval_ns and not (access.from_cache or access.resource == EVENTS)
    )
    return load.agents(addon) * sum(asked)


def addon_etcd_bytes(load: Load, addon: Addon) -> float:
    """Return the bytes per second that API servers read from etcd for one add-on: of Events, which no cache holds."""
    return sum(
        load.agents(addon) * _read_bytes(load, access) * SECOND / access.interval_ns
        for access in addon.api_access
        if (access.verb, access.resource) == ("list", EVENTS) and access.interval_ns
    )


def _read_bytes(load: Load, access: ApiAccess) -> float:
    """Return the bytes of Events that one list reads: etcd knows them by namespace, and not by anything else."""
    parts = load.cluster.scale.namespaces if access.scope == "namespace" else 1
    return events_kept(load) * EVENT_BYTES / max(1, parts)


def first_lists(load: Load) -> Iterator[tuple[Addon, float]]:
    """Yield the lists that a start takes, those that open a watch too: who sends one, bytes of each answer."""
    for addon in load.cluster.addons:
        for access in addon.api_access:
            if access.verb in {"list", "watch"}:
                yield addon, answer_bytes(load, access)


def answer_bytes(load: Load, access: ApiAccess) -> float:
    """Return the bytes of the answer to one list: all objects, or the share of one namespace or node."""
    total = _resource_bytes(load, access.resource)
    if access.encoding == "json" and access.resource in {*TYPED, EVENTS}:
        total *= JSON_FACTOR
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


NODE_WATCHES = Formula(
    id="node-watches",
    name="Watches of kubelets and kube-proxies",
    unit="watches",
    value=node_watches,
    text="nodes x (kubelet watches + proxy watches, 0 where the network plugin replaces kube-proxy) + mounted: "
    "ConfigMaps and Secrets, each once for all pods of a machine",
    inputs=(
        NODES,
        read("mounted", "watches", mounted_objects, f"{sources.OURS}: five on a machine, or as many as its pods"),
        fact(
            "kubelet watches", KUBELET_WATCHES, "watches", "kubelet: Node, pods, Services, CSIDrivers, RuntimeClasses"
        ),
        read(
            "proxy watches",
            "watches",
            lambda load: PROXY_WATCHES if load.cluster.network.kube_proxy is not None else 0,
            "kube-proxy: Services, EndpointSlices, its Node, ServiceCIDRs",
        ),
    ),
    source="the informers of kubelet and kube-proxy; kubelet's watch manager holds one watch for each object",
    confidence="estimate",
)


def quantities(cluster: Cluster) -> Iterator[Formula]:
    """Return what add-ons ask of the API servers, and the watches of machines beside theirs."""
    openai = sources.OPENAI_2021
    yield _total(
        cluster,
        id_="addon-requests",
        name="Requests of add-ons",
        unit="1/s",
        of=addon_requests,
        why="pods / interval, over apiAccess and writes",
        source=f"{openai}: DaemonSets that ask the API server are the load that grows with nodes",
    )
    yield _total(
        cluster,
        id_="addon-watches",
        name="Watches of add-ons",
        unit="watches",
        of=addon_watches,
        why="pods x watches",
        source=openai,
    )
    yield NODE_WATCHES
    yield _total(
        cluster,
        id_="addon-list-bytes",
        name="Answers to repeated lists of add-ons",
        unit="bytes/s",
        of=addon_list_bytes,
        why="pods x bytes of the resource, or of one node's or namespace's share, twice in JSON / interval, over lists",
        source="k8s.io/api's fixtures: 2.1 to 2.4 times the bytes in JSON",
    )
    yield _total(
        cluster,
        id_="addon-fresh-lists",
        name="Lists of add-ons that wait for etcd",
        unit="1/s",
        of=addon_fresh_lists,
        why="pods / interval, over lists without resourceVersion=0: a cache must first be as fresh as etcd",
        source="KEP-2340, consistent reads from cache (GA in 1.34)",
    )
    yield _total(
        cluster,
        id_="addon-etcd-bytes",
        name="Bytes read from etcd for lists of add-ons",
        unit="bytes/s",
        of=addon_etcd_bytes,
        why="pods x Events that stand, of all namespaces or of one, x 1 kB / interval, over lists of Events, which no "
        "watch cache holds",
        source=f"{sources.OPENAI_2018}: API servers read 500 MB/s from etcd because agents listed Events; "
        "kube-apiserver's default watch cache sizes",
    )


def _total(
    cluster: Cluster, *, id_: str, name: str, unit: str, of: Callable[[Load, Addon], float], why: str, source: str
) -> Formula:
    """Return a sum over the add-ons, with one input for each."""
    names = [addon.name for addon in cluster.addons]
    return Formula(
        id=id_,
        name=name,
        unit=unit,
        value=lambda load: sum(of(load, addon) for addon in load.cluster.addons),
        text=" + ".join(names) + f": {why} of each" if names else "0: there are no add-ons",
        inputs=tuple(read(addon.name, unit, _of(of, addon), f"spec.addons[{addon.name}]") for addon in cluster.addons)
        or (fact("add-ons", 0, "pods", "spec.addons"),),
        source=source,
        confidence="derived",
    )


def _of(of: Callable[[Load, Addon], float], addon: Addon) -> Amount:
    return lambda load: of(load, addon)


def limits(_: Cluster) -> tuple[Bound, ...]:
    """Return no limit: what add-ons may ask is a matter of their priority level, which a rule judges."""
    return ()
