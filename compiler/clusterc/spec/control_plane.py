"""`spec.controlPlane` and `spec.scheduler`: API servers, etcd, controllers, scheduler."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictInt
from pydantic.json_schema import WithJsonSchema

from clusterc.spec.base import (
    Bandwidth,
    Block,
    Bytes,
    Cpu,
    Days,
    Duration,
    Latency,
    Milliseconds,
    Name,
    Pause,
    Positive,
    Rate,
    Scalar,
    Text,
    Tree,
    least_bytes,
    matching,
    whole,
)
from clusterc.spec.forms import FileInFolder, Folder, Host, Schedule

Flags = dict[Text, Scalar]
_RELEASE = r"(0|[1-9]\d?)\.(0|[1-9]\d?)\.(0|[1-9]\d?)"
EtcdRelease = Annotated[
    str,
    matching(_RELEASE, "a release of etcd", "write its three numbers, such as 3.7.0"),
    WithJsonSchema({"type": "string", "pattern": f"^{_RELEASE}$", "examples": ["3.7.0"]}),
]


WholeMilliseconds = Annotated[Milliseconds, whole("ms", 1, 60_000)]


class Machine(Block):
    """A machine by its size."""

    cpu: Cpu = Field(description="Cores.")
    memory: Bytes = Field(description="Memory.")
    network: Bandwidth | None = Field(default=None, description="Bandwidth of its network interface.")


class Disk(Block):
    """The disk that etcd writes to."""

    class_: Literal["local-nvme", "local-ssd", "network-ssd", "network-disk"] = Field(
        alias="class", description="local-* lies in the machine; network-* is attached over the network."
    )
    write_latency: Latency | None = Field(default=None, description="Measured latency of a synchronous write, p99.")
    iops: Positive | None = Field(default=None, description="Advertised operations per second.")


class Audit(Block):
    """The API server's audit log."""

    level: Literal["None", "Metadata", "Request", "RequestResponse"] = Field(
        default="Metadata", description="What is logged of requests that change something."
    )
    max_age: Annotated[Days, whole("d", 1, 3650)] = Field(
        default=7 * 86_400 * 10**9, description="How long a log file is kept, in whole days."
    )
    max_backups: Positive | None = Field(
        default=None, description="Log files to keep; as many as hold what maxAge asks for, within 32 GiB, if left out."
    )
    max_size: Bytes = Field(default=200 * 1024**2, description="Size at which the log file is rotated.")


class Inflight(Block):
    """How many requests an API server works on at once."""

    read: Positive = Field(description="--max-requests-inflight")
    mutating: Positive = Field(description="--max-mutating-requests-inflight")


class Encryption(Block):
    """Encryption of secrets at rest, by reference: clusterc never holds key material."""

    config_file: FileInFolder = Field(description="Path, on every API server's machine, of an EncryptionConfiguration.")


class ApiServers(Block):
    """The API servers."""

    count: Annotated[StrictInt, Field(ge=1, le=31)] | None = Field(default=None, description="How many.")
    machine: Machine | None = Field(default=None, description="The machine of each.")
    hosts: tuple[Host, ...] = Field(default=(), description="Host names or addresses; named by number if left out.")
    inflight: Inflight | None = Field(default=None, description="Requests in flight per server.")
    audit: Audit = Field(default=Audit(), description="Audit log.")
    encryption: Encryption | None = Field(default=None, description="Encryption at rest.")
    event_ttl: Annotated[Duration, whole("s", 1, 31_536_000)] | None = Field(
        default=None, alias="eventTTL", description="How long Events are kept, in whole seconds."
    )
    flags: Flags = Field(default={}, description="Flags passed to kube-apiserver as they are, without dashes.")


class Compaction(Block):
    """How often old revisions are dropped."""

    interval: Pause = Field(
        description="Time between two compactions; kube-apiserver makes them, of both etcds at one interval."
    )


class Defragmentation(Block):
    """When members give freed space back."""

    schedule: Schedule = Field(
        description="systemd calendar of the first member, with a time of day; the others follow one after another."
    )
    spacing: Annotated[Duration, whole("m", 1, 1440)] = Field(
        default=1_800_000_000_000, description="Time between two members, in whole minutes."
    )


class Timers(Block):
    """etcd's heartbeats and elections."""

    heartbeat: WholeMilliseconds | None = Field(default=None, description="Time between two heartbeats of the leader.")
    election: WholeMilliseconds | None = Field(default=None, description="Silence after which a new leader is elected.")
    round_trip: Milliseconds | None = Field(default=None, description="Largest round-trip time between two members.")


class Etcd(Block):
    """One etcd cluster."""

    members: Annotated[StrictInt, Field(ge=1, le=9)] | None = Field(default=None, description="Members; an odd number.")
    machine: Machine | None = Field(default=None, description="The machine of each member.")
    disk: Disk | None = Field(default=None, description="The disk of each member.")
    hosts: tuple[Host, ...] = Field(default=(), description="Host names or addresses; named by number if left out.")
    version: EtcdRelease | None = Field(
        default=None, description="Release, of 3.6 or 3.7; the one that kubeadm ships if left out."
    )
    quota: Annotated[Bytes, least_bytes("16Mi")] | None = Field(
        default=None, description="Largest size of the database."
    )
    compaction: Compaction | None = Field(default=None, description="Compaction.")
    defragmentation: Defragmentation | None = Field(default=None, description="Defragmentation.")
    timers: Timers = Field(default=Timers(), description="Heartbeat and election.")
    extra: Tree = Field(default={}, description="Keys passed to etcd's configuration file as they are.")


class Certificates(Block):
    """How long certificates live."""

    validity: Annotated[Duration, whole("h", 1, 876_000)] = Field(
        default=365 * 86_400 * 10**9, description="Validity of the certificates kubeadm makes, in whole hours."
    )
    ca_validity: Annotated[Duration, whole("h", 1, 876_000)] = Field(
        default=3650 * 86_400 * 10**9, alias="caValidity", description="Validity of the certificate authority."
    )


class ControllerManager(Block):
    """kube-controller-manager."""

    qps: Positive | None = Field(default=None, description="Requests per second to the API server.")
    burst: Positive | None = Field(default=None, description="Burst of requests to the API server.")
    flags: Flags = Field(default={}, description="Flags passed to kube-controller-manager as they are.")


class Backups(Block):
    """Snapshots of etcd."""

    interval: Annotated[Duration, whole("s", 1, 31_536_000)] | None = Field(
        default=None, description="Time between two snapshots, in whole seconds."
    )
    keep: Positive = Field(default=48, description="Snapshots to keep on the member's disk.")
    directory: Folder = Field(default="/var/backups/etcd", description="Where snapshots are written.")


class LoadBalancer(Block):
    """What stands behind the endpoint."""

    kind: Literal["haproxy", "external"] = Field(
        default="haproxy", description="haproxy: configured by clusterc; external: supplied by hand."
    )


class ControlPlane(Block):
    """API servers, etcd and controllers."""

    endpoint: Text = Field(description="Host and port under which every node and user reaches the API.")
    placement: Literal["dedicated", "stacked"] | None = Field(
        default=None, description="dedicated: etcd has machines of its own; stacked: it shares the API servers'."
    )
    load_balancer: LoadBalancer = Field(default=LoadBalancer(), description="What stands behind the endpoint.")
    api_servers: ApiServers = Field(default=ApiServers(), description="API servers.")
    etcd: Etcd = Field(default=Etcd(), description="The main etcd.")
    events_etcd: Etcd | None = Field(default=None, description="A second etcd that holds only Events.")
    certificates: Certificates = Field(default=Certificates(), description="Certificates.")
    controller_manager: ControllerManager = Field(default=ControllerManager(), description="kube-controller-manager.")
    backups: Backups = Field(default=Backups(), description="Snapshots of etcd.")


class Profile(Block):
    """One scheduler profile."""

    name: Name = Field(description="Scheduler name that pods ask for.")
    packing: Literal["most-allocated", "least-allocated"] | None = Field(
        default=None, description="Fill nodes one after another, or spread."
    )
    percentage_of_nodes_to_score: Annotated[StrictInt, Field(ge=0, le=100)] | None = Field(
        default=None, description="Share of feasible nodes that is scored; 0 lets the scheduler decide."
    )
    plugins: Tree = Field(default={}, description="`plugins` of the profile, passed on as they are.")
    plugin_config: tuple[Tree, ...] = Field(default=(), description="Further `pluginConfig` entries.")


class Scheduler(Block):
    """kube-scheduler; `plugins` and `pluginConfig` are those of its default profile."""

    packing: Literal["most-allocated", "least-allocated"] | None = Field(
        default=None,
        description="Fill nodes one after another, or spread: pods with GPUs; every pod where no pool has GPUs.",
    )
    percentage_of_nodes_to_score: Annotated[StrictInt, Field(ge=0, le=100)] | None = Field(
        default=None,
        description="Share of feasible nodes that is scored; the scheduler's own, or more for GPUs, if left out.",
    )
    parallelism: Positive | None = Field(default=None, description="Threads of the scheduling algorithm.")
    qps: Rate | None = Field(default=None, description="Requests per second to the API server.")
    burst: Positive | None = Field(default=None, description="Burst of requests to the API server.")
    plugins: Tree = Field(default={}, description="`plugins` of the default profile, passed on as they are.")
    plugin_config: tuple[Tree, ...] = Field(default=(), description="`pluginConfig` of the default profile.")
    profiles: tuple[Profile, ...] = Field(default=(), description="Further profiles.")
    flags: Flags = Field(default={}, description="Flags passed to kube-scheduler as they are.")
    extra: Tree = Field(default={}, description="Fields passed to KubeSchedulerConfiguration as they are.")
