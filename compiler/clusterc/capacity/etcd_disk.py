"""The disk of the main etcd: how often it must confirm a write, and how often it can."""

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
    from clusterc.capacity.load import Load
    from clusterc.model.cluster import Cluster
    from clusterc.model.control_plane import Etcd

AREA = "etcd disk"
# OpenAI 2018: 2 ms on network SSD, 200 us on a local one; etcd's own bound for a disk is 10 ms.
LATENCY_SECONDS = {"local-nvme": 0.0002, "local-ssd": 0.0002, "network-ssd": 0.002, "network-disk": 0.010}


def writes(load: Load) -> float:
    """Return the writes per second, with Events where they have no etcd of their own."""
    pods = load.cluster.scale.churn_per_second * REQUESTS_PER_POD
    return lease_writes(load) + status_writes(load) + pods + addon_writes(load, events=False) + events_here(load)


def events_here(load: Load) -> float:
    """Return the new Events per second that this etcd takes: none where Events have one of their own."""
    return event_writes(load) if load.cluster.control_plane.events_etcd is None else 0


def serial_writes(etcd: Etcd) -> float:
    """Return the writes per second of a disk that confirms one after another."""
    if etcd.write_latency_ns:
        return SECOND / etcd.write_latency_ns
    return 1 / LATENCY_SECONDS.get(etcd.disk_class, LATENCY_SECONDS["network-disk"])


def _latency_path(etcd: Etcd) -> str:
    return "spec.controlPlane.etcd.disk." + ("writeLatency" if etcd.write_latency_ns else "class")


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
        text="1 / write latency, without the batches that many clients at once allow",
        inputs=(read("write latency", "s", lambda _: 1 / serial_writes(etcd), _latency_path(etcd)),),
        source=f"{sources.OPENAI_2018}: 2 ms on network SSD, 200 us on a local one",
        confidence="measured",
    )


def limits(cluster: Cluster) -> tuple[Bound, ...]:
    """Return the writes that etcd's disk confirms one after another."""
    etcd = cluster.control_plane.etcd
    return (
        Bound(
            id="etcd-writes",
            name="Writes of etcd, one after another",
            unit="1/s",
            demand=writes,
            supply=serial_writes(etcd),
            supplied_by=origin(cluster, _latency_path(etcd)),
            source=f"{sources.OPENAI_2018}; {sources.ETCD_FAQ}: fsync p99 below 10 ms",
            fix="put etcd on a local NVMe disk (controlPlane.etcd.disk), and Events on an etcd of their own",
        ),
    )
