"""Whether the members of each etcd are defragmented one after another, at the times that the spec says."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.calendar import later
from clusterc.check._view import Mistake, View
from clusterc.defaults.control_plane import etcds
from clusterc.diagnostics import Finding
from clusterc.model.cluster import Cluster

TIMES = Mistake("CC2006", "etcd-defragmentation", "etcd, Maintenance: a member answers nobody while it defragments")
SECOND = 10**9


def findings(view: View, cluster: Cluster) -> Iterator[Finding]:
    """Return every schedule that the members after the first cannot follow."""
    plane = cluster.control_plane
    for owner, said in etcds(view.body):
        etcd = plane.events_etcd if owner.endswith("eventsEtcd") else plane.etcd
        if said.defragmentation is None or etcd is None:
            continue
        spacing, schedule, count = said.defragmentation.spacing, said.defragmentation.schedule, len(etcd.members)
        if later(schedule, 0) is None:
            message = f"{schedule!r} has no time of day from which the other members could follow"
            fix = 'write a systemd calendar with one, such as "Sun *-*-* 02:00:00 UTC"'
            yield view.finding(TIMES, view.at(f"{owner}.defragmentation.schedule"), message, fix=fix)
        elif later(schedule, (count - 1) * spacing // SECOND) is None:
            message = f"the last of {count} members would follow on the day after that of {schedule!r}"
            fix = "start earlier, or write a shorter spacing"
            yield view.finding(TIMES, view.at(f"{owner}.defragmentation.schedule"), message, fix=fix)
