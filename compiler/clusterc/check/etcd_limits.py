"""Whether etcd's database fits its machine, and its timers fit each other and the network."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc import quantity
from clusterc.check._view import Mistake, View
from clusterc.defaults.control_plane import election_ns, etcds, heartbeat_ns
from clusterc.diagnostics import Finding, Severity
from clusterc.spec.control_plane import Etcd

QUOTA = Mistake("CC2003", "etcd-quota", "etcd, Frequently Asked Questions: memory at least of the quota's size")
LARGE_QUOTA = Mistake("CC2003", "etcd-quota", "etcd, System limits: 8 GiB at the most is suggested", Severity.WARNING)
TIMERS = Mistake("CC2004", "etcd-timers", "etcd, Tuning; embed.Config.Validate")

SUGGESTED_BYTES = 8 * 1024**3
MS = 1_000_000
LONGEST_ELECTION = 50_000 * MS


def findings(view: View) -> Iterator[Finding]:
    """Return what one etcd cannot hold or keep up with."""
    for owner, etcd in etcds(view.body):
        yield from _quota(view, owner, etcd)
        yield from _election(view, owner, etcd)
        yield from _round_trip(view, owner, etcd)


def _quota(view: View, owner: str, etcd: Etcd) -> Iterator[Finding]:
    if etcd.quota is None:
        return
    quota, memory = quantity.format_bytes(etcd.quota), etcd.machine.memory if etcd.machine else None
    if memory is not None and etcd.quota > memory:
        yield view.finding(
            QUOTA,
            view.at(f"{owner}.quota"),
            f"a database of {quota} does not fit the {quantity.format_bytes(memory)} of a member's machine",
            fix=f"write memory: {quantity.format_bytes(2 * etcd.quota)} or more, or a smaller quota",
            related=(view.related("the machine's memory", f"{owner}.machine.memory"),),
        )
    elif etcd.quota > SUGGESTED_BYTES:
        message = f"a quota of {quota} is more than the 8Gi that etcd suggests"
        fix = "write 8Gi, and keep Events apart: eventsEtcd: {members: 3}"
        yield view.finding(LARGE_QUOTA, view.at(f"{owner}.quota"), message, fix=fix)


def _election(view: View, owner: str, etcd: Etcd) -> Iterator[Finding]:
    heartbeat, election = heartbeat_ns(etcd), election_ns(etcd)
    at = f"{owner}.timers.{'election' if etcd.timers.election else 'heartbeat'}"
    shown, beat = quantity.format_duration(election), quantity.format_duration(heartbeat)
    if election > LONGEST_ELECTION:
        message = f"an election time-out of {shown} is longer than the 50s that etcd takes"
        fix = "write election: 50s or less, and a heartbeat of a tenth of it"
    elif election < 5 * heartbeat:
        message = f"an election time-out of {shown} is less than five heartbeats of {beat}"
        fix = f"write election: {quantity.format_duration(10 * heartbeat)}, or a shorter heartbeat"
    else:
        return
    related = (view.related(f"heartbeat {beat}", f"{owner}.timers.heartbeat"),) if etcd.timers.heartbeat else ()
    yield view.finding(TIMERS, view.at(at), message, fix=fix, related=related)


def _round_trip(view: View, owner: str, etcd: Etcd) -> Iterator[Finding]:
    said = etcd.timers
    if not said.round_trip:
        return
    trip, related = quantity.format_duration(said.round_trip), (view.related("the way", f"{owner}.timers.roundTrip"),)
    wanted = (
        ("heartbeat", said.heartbeat, -(-said.round_trip // (2 * MS)) * MS, "half a round trip"),
        ("election", said.election, 10 * said.round_trip, "ten round trips"),
    )
    for name, given, least, what in wanted:
        if given and given < least:
            message = f"{name} is {quantity.format_duration(given)}, less than {what} of {trip} between two members"
            fix = f"write {name}: {quantity.format_duration(least)} or more, or leave it out"
            yield view.finding(TIMERS, view.at(f"{owner}.timers.{name}"), message, fix=fix, related=related)
