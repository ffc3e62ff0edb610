"""Numbers out of a component's own settings, which a spec may have passed on in any form."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from clusterc.quantity import NANOSECONDS, QuantityError, parse_duration

if TYPE_CHECKING:
    from clusterc.model.cluster import Cluster
    from clusterc.model.pools import Pool

SECOND = NANOSECONDS["s"]


def number(value: object, default: float) -> float:
    """Return a positive number; `default` for anything else, which is for a rule to refuse."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
        return default
    return value


def seconds(value: object, default: float) -> float:
    """Return a duration such as 5m0s in seconds; `default` for anything else, which is for a rule to refuse."""
    return (_seconds(value) if isinstance(value, str) else 0) or default


# Bounds are tried at hundreds of sizes, each with the same few texts.
@cache
def _seconds(text: str) -> float:
    try:
        return parse_duration(text) / SECOND
    except QuantityError:
        return 0


def kubelet(cluster: Cluster, pool: Pool, field: str) -> object:
    """Return a field of a pool's kubelets: the pool's own, or the cluster's; None where neither says it."""
    return pool.kubelet.get(field, cluster.kubelet.get(field))
