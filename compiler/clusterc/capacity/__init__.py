"""Cluster to Capacity: every derived number with its formula, and at which size each thing gives out.

Each area is one module with `AREA`, `quantities(cluster)` and `limits(cluster)`; the report has them in this order.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from clusterc.capacity import (
    addons,
    addresses,
    api_server,
    audit,
    dns,
    etcd,
    etcd_disk,
    events,
    fairness,
    fan_out,
    heartbeats,
    images,
    jobs,
    monitoring,
    network,
    nodes,
    provider_network,
    scheduling,
)
from clusterc.capacity.breaking import breaks_at
from clusterc.capacity.load import Load
from clusterc.model.capacity import Capacity

if TYPE_CHECKING:
    from clusterc.capacity.formula import Area
    from clusterc.model.capacity import Limit
    from clusterc.model.cluster import Cluster

AREAS: tuple[Area, ...] = (
    nodes,
    api_server,
    audit,
    heartbeats,
    fairness,
    addons,
    fan_out,
    etcd,
    etcd_disk,
    events,
    addresses,
    provider_network,
    network,
    scheduling,
    jobs,
    images,
    dns,
    monitoring,
)


def reckon(cluster: Cluster) -> Capacity:
    """Return what a cluster needs at its least, desired and largest size, and when each of its limits is reached."""
    loads = Load.sizes(cluster)
    at = cache(partial(Load.of, cluster))
    limits = (bound.limit(loads, breaks_at(bound, at)) for area in AREAS for bound in area.limits(cluster))
    return Capacity(
        nodes=(loads[0].nodes, loads[1].nodes, loads[2].nodes),
        quantities=tuple(formula.quantity(area.AREA, loads) for area in AREAS for formula in area.quantities(cluster)),
        limits=tuple(sorted(limits, key=_when)),
    )


def _when(limit: Limit) -> float:
    return float("inf") if limit.breaks_at is None else limit.breaks_at
