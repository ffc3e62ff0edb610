"""What a run saw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from clusterc.capacity.load import Load
from clusterc.capacity.objects import Stored
from clusterc.model.cluster import Cluster


@dataclass(frozen=True, slots=True)
class Stage:
    """What was seen at one size; `pods` are those created for it, rates are of what was added, bytes include keys."""

    load: Load
    machines_per_second: float
    pods: int
    pods_per_second: float
    latency_seconds: tuple[float, float, float]
    scored: int
    stored: Mapping[str, Stored]
    events: Stored
    database_bytes: int
    heap_before_pods: int
    heap_bytes: int
    peak_bytes: Mapping[str, int]


class Place(NamedTuple):
    """Where a pod is, and the pool that it is for."""

    pod: str
    pool: str | None
    node: str | None


@dataclass(frozen=True, slots=True)
class Measured:
    """What the whole run saw: sizes, packing by profile, watches, the audit log, and where every pod is."""

    cluster: Cluster
    stages: tuple[Stage, ...]
    packed: Mapping[str, int]
    watches: int
    watch_bytes: float
    audit_line_bytes: float
    audit_lines_per_pod: float
    places: tuple[Place, ...]
    pool_of: Mapping[str, str]
