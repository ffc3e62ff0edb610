"""Events: how many are written, how many stand, and what a job's start or a failing fleet adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clusterc import formulas
from clusterc.capacity import sources
from clusterc.capacity.formula import CHURN, NODES, Bound, Formula, each, fact, read
from clusterc.capacity.load import origin
from clusterc.capacity.objects import addon_writes
from clusterc.capacity.settings import kubelet, number

if TYPE_CHECKING:
    from clusterc.capacity.load import Load
    from clusterc.model.cluster import Cluster

AREA = "Events"
EVENT_BYTES = 700
# Those of a start, and Killing at the end.
EVENTS_PER_POD = formulas.EVENTS_PER_START + 1
KUBELET_EVENTS_QPS = 50
MOST_EVENTS = 1_000_000
# Freed pages stay in the file until it is defragmented.
FRAGMENTATION = 1.5


def event_writes(load: Load) -> float:
    """Return new Events per second: those of pods that come and go, and those of add-ons."""
    return load.cluster.scale.churn_per_second * EVENTS_PER_POD + addon_writes(load, events=True)


def events_kept(load: Load) -> float:
    """Return the Events that stand."""
    return event_writes(load) * load.cluster.control_plane.api_server.event_ttl_seconds


def largest_gang(load: Load) -> int:
    """Return the pods of the largest job; a pod on every node where no job is declared."""
    return max((load.gang(workload) for workload in load.cluster.workloads), default=load.nodes)


def burst(load: Load) -> float:
    """Return the Events of one start of the largest job."""
    return largest_gang(load) * formulas.EVENTS_PER_START


def events_bytes(load: Load) -> float:
    """Return the size of the database of Events while the largest job starts."""
    return (events_kept(load) + burst(load)) * EVENT_BYTES * FRAGMENTATION


def fleet_ceiling(load: Load) -> float:
    """Return the Events per second that kubelets allow themselves."""
    cluster = load.cluster
    return sum(
        count * number(kubelet(cluster, pool, "eventRecordQPS"), KUBELET_EVENTS_QPS) for pool, count in load.pools()
    )


EVENT = fact("event", EVENT_BYTES, "bytes", f"{sources.MEASURED}: 0.6 kB of a scheduler's; kubelets say more")
KEPT = read("Events kept", "objects", events_kept, "quantity events-kept")
BURST = read("burst", "objects", burst, "quantity events-burst")

QUANTITIES = (
    Formula(
        id="event-writes",
        name="New Events",
        unit="1/s",
        value=event_writes,
        text="churn x events of a pod + of add-ons",
        inputs=(
            CHURN,
            fact("events of a pod", EVENTS_PER_POD, "objects", "kubelet and scheduler: five to start, one to stop"),
            read("of add-ons", "1/s", lambda load: addon_writes(load, events=True), "spec.addons[].writes"),
        ),
        source=sources.OURS,
        confidence="estimate",
    ),
    Formula(
        id="events-kept",
        name="Events that stand",
        unit="objects",
        value=events_kept,
        text="new Events x TTL",
        inputs=(
            read("new Events", "1/s", event_writes, "quantity event-writes"),
            read(
                "TTL",
                "s",
                lambda load: load.cluster.control_plane.api_server.event_ttl_seconds,
                "spec.controlPlane.apiServers.eventTTL",
            ),
        ),
        source=f"{sources.API_SERVER}: --event-ttl",
        confidence="derived",
    ),
    Formula(
        id="events-burst",
        name="Events of one start of the largest job",
        unit="objects",
        value=burst,
        text="largest job x events of a start",
        inputs=(
            read("largest job", "pods", largest_gang, "spec.workloads"),
            fact(
                "events of a start",
                formulas.EVENTS_PER_START,
                "objects",
                "Scheduled, Pulling, Pulled, Created, Started",
            ),
        ),
        source=sources.OURS,
        confidence="estimate",
    ),
    Formula(
        id="events-database",
        name="Database of Events",
        unit="bytes",
        value=events_bytes,
        text="(Events kept + burst) x event x 1.5 for freed pages that stay in the file",
        inputs=(KEPT, BURST, EVENT),
        source=sources.OURS,
        confidence="estimate",
    ),
    Formula(
        id="events-ceiling",
        name="Events that kubelets allow themselves",
        unit="1/s",
        value=fleet_ceiling,
        text="nodes x eventRecordQPS: what a failing fleet may send",
        inputs=(
            NODES,
            each("eventRecordQPS", "1/s", fleet_ceiling, "kubelet.eventRecordQPS"),
        ),
        source=sources.KUBELET,
        confidence="derived",
    ),
)


def quantities(_: Cluster) -> tuple[Formula, ...]:
    """Return what Events take."""
    return QUANTITIES


def limits(cluster: Cluster) -> tuple[Bound, ...]:
    """Return upstream's limit of Events, and the quota of their own etcd where they have one."""
    kept = Bound(
        id="events-objects",
        name="Events that stand while the largest job starts",
        unit="objects",
        demand=lambda load: events_kept(load) + burst(load),
        supply=MOST_EVENTS,
        supplied_by="upstream's tested limits",
        source=f"{sources.THRESHOLDS}: 1,000,000 Events",
        fix="shorten controlPlane.apiServers.eventTTL, or lower scale.churn to what the cluster really has",
        fits_exactly=True,
    )
    own = cluster.control_plane.events_etcd
    if own is None:
        return (kept,)
    quota = Bound(
        id="events-etcd-quota",
        name="Database of the events etcd",
        unit="bytes",
        demand=events_bytes,
        supply=own.quota_bytes,
        supplied_by=origin(cluster, "spec.controlPlane.eventsEtcd.quota"),
        source=sources.ETCD_LIMITS,
        fix="raise controlPlane.eventsEtcd.quota (8Gi at the most), or shorten controlPlane.apiServers.eventTTL",
    )
    return (kept, quota)
