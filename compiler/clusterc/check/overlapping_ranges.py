"""Whether every address belongs to one of: machines, pods, services, a peer, the machine itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from itertools import combinations

from clusterc.check._view import Mistake, View
from clusterc.defaults.network import plugin
from clusterc.diagnostics import Finding, Severity, Step

OVERLAP = Mistake("CC1201", "ranges-overlap")
MAY_OVERLAP = Mistake("CC1201", "ranges-overlap", severity=Severity.WARNING)
RESERVED = Mistake("CC1201", "ranges-overlap", "IANA special-purpose address registries")
DOCKER = Mistake("CC1201", "ranges-overlap", "Docker, default bridge network", Severity.WARNING)

Network = IPv4Network | IPv6Network

_RESERVED = tuple(
    (ip_network(text), what)
    for text, what in (
        ("0.0.0.0/8", "this machine"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local, where NodeLocal DNS and cloud metadata live"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("::/8", "loopback and reserved"),
        ("fe80::/10", "link-local"),
        ("ff00::/8", "multicast"),
    )
)
_PRIVATE = {4: "10.64.0.0/12", 6: "fd00:10:64::/48"}
_DOCKER = ip_network("172.17.0.0/16")
# With these plugins pods may take addresses of the subnet that the machines are in.
_SHARES_SUBNET = frozenset({"aws-vpc", "azure-vnet"})


@dataclass(frozen=True, slots=True)
class Range:
    """A range, whose it is, and where the spec says so."""

    of: str
    network: Network
    steps: tuple[Step, ...]


def findings(view: View) -> Iterator[Finding]:
    """Return every range that shares addresses with another, or with what no cluster can use."""
    own, peers = list(_own(view)), list(_peers(view))
    for one in own:
        yield from _special(view, one)
    pairs = (*combinations(own, 2), *((one, peer) for one in own for peer in peers))
    for first, second in pairs:
        if _overlaps(first.network, second.network):
            yield _overlap(view, first, second)


def _own(view: View) -> Iterator[Range]:
    network = view.body.network
    yield Range("machines", network.node_cidr, ("spec.network.nodeCIDR",))
    yield Range("pods", network.pod_cidr, ("spec.network.podCIDR",))
    yield Range("services", network.service_cidr, ("spec.network.serviceCIDR",))
    if dual := network.dual_stack:
        yield Range("pods", dual.pod_cidr, ("spec.network.dualStack.podCIDR",))
        yield Range("services", dual.service_cidr, ("spec.network.dualStack.serviceCIDR",))


def _peers(view: View) -> Iterator[Range]:
    for i, peer in enumerate(view.body.network.peers):
        for j, cidr in enumerate(peer.cidrs):
            yield Range(f"peer {peer.name}", cidr, ("spec.network.peers", i, "cidrs", j))


def _overlap(view: View, first: Range, second: Range) -> Finding:
    shared = max((first.network, second.network), key=lambda network: network.prefixlen)
    same_subnet = {first.of, second.of} == {"machines", "pods"} and plugin(view.body) in _SHARES_SUBNET
    message = f"{second.network} ({second.of}) overlaps {first.network} ({first.of})"
    fix = "choose ranges that share no address; none of them can be changed once the cluster runs"
    if same_subnet:
        fix = "give pods a range of their own, or waive this where machines and pods share one subnet on purpose"
    return view.finding(
        MAY_OVERLAP if same_subnet else OVERLAP,
        view.at(*second.steps),
        message,
        fix=fix,
        numbers=f"{shared.num_addresses:,} addresses, {shared[0]} to {shared[-1]}, are in both",
        related=(view.related(f"the {first.of}' range", *first.steps),),
    )


def _overlaps(one: Network, other: Network) -> bool:
    return one.version == other.version and one.overlaps(other)


def _special(view: View, one: Range) -> Iterator[Finding]:
    taken = next(((net, what) for net, what in _RESERVED if _overlaps(net, one.network)), None)
    if taken:
        yield view.finding(
            RESERVED,
            view.at(*one.steps),
            f"{one.network} ({one.of}) overlaps {taken[0]} ({taken[1]})",
            fix=f"choose a private range, such as {_PRIVATE[one.network.version]}",
        )
    elif _overlaps(_DOCKER, one.network):
        yield view.finding(
            DOCKER,
            view.at(*one.steps),
            f"{one.network} ({one.of}) overlaps {_DOCKER}, which Docker gives its bridge on every machine it runs on",
            fix="choose another range, or make sure that no machine runs Docker",
        )
