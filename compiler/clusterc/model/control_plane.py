"""API servers, etcd, controllers and scheduler, decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clusterc.model.document import Tree
from clusterc.model.pools import Host, Machine

DEFAULT_PROFILE = "default-scheduler"
# The profile that packs by GPUs, where there are any.
GPU_PROFILE = "gpu"


@dataclass(frozen=True, slots=True)
class EtcdMember:
    """One member: its name inside the cluster and the host it runs on (name or address)."""

    name: str
    host: str


@dataclass(frozen=True, slots=True)
class Etcd:
    """One etcd cluster; `settings` are the keys all members share.

    A stacked one runs as kubeadm's static pods, with the image of `image_tag` where the spec asks for a release.
    """

    name: str
    version: str
    stacked: bool
    members: tuple[EtcdMember, ...]
    machine: Machine
    disk_class: str
    write_latency_ns: int | None
    quota_bytes: int
    settings: Tree
    defragment_calendars: Mapping[str, str]
    backup_interval_ns: int
    backup_keep: int
    backup_directory: str
    sysctls: Mapping[str, str]
    image_tag: str | None = None

    @property
    def client_urls(self) -> tuple[str, ...]:
        """Return the URLs that clients use."""
        return tuple(f"https://{member.host}:2379" for member in self.members)


@dataclass(frozen=True, slots=True)
class ApiServer:
    """The API servers; `flags` are given to kube-apiserver as they stand, without dashes."""

    hosts: tuple[str, ...]
    machine: Machine
    endpoint: str
    load_balancer: str
    flags: Mapping[str, str]
    inflight_read: int
    inflight_mutating: int
    audit_level: str
    event_ttl_seconds: int
    encryption_file: str | None


@dataclass(frozen=True, slots=True)
class PriorityLevel:
    """A level of API Priority and Fairness of our own, and who is sent to it.

    `settings` are the level's and its flow schema's fields, by the API's names; `subjects` are flow-schema subjects as
    the API writes them; `owner` is the part of the spec that they come from.
    """

    name: str
    settings: Tree
    subjects: tuple[Tree, ...]
    owner: str

    @property
    def shares(self) -> int:
        """Return its part of the seats."""
        return int(str(self.settings["nominalConcurrencyShares"]))

    @property
    def precedence(self) -> int:
        """Return when its flow schema is looked at: the lowest that matches a request takes it."""
        return int(str(self.settings["matchingPrecedence"]))


@dataclass(frozen=True, slots=True)
class ControlPlane:
    """API servers, etcd, controllers, scheduler.

    `host` is what the API servers' machines are told; `event_limits` are those of the EventRateLimit plugin.
    """

    placement: str
    host: Host
    api_server: ApiServer
    etcd: Etcd
    events_etcd: Etcd | None
    controller_manager_flags: Mapping[str, str]
    controller_manager_qps: int
    controller_manager_burst: int
    node_eviction_rate: float
    scheduler: Tree
    scheduler_flags: Mapping[str, str]
    scheduler_qps: float
    nodes_to_score_percent: int
    priority_levels: tuple[PriorityLevel, ...]
    event_limits: tuple[Tree, ...]
    certificate_validity: str
    ca_validity: str

    @property
    def scheduler_profiles(self) -> tuple[str, ...]:
        """Return the names that pods ask for."""
        profiles = self.scheduler["profiles"]
        named = profiles if isinstance(profiles, list) else []
        return tuple(str(profile["schedulerName"]) for profile in named if isinstance(profile, dict))
