"""The control plane: where etcd stands, its timers, and how often it is compacted."""

from __future__ import annotations

from clusterc.defaults.presets import preset
from clusterc.spec.cluster import Body
from clusterc.spec.control_plane import Etcd

MS = 1_000_000
# kube-apiserver's own default.
COMPACTION_NS = 300 * 1000 * MS
# etcd's own defaults.
HEARTBEAT_NS = 100 * MS
ELECTION_NS = 1000 * MS


def placement(body: Body) -> str:
    """Return whether etcd has machines of its own (`dedicated`) or stands beside the API servers (`stacked`)."""
    return body.control_plane.placement or preset(body, "spec.controlPlane.placement") or "dedicated"


def etcds(body: Body) -> tuple[tuple[str, Etcd], ...]:
    """Return each etcd that the spec describes, with its path."""
    plane = body.control_plane
    events = (("spec.controlPlane.eventsEtcd", plane.events_etcd),) if plane.events_etcd else ()
    return (("spec.controlPlane.etcd", plane.etcd), *events)


def heartbeat_ns(etcd: Etcd) -> int:
    """Return the time between two heartbeats: etcd's own, or the longest way between two members in whole ms."""
    return etcd.timers.heartbeat or max(HEARTBEAT_NS, (etcd.timers.round_trip or 0) // MS * MS)


def election_ns(etcd: Etcd) -> int:
    """Return the silence after which a leader is elected: ten heartbeats, one second at least."""
    return etcd.timers.election or max(10 * heartbeat_ns(etcd), ELECTION_NS)


def compaction_ns(etcd: Etcd) -> int:
    """Return the time between two compactions."""
    return etcd.compaction.interval if etcd.compaction else COMPACTION_NS
