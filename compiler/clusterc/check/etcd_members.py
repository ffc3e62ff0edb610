"""Whether the members of each etcd can lose one and still decide, and whether counts and host lists agree."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.check._view import Mistake, View
from clusterc.defaults.control_plane import etcds, placement
from clusterc.diagnostics import Finding, Path, Severity

_FAQ = "etcd, Frequently Asked Questions: cluster size"
BAD_COUNT = Mistake("CC2001", "etcd-member-count", _FAQ)
SINGLE = Mistake("CC2001", "etcd-member-count", _FAQ, Severity.WARNING)
DISAGREE = Mistake("CC2002", "hosts-and-count")
MOST = 7


def findings(view: View) -> Iterator[Finding]:
    """Return member counts that help nobody, and counts that contradict their list of hosts."""
    for owner, etcd in etcds(view.body):
        yield from _agree(view, owner, "members", etcd.members, etcd.hosts)
        count = etcd.members or len(etcd.hosts) or None
        field = "members" if etcd.members else "hosts"
        yield from _count(view, view.at(f"{owner}.{field}"), count, "members")
    servers = view.body.control_plane.api_servers
    yield from _agree(view, "spec.controlPlane.apiServers", "count", servers.count, servers.hosts)
    if placement(view.body) == "stacked":
        yield from _stacked(view)


def _count(view: View, path: Path, count: int | None, what: str) -> Iterator[Finding]:
    if count is None:
        return
    if count > MOST:
        message = f"{count} {what} of etcd are more than {MOST}; every write waits for a majority of them"
        yield view.finding(BAD_COUNT, path, message, fix="write 5, which survives the loss of two")
    elif count % 2 == 0:
        lost = (count - 1) // 2
        message = f"{count} {what} of etcd survive the loss of {lost}, no more than {count - 1} do"
        numbers = f"majority of {count} is {count // 2 + 1}, so {count} - {count // 2 + 1} = {lost} may fail"
        yield view.finding(BAD_COUNT, path, message, fix=f"write {count - 1} or {count + 1}", numbers=numbers)
    elif count == 1 and view.body.preset != "lab":
        message = f"one member of etcd: the cluster is lost with its machine (preset {view.body.preset})"
        yield view.finding(SINGLE, path, message, fix="write 3, which survives the loss of one")


def _agree(view: View, owner: str, field: str, count: int | None, hosts: tuple[str, ...]) -> Iterator[Finding]:
    if count is None or not hosts or count == len(hosts) or not view.complete(f"{owner}.hosts"):
        return
    helps = field != "members" or len(hosts) % 2
    yield view.finding(
        DISAGREE,
        view.at(f"{owner}.{field}"),
        f"{field} is {count}, but {owner}.hosts has {len(hosts)}",
        fix=f"write {field}: {len(hosts)}, or leave it out: the hosts say it" if helps else f"name {count} hosts",
        related=(view.related(f"{len(hosts)} hosts", f"{owner}.hosts"),),
    )


def _stacked(view: View) -> Iterator[Finding]:
    plane, owner = view.body.control_plane, "spec.controlPlane"
    servers = plane.api_servers.count or len(plane.api_servers.hosts) or None
    members = plane.etcd.members or len(plane.etcd.hosts) or None
    servers_at = f"{owner}.apiServers.{'count' if plane.api_servers.count else 'hosts'}"
    if members is None:
        yield from _count(view, view.at(servers_at), servers, "API servers, each with a member")
    elif servers is not None and servers != members:
        yield view.finding(
            DISAGREE,
            view.at(f"{owner}.etcd.{'members' if plane.etcd.members else 'hosts'}"),
            f"{members} members of etcd cannot stand beside {servers} API servers: stacked, each has one",
            fix=f"write members: {servers}, or placement: dedicated",
            related=(view.related(f"{servers} API servers", servers_at),),
        )
