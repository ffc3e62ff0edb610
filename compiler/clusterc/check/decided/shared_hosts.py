"""Whether API servers and each etcd have machines of their own: a machine holds files and ports of one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from clusterc.check._view import Mistake, View
from clusterc.diagnostics import Finding, Step
from clusterc.model.cluster import Cluster

SHARED = Mistake("CC2007", "shared-host")

_TWO_ETCDS = "two members have one etcd.service, one /etc/etcd/etcd.yaml and ports 2379 to 2381"
_API_SERVER = "the files of one below /etc replace those of the other"
_STACKED = "kubeadm's own member stands there, on ports 2379 to 2381"


@dataclass(frozen=True, slots=True)
class Owner:
    """What stands on machines: how messages call it, its path, its machines in order, and whether the spec names them.

    `stacked` says that a member of the main etcd stands there too.
    """

    name: str
    path: str
    hosts: tuple[str, ...]
    said: bool
    stacked: bool = False

    def steps(self, host: str) -> tuple[Step, ...]:
        """Return where a machine stands in the spec, or what decided its name."""
        return (f"{self.path}.hosts", self.hosts.index(host)) if self.said else (self.path,)


def findings(view: View, cluster: Cluster) -> Iterator[Finding]:
    """Return what shares machines with something before it."""
    for first, second in combinations(_owners(view, cluster), 2):
        if shared := [host for host in second.hosts if host in first.hosts]:
            yield _finding(view, first, second, shared)


def _owners(view: View, cluster: Cluster) -> Iterator[Owner]:
    plane, said = cluster.control_plane, view.body.control_plane
    path = "spec.controlPlane"
    servers = said.api_servers.hosts
    yield Owner("API servers", f"{path}.apiServers", plane.api_server.hosts, bool(servers), plane.etcd.stacked)
    if not plane.etcd.stacked:
        hosts = tuple(member.host for member in plane.etcd.members)
        yield Owner("etcd", f"{path}.etcd", hosts, bool(said.etcd.hosts))
    if plane.events_etcd:
        hosts = tuple(member.host for member in plane.events_etcd.members)
        named = bool(said.events_etcd and said.events_etcd.hosts)
        yield Owner("the Events' etcd", f"{path}.eventsEtcd", hosts, named)


def _finding(view: View, first: Owner, second: Owner, shared: list[str]) -> Finding:
    machines = f"{', '.join(shared)} {'are machines' if len(shared) > 1 else 'is a machine'}"
    api = first.path.endswith("apiServers")
    why = _STACKED if first.stacked else _API_SERVER if api else _TWO_ETCDS
    stack = ", or write placement: stacked" if api and not first.stacked and second.path.endswith(".etcd") else ""
    owner = second if second.said or not first.said else first
    other = first if owner is second else second
    return view.finding(
        SHARED,
        view.at(*owner.steps(shared[0])),
        f"{machines} of {first.name} and of {second.name}: {why}",
        fix=f"give {second.name} machines of its own{stack}",
        related=(view.related(f"{other.name}: {shared[0]}", *other.steps(shared[0])),),
    )
