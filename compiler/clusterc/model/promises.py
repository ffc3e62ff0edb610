"""What is promised beyond machines: priorities, namespaces, workloads, add-ons, scale, monitoring, autoscaling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clusterc.model.pools import Machine


@dataclass(frozen=True, slots=True)
class PriorityClass:
    """One rung of the ladder of priorities."""

    name: str
    value: int
    preempts: bool
    default: bool
    description: str


@dataclass(frozen=True, slots=True)
class Namespace:
    """A namespace that the cluster's own objects need."""

    name: str
    labels: Mapping[str, str]
    owner: str


@dataclass(frozen=True, slots=True)
class Workload:
    """A reference job."""

    name: str
    team: str | None
    pool: str | None
    pods: int
    instances: int
    gang: bool
    start_target_ns: int | None
    image_bytes: int | None
    gpus_per_pod: int | None


@dataclass(frozen=True, slots=True)
class ApiAccess:
    """One kind of request of every pod of an add-on. `interval_ns` is None for watches, `encoding` json or protobuf."""

    verb: str
    resource: str
    scope: str
    interval_ns: int | None
    from_cache: bool
    encoding: str = "protobuf"


@dataclass(frozen=True, slots=True)
class Write:
    """Objects of an add-on: one for each `per` (node, pod, namespace, cluster)."""

    kind: str
    per: str
    size_bytes: int
    interval_ns: int | None
    ttl_ns: int | None


@dataclass(frozen=True, slots=True)
class Addon:
    """What else runs; `pools` is empty where it runs in all."""

    name: str
    kind: str
    namespace: str
    pools: tuple[str, ...]
    replicas: int
    api_access: tuple[ApiAccess, ...]
    writes: tuple[Write, ...]


@dataclass(frozen=True, slots=True)
class Declared:
    """What the spec says is there and no file of the tree brings.

    `balloon_pools` and `preflight_pools` are pools by name; `accounting` holds the ranges that count as internal where
    traffic is counted; `members` and `limits` say whether a team has any.
    """

    balloon_pools: tuple[str, ...] = ()
    preflight_pools: tuple[str, ...] = ()
    accounting: tuple[str, ...] = ()
    members: bool = False
    limits: bool = False
    prometheus: bool = False
    receivers: tuple[str, ...] = ()
    webhooks: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    gitops: str | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """Promises beyond the pools."""

    services: int
    endpoints_per_service: int
    config_maps: int
    secrets: int
    custom_objects: int
    custom_object_bytes: int
    namespaces: int
    containers_per_pod: int
    churn_per_second: int
    node_changes_per_minute: int


@dataclass(frozen=True, slots=True)
class Prometheus:
    """Prometheus; `machine` is None where the spec names none."""

    machine: Machine | None
    shards: int
    scrape_interval_ns: int
    retention_ns: int
    remote_store: bool
    series_per_node: int
    series_per_pod: int


@dataclass(frozen=True, slots=True)
class Autoscaler:
    """Who adds and removes machines."""

    kind: str
    join_batch: int
    join_pause_ns: int
    max_terminate_fraction: float
