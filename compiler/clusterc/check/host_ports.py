"""Whether every port of a machine is taken by one program only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from clusterc.check._view import Mistake, View
from clusterc.defaults.network import node_local_dns, plugin, wrapping
from clusterc.diagnostics import Finding, Step
from clusterc.spec.cluster import Body
from clusterc.spec.network import Flannel

CONFLICT = Mistake("CC1209", "host-port-conflict", "Kubernetes, ports and protocols; pkg/cluster/ports")
HIGHEST = 65535

Ports = dict[str, tuple[int, int]]

_EVERYWHERE: Ports = {"kubelet": (10250, 10250), "kubelet's health check": (10248, 10248)}
_PROXY: Ports = {"kube-proxy's metrics": (10249, 10249), "kube-proxy's health check": (10256, 10256)}
# The emitted cache on every machine: it listens on an address of its own, which a program on all addresses takes too.
_NODE_LOCAL_DNS: Ports = {
    "NodeLocal DNS": (53, 53),
    "NodeLocal DNS's health check": (8080, 8080),
    "NodeLocal DNS's metrics": (9253, 9253),
}
# What the network plugins' own pages on requirements list for every machine.
_PLUGIN: dict[str, Ports] = {
    "flannel": {"flannel's health check": (8081, 8081)},
    "cilium": {"Cilium's health between nodes": (4240, 4240), "Cilium's agent": (9879, 9879)},
    "calico": {"Calico's BGP": (179, 179), "Calico's Felix": (9099, 9099), "Calico's Typha": (5473, 5473)},
    "aws-vpc": {"the AWS VPC plugin's metrics": (61678, 61678)},
}
# The UDP port of wrapped packets: Linux' own for flannel and Cilium, the registered one for Calico.
_WRAPPED = {("flannel", "wireguard"): 51820, ("cilium", "vxlan"): 8472, ("calico", "vxlan"): 4789}
_CONTROL_PLANE: Ports = {
    "kube-apiserver": (6443, 6443),
    "etcd": (2379, 2381),
    "kube-controller-manager": (10257, 10257),
    "kube-scheduler": (10259, 10259),
}


@dataclass(frozen=True, slots=True)
class Taker:
    """Who takes which ports on the machines of which pools; no pools are all, and the control plane too."""

    who: str
    kind: str
    first: int
    last: int
    pools: frozenset[str]
    steps: tuple[Step, ...]

    def meets(self, other: Taker) -> bool:
        """Return whether two take one port of one machine."""
        together = not self.pools or not other.pools or bool(self.pools & other.pools)
        return together and self.first <= other.last and other.first <= self.last


def findings(view: View) -> Iterator[Finding]:
    """Return every port that is taken twice, or that does not exist."""
    takers = [*_host(view), *_addons(view), *_workloads(view)]
    for taker in takers:
        if taker.last > HIGHEST:
            yield _too_high(view, taker)
        yield from _reserved(view, taker)
    for position, second in enumerate(takers):
        # One of those that it meets says enough.
        if first := next((taker for taker in takers[:position] if _at_odds(taker, second)), None):
            yield _conflict(view, first, second)


def _at_odds(one: Taker, other: Taker) -> bool:
    # Jobs take the ports that spec.network.host promises them, and never share a machine's ports with each other.
    return one.meets(other) and (one.kind == other.kind != "job" or "add-on" in {one.kind, other.kind})


def _host(view: View) -> Iterator[Taker]:
    for i, port in enumerate(view.body.network.host.ports):
        last = port.port + port.count - 1
        yield Taker(port.name, "host", port.port, last, frozenset(), ("spec.network.host.ports", i, "port"))


def _addons(view: View) -> Iterator[Taker]:
    for i, addon in enumerate(view.body.addons):
        for j, port in enumerate(addon.ports):
            yield Taker(addon.name, "add-on", port, port, frozenset(addon.pools), ("spec.addons", i, "ports", j))


def _workloads(view: View) -> Iterator[Taker]:
    everywhere = frozenset(pool.name for pool in view.body.node_pools)
    for i, workload in enumerate(view.body.workloads):
        pools = frozenset({workload.pool}) if workload.pool else everywhere
        for j, port in enumerate(workload.ports):
            yield Taker(workload.name, "job", port, port, pools, ("spec.workloads", i, "ports", j))


def _reserved(view: View, taker: Taker) -> Iterator[Finding]:
    for name, (first, last) in (_on_machines(view.body) | ({} if taker.pools else _CONTROL_PLANE)).items():
        if taker.first <= last and first <= taker.last:
            port = max(first, taker.first)
            message = f"{taker.who} takes port {port}, which is that of {name}"
            yield view.finding(CONFLICT, view.at(*taker.steps), message, fix=_elsewhere(taker))


def _on_machines(body: Body) -> Ports:
    """Return the ports that the cluster's own programs take on every machine."""
    ports = _EVERYWHERE | (_PROXY if body.network.proxy.mode != "none" else {}) | _PLUGIN.get(plugin(body), {})
    wrapped = wrapping(body)
    flannel = plugin(body) == "flannel" and wrapped == "vxlan"
    port = (body.network.flannel or Flannel()).port if flannel else _WRAPPED.get((plugin(body), wrapped))
    if port:
        ports["VXLAN" if wrapped == "vxlan" else "WireGuard"] = (port, port)
    return ports | (_NODE_LOCAL_DNS if node_local_dns(body) else {})


def _conflict(view: View, first: Taker, second: Taker) -> Finding:
    port = max(first.first, second.first)
    shared = sorted(first.pools & second.pools or first.pools or second.pools)
    where = f"on machines of {', '.join(shared)}" if shared else "on every machine"
    return view.finding(
        CONFLICT,
        view.at(*second.steps),
        f"{second.who} takes port {port} {where}, which {first.who} takes too",
        fix=_elsewhere(second),
        related=(view.related(f"{first.who}: {_range(first)}", *first.steps),),
    )


def _too_high(view: View, taker: Taker) -> Finding:
    message = f"{taker.who} takes ports {_range(taker)}; the last port is {HIGHEST}"
    count = taker.last - taker.first + 1
    return view.finding(CONFLICT, view.at(*taker.steps), message, fix=f"start at {HIGHEST - count + 1} at the latest")


def _range(taker: Taker) -> str:
    return str(taker.first) if taker.first == taker.last else f"{taker.first} to {taker.last}"


def _elsewhere(taker: Taker) -> str:
    return "move it; 20000 to 29999 is used by nothing in Kubernetes" if taker.kind == "host" else "choose another port"
