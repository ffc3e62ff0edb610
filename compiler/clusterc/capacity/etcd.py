"""The main etcd: how large its database grows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from clusterc.capacity import sources
from clusterc.capacity.events import FRAGMENTATION, events_bytes
from clusterc.capacity.fairness import REQUESTS_PER_POD
from clusterc.capacity.formula import CHURN, PODS, Bound, Formula, fact, read
from clusterc.capacity.heartbeats import LEASE_BYTES, LEASES, NODE_BYTES, REPORTS, lease_writes, status_writes
from clusterc.capacity.load import Load, is_default, origin
from clusterc.capacity.objects import POD_BYTES, addon_write_bytes, stored
from clusterc.capacity.settings import seconds
from clusterc.model.capacity import Input

if TYPE_CHECKING:
    from clusterc.model.cluster import Cluster

AREA = "etcd"
COMPACTION_SECONDS = 300
BYTES_PER_POD_MEASURED = 36_000
QUOTA, MOST_QUOTA_BYTES = "spec.controlPlane.etcd.quota", 8 * 1024**3
MOST_OBJECTS_OF_A_TYPE = 150_000
MOST_BYTES_OF_A_TYPE = 1_500_000_000


def live_bytes(load: Load) -> float:
    """Return the bytes of all objects but Events."""
    return sum(found.total_bytes for found in stored(load).values())


def write_bytes(load: Load) -> float:
    """Return the bytes written per second, Events aside."""
    pods = load.cluster.scale.churn_per_second * REQUESTS_PER_POD * POD_BYTES
    heartbeats = lease_writes(load) * LEASE_BYTES + status_writes(load) * NODE_BYTES
    return heartbeats + pods + addon_write_bytes(load)


def history_bytes(load: Load) -> float:
    """Return the bytes of the revisions that stand between two compactions."""
    return write_bytes(load) * _compaction_seconds(load)


def _compaction_seconds(load: Load) -> float:
    return seconds(load.cluster.control_plane.api_server.flags.get("etcd-compaction-interval"), COMPACTION_SECONDS)


def bottom_up(load: Load) -> float:
    """Return the size of the database from its parts."""
    return (live_bytes(load) + history_bytes(load)) * FRAGMENTATION


def top_down(load: Load) -> float:
    """Return the size of the database as other clusters measured it."""
    return load.pods * BYTES_PER_POD_MEASURED


def database(load: Load) -> float:
    """Return the larger estimate, with Events where they have no etcd of their own."""
    return max(bottom_up(load), top_down(load)) + events_here(load)


def events_here(load: Load) -> float:
    """Return the bytes of Events in this etcd: none where Events have one of their own."""
    return events_bytes(load) if load.cluster.control_plane.events_etcd is None else 0


def most_objects(load: Load) -> float:
    """Return the objects of the most numerous resource but pods, whose limit is one of its own."""
    return max(found.objects for resource, found in stored(load).items() if resource != "pods")


def most_bytes(load: Load) -> float:
    """Return the bytes of the resource that takes most."""
    return max(found.total_bytes for found in stored(load).values())


LIVE = read("live objects", "bytes", live_bytes, "quantity etcd-live-bytes")
HISTORY = read("history", "bytes", history_bytes, "quantity etcd-history-bytes")
WRITTEN = read("bytes written", "bytes/s", write_bytes, "quantity etcd-write-bytes")

QUANTITIES = (
    Formula(
        id="etcd-write-bytes",
        name="Bytes written to etcd, Events aside",
        unit="bytes/s",
        value=write_bytes,
        text="lease renewals x 0.5 kB + status reports x 20 kB + churn x 3 x 10 kB + of add-ons",
        inputs=(
            LEASES,
            REPORTS,
            CHURN,
            read("of add-ons", "bytes/s", addon_write_bytes, "spec.addons[].writes"),
        ),
        source=f"{sources.HEARTBEATS}; {sources.OBJECT_SIZES}",
        confidence="estimate",
    ),
    Formula(
        id="etcd-history-bytes",
        name="Revisions held between two compactions",
        unit="bytes",
        value=history_bytes,
        text="bytes written x compaction interval",
        inputs=(
            WRITTEN,
            read(
                "compaction interval",
                "s",
                _compaction_seconds,
                "spec.controlPlane.apiServers.flags.etcd-compaction-interval",
            ),
        ),
        source=f"{sources.API_SERVER}: --etcd-compaction-interval 5m",
        confidence="estimate",
    ),
    Formula(
        id="etcd-database-bottom-up",
        name="Database of etcd, from its parts",
        unit="bytes",
        value=bottom_up,
        text="(live objects + history) x 1.5 for freed pages that stay in the file",
        inputs=(LIVE, HISTORY),
        source=sources.OURS,
        confidence="estimate",
    ),
    Formula(
        id="etcd-database-top-down",
        name="Database of etcd, as measured elsewhere",
        unit="bytes",
        value=top_down,
        text="pods x measured; PayPal measured 25 kB a pod, EKS 36 kB",
        inputs=(PODS, fact("measured", BYTES_PER_POD_MEASURED, "bytes", f"{sources.EKS_2025}: 32 GB for 900,000 pods")),
        source=f"{sources.EKS_2025}; {sources.PAYPAL_2022}: 60 % of 8 GiB for 200,000 pods",
        confidence="measured",
    ),
    Formula(
        id="etcd-database",
        name="Database of etcd",
        unit="bytes",
        value=database,
        text="the larger of bottom-up and top-down + Events, where they have no etcd of their own",
        inputs=(
            read("bottom-up", "bytes", bottom_up, "quantity etcd-database-bottom-up"),
            read("top-down", "bytes", top_down, "quantity etcd-database-top-down"),
            read("Events", "bytes", events_here, "quantity events-database"),
        ),
        source=f"{sources.OPENAI_2018}: the default quota of 2 GB was full just past 1,000 nodes",
        confidence="estimate",
    ),
)


def _live(cluster: Cluster) -> Formula:
    """Return the bytes of all objects, an input for each resource with how many of what size they are."""
    resources = tuple(stored(Load.sizes(cluster)[2]))
    return Formula(
        id="etcd-live-bytes",
        name="Objects in etcd, Events aside",
        unit="bytes",
        value=live_bytes,
        text=" + ".join(resources),
        inputs=tuple(partial(_resource, resource) for resource in resources),
        source=f"{sources.HEARTBEATS}; {sources.OBJECT_SIZES}; {sources.EKS_2025}: 10 million objects in 32 GB",
        confidence="estimate",
    )


def _resource(resource: str, load: Load) -> Input:
    found = stored(load)[resource]
    each = found.total_bytes / found.objects if found.objects else 0
    return Input(resource, found.total_bytes, "bytes", f"{found.objects:,.0f} of {each:,.0f} B")


def quantities(cluster: Cluster) -> tuple[Formula, ...]:
    """Return what etcd holds."""
    return (_live(cluster), *QUANTITIES)


def limits(cluster: Cluster) -> tuple[Bound, ...]:
    """Return the quota, and upstream's limits of one type of object."""
    etcd = cluster.control_plane.etcd
    return (
        Bound(
            id="etcd-quota",
            name="Database of etcd",
            unit="bytes",
            demand=database,
            supply=etcd.quota_bytes,
            supplied_by=origin(cluster, QUOTA),
            source=f"{sources.ETCD_LIMITS}: beyond its quota etcd takes only reads and deletes",
            fix="raise controlPlane.etcd.quota (8Gi at the most), give Events their own etcd, or keep fewer objects",
            follows_nodes=is_default(cluster, QUOTA) and etcd.quota_bytes < MOST_QUOTA_BYTES,
        ),
        Bound(
            id="objects-per-type",
            name="Objects of the most numerous type, pods and Events aside",
            unit="objects",
            demand=most_objects,
            supply=MOST_OBJECTS_OF_A_TYPE,
            supplied_by="upstream's tested limits",
            source=f"{sources.THRESHOLDS}: 150,000 objects of a type",
            fix="keep fewer objects, or divide the cluster",
            fits_exactly=True,
        ),
        Bound(
            id="bytes-per-type",
            name="Bytes of the type that takes most, Events aside",
            unit="bytes",
            demand=most_bytes,
            supply=MOST_BYTES_OF_A_TYPE,
            supplied_by="upstream's tested limits",
            source=f"{sources.THRESHOLDS}: 1.5 GB of a type",
            fix="keep objects below 20 kB, keep fewer of them, or divide the cluster",
            fits_exactly=True,
        ),
    )
