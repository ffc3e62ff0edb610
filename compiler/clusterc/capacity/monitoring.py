"""Prometheus: series, memory, samples and disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clusterc.capacity import sources
from clusterc.capacity.formula import NODES, PODS, Bound, Formula, fact, read
from clusterc.capacity.load import origin
from clusterc.capacity.settings import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clusterc.capacity.load import Load
    from clusterc.model.cluster import Cluster

AREA = "monitoring"
SERIES_BYTES = 4_500
SAMPLE_BYTES = 1.5
REMOTE_WRITE = 1.25
MOST_SERIES = 10_000_000
DAY_SECONDS = 86_400
OWN_SCRAPE_SECONDS = 60
PATH = "spec.monitoring.prometheus"


def series(load: Load) -> float:
    """Return the active series of all shards."""
    prometheus = load.cluster.prometheus
    return load.nodes * prometheus.series_per_node + load.pods * prometheus.series_per_pod


def series_per_shard(load: Load) -> float:
    """Return the active series of one shard."""
    return series(load) / load.cluster.prometheus.shards


def memory(load: Load) -> float:
    """Return the memory of all shards in bytes."""
    return series(load) * SERIES_BYTES * remote(load)


def remote(load: Load) -> float:
    """Return how many times as much memory a shard takes that writes its samples to a store as well."""
    return REMOTE_WRITE if load.cluster.prometheus.remote_store else 1


def memory_per_shard(load: Load) -> float:
    """Return the memory of one shard in bytes."""
    return memory(load) / load.cluster.prometheus.shards


def samples(load: Load) -> float:
    """Return the samples per second of all shards."""
    return series(load) / scrape_seconds(load)


def scrape_seconds(load: Load) -> float:
    """Return the time between two scrapes; Prometheus' own minute where it is 0."""
    return load.cluster.prometheus.scrape_interval_ns / SECOND or OWN_SCRAPE_SECONDS


def disk_per_day(load: Load) -> float:
    """Return the bytes that all shards write to disk in a day."""
    return samples(load) * SAMPLE_BYTES * DAY_SECONDS


def disk(load: Load) -> float:
    """Return the bytes that all shards keep on disk."""
    return samples(load) * SAMPLE_BYTES * load.cluster.prometheus.retention_ns / SECOND


SERIES = read("series", "series", series, "quantity prometheus-series")
SAMPLES = read("samples", "1/s", samples, "quantity prometheus-samples")
SAMPLE = fact("sample", SAMPLE_BYTES, "bytes", "Prometheus' page on storage: 1 to 2 bytes")

QUANTITIES = (
    Formula(
        id="prometheus-series",
        name="Active series",
        unit="series",
        value=series,
        text="nodes x series of a node + pods x series of a pod; 1,500 to 5,000 and 50 to 200 are seen",
        inputs=(
            NODES,
            PODS,
            read(
                "series of a node",
                "series",
                lambda load: load.cluster.prometheus.series_per_node,
                f"{PATH}.seriesPerNode",
            ),
            read(
                "series of a pod", "series", lambda load: load.cluster.prometheus.series_per_pod, f"{PATH}.seriesPerPod"
            ),
        ),
        source=sources.OURS,
        confidence="estimate",
    ),
    Formula(
        id="prometheus-memory",
        name="Memory of Prometheus, all shards",
        unit="bytes",
        value=memory,
        text="series x 4.5 kB x remote store; between 3 kB and 8 kB by other published rules",
        inputs=(SERIES, read("remote store", "times", remote, f"{PATH}.remoteStore")),
        source=f"{sources.PROMETHEUS_RAM}; Prometheus' page on remote write: about 25 % more",
        confidence="estimate",
    ),
    Formula(
        id="prometheus-samples",
        name="Samples",
        unit="1/s",
        value=samples,
        text="series / scrape interval",
        inputs=(
            SERIES,
            read("scrape interval", "s", scrape_seconds, f"{PATH}.scrapeInterval"),
        ),
        source=sources.OURS,
        confidence="derived",
    ),
    Formula(
        id="prometheus-disk-per-day",
        name="Disk of Prometheus in a day, all shards",
        unit="bytes",
        value=disk_per_day,
        text="samples x sample x 86,400 s",
        inputs=(SAMPLES, SAMPLE),
        source="Prometheus' page on storage",
        confidence="estimate",
    ),
    Formula(
        id="prometheus-disk",
        name="Disk of Prometheus, all shards",
        unit="bytes",
        value=disk,
        text="samples x sample x retention",
        inputs=(
            SAMPLES,
            SAMPLE,
            read("retention", "s", lambda load: load.cluster.prometheus.retention_ns / SECOND, f"{PATH}.retention"),
        ),
        source="Prometheus' page on storage",
        confidence="estimate",
    ),
)


def quantities(_: Cluster) -> tuple[Formula, ...]:
    """Return what Prometheus takes."""
    return QUANTITIES


def limits(cluster: Cluster) -> Iterator[Bound]:
    """Return the series of one shard, and its memory where its machine is known."""
    shards = origin(cluster, f"{PATH}.shards")
    yield Bound(
        id="prometheus-series",
        name="Series of one Prometheus shard",
        unit="series",
        demand=series_per_shard,
        supply=MOST_SERIES,
        supplied_by=f"{shards}, at 10 million series each",
        source=f"{sources.OURS}; {sources.OPENAI_2021}: hours to replay the log after a restart",
        fix="raise monitoring.prometheus.shards, or drop metrics when they are scraped",
        fits_exactly=True,
    )
    if cluster.prometheus.machine:
        yield Bound(
            id="prometheus-memory",
            name="Memory of one Prometheus shard",
            unit="bytes",
            demand=memory_per_shard,
            supply=cluster.prometheus.machine.memory_bytes,
            supplied_by=origin(cluster, f"{PATH}.machine.memory"),
            source=sources.PROMETHEUS_RAM,
            fix="raise monitoring.prometheus.shards or the memory of their machine",
        )
