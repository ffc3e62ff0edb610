"""API servers, etcd, controllers and scheduler, decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clusterc.kubernetes import flag_text
from clusterc.model.document import Tree
from clusterc.model.pools import Host, Machine

# The scheduler profile that is always there, and the one that is where a pool has GPUs.
DEFAULT_PROFILE, GPU_PROFILE = "default-scheduler", "gpu"


def authority(host: str, port: int | str) -> str:
    """Return host and port as a URL has them: an IPv6 address stands in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


@dataclass(frozen=True, slots=True)
class EtcdMember:
    """One member: its name inside the cluster and the host it runs on (name or address)."""

    name: str
    host: str

    @property
    def client_url(self) -> str:
        """Return the URL that clients use."""
        return f"https://{authority(self.host, 2379)}"

    @property
    def peer_url(self) -> str:
        """Return the URL that other members use."""
        return f"https://{authority(self.host, 2380)}"


@dataclass(frozen=True, slots=True)
class Etcd:
    """One etcd cluster; `settings` are the keys all members share.

    A stacked one runs as kubeadm's static pods, with the image of `image_tag` where the spec asks for a release.
    `disk_iops` are the operations per second that a disk is sold with, where the spec says them.
    A member looks every `backup_tick_seconds`, by `backup_calendar`, whether a snapshot is its turn.
    `units` hold what is a choice in its systemd units: `etcd.service`, and what all one-shots and all timers share.
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
    backup_calendar: str
    backup_tick_seconds: int
    backup_keep: int
    backup_directory: str
    units: Mapping[str, Tree]
    sysctls: Mapping[str, str]
    image_tag: str | None = None
    disk_iops: int | None = None

    @property
    def flags(self) -> Mapping[str, str]:
        """Return the settings as flags."""
        return {name: flag_text(value) for name, value in self.settings.items()}

    @property
    def client_urls(self) -> tuple[str, ...]:
        """Return the URLs that clients use."""
        return tuple(member.client_url for member in self.members)

    @property
    def initial_cluster(self) -> str:
        """Return the members as they are told of each other."""
        return ",".join(f"{member.name}={member.peer_url}" for member in self.members)


@dataclass(frozen=True, slots=True)
class ApiServer:
    """The API servers; `flags` are given to kube-apiserver as they stand, without dashes.

    `balancer` holds HAProxy's settings by its own names, and nothing where another balancer is supplied;
    `audit_policy` is the Policy's own part of its document.
    """

    hosts: tuple[str, ...]
    machine: Machine
    endpoint: str
    load_balancer: str
    balancer: Tree
    flags: Mapping[str, str]
    inflight_read: int
    inflight_mutating: int
    audit_level: str
    audit_policy: Tree
    event_ttl_seconds: int
    encryption_file: str | None

    @property
    def endpoint_host(self) -> str:
        """Return the name or address of the endpoint, without brackets."""
        return self.endpoint.rpartition(":")[0].removeprefix("[").removesuffix("]")

    @property
    def endpoint_is_name(self) -> bool:
        """Return whether the endpoint is found by its name."""
        return ":" not in self.endpoint_host and not self.endpoint_host.replace(".", "").isdigit()

    @property
    def endpoint_port(self) -> str:
        """Return the port of the endpoint."""
        return self.endpoint.rpartition(":")[2]


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

    `host` is what the API servers' machines are told; `event_limits` are those of the EventRateLimit plugin;
    `scheduler_image` is set where kubeadm's own scheduler lacks a plugin.
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
    scheduler_image: str | None = None

    @property
    def scheduler_profiles(self) -> tuple[str, ...]:
        """Return the names that pods ask for."""
        profiles = self.scheduler["profiles"]
        named = profiles if isinstance(profiles, list) else []
        return tuple(str(profile.get("schedulerName")) for profile in named if isinstance(profile, dict))

    @property
    def profile_percentages(self) -> Mapping[str, int]:
        """Return what share of nodes is scored, of the profiles that have one of their own, by name."""
        profiles = self.scheduler.get("profiles")
        named = [profile for profile in profiles if isinstance(profile, dict)] if isinstance(profiles, list) else []
        shares = {str(each.get("schedulerName")): each.get("percentageOfNodesToScore") for each in named}
        return {name: share for name, share in shares.items() if isinstance(share, int) and share}
