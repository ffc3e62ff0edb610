"""`spec.monitoring`, `autoscaler`, `upgrade`, `gitops`, `rbac`, `waivers`: how the cluster is run."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StrictInt
from pydantic.json_schema import WithJsonSchema

from clusterc.spec.base import (
    Block,
    Bytes,
    Count,
    Duration,
    Flag,
    Fraction,
    Name,
    Pause,
    Positive,
    Share,
    Text,
    matching,
    refuse,
)
from clusterc.spec.control_plane import Machine
from clusterc.spec.workloads import Resources


def _date(value: object) -> date:
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise refuse("date", f"{value!r} is not a date", "write it as 2027-06-30") from None


Day = Annotated[date, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date"})]


class Prometheus(Block):
    """Prometheus."""

    machine: Machine | None = Field(default=None, description="The machine of each shard.")
    shards: Positive | None = Field(default=None, description="Shards the targets are divided over.")
    scrape_interval: Duration | None = Field(default=None, description="Time between two scrapes of a target.")
    retention: Duration | None = Field(default=None, description="How long samples are kept locally.")
    remote_store: Flag = Field(default=False, description="Samples are also written to a long-term store.")
    series_per_node: Positive | None = Field(default=None, description="Series of one machine, DaemonSets included.")
    series_per_pod: Positive | None = Field(default=None, description="Series of one pod.")
    drop: tuple[Text, ...] = Field(default=(), description="Metrics dropped when scraped, as regular expressions.")


class Receiver(Block):
    """Where alerts go, by reference."""

    name: Name = Field(description="Name.")
    severities: tuple[Literal["critical", "warning", "info"], ...] = Field(
        default=(), description="Severities; all if left out."
    )


class Monitoring(Block):
    """Metrics and alerts."""

    prometheus: Prometheus = Field(default=Prometheus(), description="Prometheus.")
    receivers: tuple[Receiver, ...] = Field(default=(), description="Where alerts go.")


class ScaleDown(Block):
    """When machines are removed."""

    unneeded: Pause = Field(default=600 * 10**9, description="Idle time after which a machine is removed.")
    after_add: Pause = Field(default=600 * 10**9, description="Pause after machines were added.")
    utilization: Fraction = Field(default=0.5, description="Use below which a machine counts as idle.")


class Autoscaler(Block):
    """Who adds and removes machines."""

    kind: Literal["cluster-autoscaler", "karpenter", "none"] = Field(description="Program.")
    join_batch: Positive | None = Field(default=None, description="Machines that join at once.")
    join_pause: Pause | None = Field(default=None, description="Pause between two batches.")
    max_terminate_fraction: Fraction | None = Field(
        default=None, description="Share of the cluster that may never be removed at once."
    )
    scale_down: ScaleDown = Field(default=ScaleDown(), description="When machines are removed.")
    resources: Resources | None = Field(default=None, description="What it may use.")


class Upgrade(Block):
    """How the cluster is upgraded."""

    max_surge: Share | None = Field(default=None, description="Extra machines.")
    order: tuple[Text, ...] = Field(default=(), description="Pools, in the order in which they are upgraded.")


class Application(Block):
    """One application of the GitOps tool."""

    name: Name = Field(description="Name.")
    path: Text = Field(description="Folder of the built tree that it applies.")
    wave: Annotated[StrictInt, Field(ge=-100, le=100)] = Field(default=0, description="Order; lower goes first.")
    prune: Flag = Field(default=False, description="Objects that are no longer in the tree are deleted.")


class Gitops(Block):
    """What applies the built tree."""

    tool: Literal["argocd", "flux", "none"] = Field(description="Program.")
    applications: tuple[Application, ...] = Field(default=(), description="Applications.")


class Role(Block):
    """Rights of a group of people."""

    name: Name = Field(description="Name.")
    groups: tuple[Text, ...] = Field(min_length=1, description="Groups that have it.")
    access: Literal["view", "edit", "admin", "cluster-admin"] = Field(description="Which of Kubernetes' own roles.")
    namespaces: tuple[Name, ...] = Field(default=(), description="Where; in the whole cluster if left out.")


class Rbac(Block):
    """Who may do what."""

    roles: tuple[Role, ...] = Field(default=(), description="Roles.")


class Waiver(Block):
    """An accepted risk: which, where, why, whose, until when."""

    rule: Annotated[str, matching(r"CC\d{4}", "a rule id", "write CC and four digits, such as CC3001")] = Field(
        description="Rule that is waived."
    )
    path: Text = Field(description="Part of the spec that it is waived for.")
    reason: Text = Field(description="Why the risk is accepted.")
    owner: Text = Field(description="Who accepted it.")
    ticket: Text | None = Field(default=None, description="Where that is written down.")
    expires: Day = Field(description="Day after which the waiver no longer holds.")


class Scale(Block):
    """Promises beyond the pools; each has a default."""

    services: Count | None = Field(default=None, description="Services.")
    endpoints_per_service: Positive | None = Field(default=None, description="Pods behind the largest Service.")
    config_maps: Count | None = Field(default=None, description="ConfigMaps.")
    secrets: Count | None = Field(default=None, description="Secrets.")
    custom_objects: Count | None = Field(default=None, description="Objects of custom kinds.")
    object_size: Bytes | None = Field(default=None, description="Size of one custom object.")
    namespaces: Count | None = Field(default=None, description="Namespaces.")
    containers_per_pod: Positive | None = Field(default=None, description="Containers in a pod.")
    churn: Count | None = Field(default=None, description="Pods created, changed and deleted per second.")
    pods_per_node: Count | None = Field(
        default=None, description="Pods on an ordinary machine, those of DaemonSets included."
    )
    node_changes_per_minute: Count | None = Field(default=None, description="Machines that join or leave per minute.")
