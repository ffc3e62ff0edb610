"""The disk of each etcd: how often it must confirm a write, and how often it can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clusterc.capacity import sources
from clusterc.capacity.events import event_writes
from clusterc.capacity.fairness import REQUESTS_PER_POD
from clusterc.capacity.formula import CHURN, Bound, Formula, read
from clusterc.capacity.heartbeats import LEASES, REPORTS, lease_writes, status_writes
from clusterc.capacity.load import origin
from clusterc.capacity.objects import addon_writes
from clusterc.capacity.settings import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clusterc.capacity.formula import Amount
    from clusterc.capacity.load import Load
    from clusterc.model.cluster import Cluster
    from clusterc.model.control_plane import Etcd

AREA = "etcd disk"
# OpenAI 2018: 2 ms on network SSD, 200 us on a local one; etcd's own bound for a disk is 10 ms.
SIDE_BY_SIDE = 10
LATENCY_SECONDS = {"local-nvme": 0.0002, "local-ssd": 0.0002, "network-ssd": 0.002, "network-disk": 0.010}


def writes(load: Load) -> float:
    """Return the writes per second, with Events where they have no etcd of their own."""
    pods = load.cluster.scale.churn_per_second * REQUESTS_PER_POD
    return lease_writes(load) + status_writes(load) + pods + addon_writes(load, events=False) + events_here(load)


def events_here(load: Load) -> float:
    """Return the new Events per second that this etcd takes: none where Events have one of their own."""
    return event_writes(load) if load.cluster.control_plane.events_etcd is None else 0


def serial_writes(etcd: Etcd) -> float:
    """Return the writes per second of a disk that confirms one after another, as measured, else as sold."""
    if etcd.write_latency_ns:
        return SECOND / etcd.write_latency_ns
    return min(_of_class(etcd), etcd.disk_iops / SIDE_BY_SIDE) if etcd.disk_iops else _of_class(etcd)


def _of_class(etcd: Etcd) -> float:
    return 1 / LATENCY_SECONDS.get(etcd.disk_class, LATENCY_SECONDS["network-disk"])


def _latency_path(etcd: Etcd) -> str:
    sold = etcd.disk_iops is not None and etcd.disk_iops / SIDE_BY_SIDE < _of_class(etcd)
    name = "writeLatency" if etcd.write_latency_ns else "iops" if sold else "class"
    return f"spec.controlPlane.{'eventsEtcd' if etcd.name == 'events' else 'etcd'}.disk.{name}"


WRITES = Formula(
    id="etcd-writes",
    name="Writes of etcd",
    unit="1/s",
    value=writes,
    text="lease renewals + status reports + churn x 3 + of add-ons + Events, where they have no other etcd",
    inputs=(
        LEASES,
        REPORTS,
        CHURN,
        read("of add-ons", "1/s", lambda load: addon_writes(load, events=False), "spec.addons[].writes"),
        read("Events", "1/s", events_here, "quantity event-writes"),
    ),
    source=f"{sources.ETCD_PERFORMANCE}: 44,341/s from 1,000 clients at once, 583/s from one",
    confidence="derived",
)


def quantities(cluster: Cluster) -> tuple[Formula, ...]:
    """Return what etcd's disk is asked and what it gives."""
    return (WRITES, _serial(cluster.control_plane.etcd))


def _serial(etcd: Etcd) -> Formula:
    return Formula(
        id="etcd-serial-writes",
        name="Writes of etcd's disk, one after another",
        unit="1/s",
        value=lambda _: serial_writes(etcd),
        text="1 / write latency, without the batches that many clients at once allow; where it is not measured, "
        "that of its class, or ten operations of those that it is sold with",
        inputs=(read("write latency", "s", lambda _: 1 / serial_writes(etcd), _latency_path(etcd)),),
        source=f"{sources.OPENAI_2018}: 2 ms on network SSD, 200 us on a local one; {sources.ETCD_HARDWARE}: "
        "operations side by side may be ten times those one after another",
        confidence="measured",
    )


def limits(cluster: Cluster) -> Iterator[Bound]:
    """Return the writes that the disk of each etcd confirms one after another."""
    nvme = "on a local NVMe disk"
    yield _bound(
        cluster, cluster.control_plane.etcd, writes, f"put etcd {nvme} (controlPlane.etcd.disk), and Events apart"
    )
    if cluster.control_plane.events_etcd:
        fix = f"put it {nvme} (controlPlane.eventsEtcd.disk)"
        yield _bound(cluster, cluster.control_plane.events_etcd, event_writes, fix)


def _bound(cluster: Cluster, etcd: Etcd, demand: Amount, fix: str) -> Bound:
    own = etcd.name == "events"
    return Bound(
        id="events-etcd-writes" if own else "etcd-writes",
        name=f"Writes of {'the events etcd' if own else 'etcd'}, one after another",
        unit="1/s",
        demand=demand,
        supply=serial_writes(etcd),
        supplied_by=origin(cluster, _latency_path(etcd)),
        source=f"{sources.OPENAI_2018}; {sources.ETCD_FAQ}: fsync p99 below 10 ms",
        fix=fix,
    )
