"""The whole spec: one document per cluster."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from pydantic.json_schema import WithJsonSchema

from clusterc.diagnostics import shown
from clusterc.spec.base import Block, Flag, Labels, Name, Positive, Text, refuse
from clusterc.spec.control_plane import ControlPlane, Scheduler
from clusterc.spec.network import Network
from clusterc.spec.operations import Autoscaler, Gitops, Monitoring, Rbac, Scale, Upgrade, Waiver
from clusterc.spec.pools import GpuType, NodePool
from clusterc.spec.teams import Balloons, Gangs, PriorityClass, Quota, Team
from clusterc.spec.workloads import Addon, Webhook, Workload

API_VERSION = "clusterc.dev/v1alpha1"


_RELEASE = r"v?1\.(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]?))?"


def _version(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(_RELEASE, value):
        return value.removeprefix("v")
    if isinstance(value, (int, float)):
        raise refuse("version", f"{value!r} is a number, not a version", f'quote it: "{value}"')
    raise refuse("version", f"{shown(value)} is not a Kubernetes release", "write it as 1.37.2 or 1.37")


Version = Annotated[
    str,
    BeforeValidator(_version),
    WithJsonSchema({"type": "string", "pattern": f"^{_RELEASE}$", "examples": ["1.37.2"]}),
]


class Metadata(Block):
    """Name and labels of the cluster."""

    name: Name = Field(description="Name of the cluster; the built tree is named after it.")
    labels: Labels = Field(default={}, description="Labels that rules and reports may refer to.")


class Kubernetes(Block):
    """Which Kubernetes."""

    version: Version = Field(description="Release, 1.34 to 1.37.")
    target: Literal["kubeadm"] = Field(default="kubeadm", description="Who consumes the output.")
    feature_gates: dict[Text, Flag] = Field(default={}, description="Feature gates of every component.")


class Overlay(Block):
    """A last resort: Jsonnet over one emitted document."""

    kind: Text = Field(description="Kind of the document.")
    name: Text | None = Field(default=None, description="Its name.")
    jsonnet: Text = Field(description="File with a function from the document to the document.")


class Body(Block):
    """What the cluster is to be."""

    preset: Literal["training", "inference", "general", "lab"] = Field(description="What the spec builds on.")
    kubernetes: Kubernetes = Field(description="Which Kubernetes.")
    provider: Literal["azure", "aws", "gcp", "metal", "aks", "eks", "gke"] = Field(
        description="Whose ceilings and machine types apply."
    )
    provider_limits: dict[Text, Positive] = Field(
        default={},
        description="Ceilings of one's own, or corrections of the provider's, such as privateAddressesPerNetwork.",
    )
    scale: Scale = Field(default=Scale(), description="Promises beyond the pools.")
    network: Network = Field(description="Addresses and packets.")
    control_plane: ControlPlane = Field(description="API servers, etcd and controllers.")
    scheduler: Scheduler = Field(default=Scheduler(), description="kube-scheduler.")
    gpu_types: tuple[GpuType, ...] = Field(default=(), description="Own GPU types, or corrections of the catalogue.")
    node_pools: tuple[NodePool, ...] = Field(min_length=1, description="The machines.")
    teams: tuple[Team, ...] = Field(default=(), description="Who uses them.")
    quota: Quota | None = Field(default=None, description="How guarantees are kept.")
    balloons: Balloons = Field(default=Balloons(), description="Placeholder capacity.")
    gangs: Gangs | None = Field(default=None, description="All-or-nothing scheduling.")
    priorities: tuple[PriorityClass, ...] = Field(
        default=(), description="Ladder of priorities; the default one if left out."
    )
    workloads: tuple[Workload, ...] = Field(default=(), description="Jobs the cluster must be able to start.")
    addons: tuple[Addon, ...] = Field(default=(), description="What else runs.")
    webhooks: tuple[Webhook, ...] = Field(default=(), description="Admission webhooks.")
    monitoring: Monitoring = Field(default=Monitoring(), description="Metrics and alerts.")
    autoscaler: Autoscaler | None = Field(default=None, description="Who adds and removes machines.")
    upgrade: Upgrade = Field(default=Upgrade(), description="How the cluster is upgraded.")
    gitops: Gitops | None = Field(default=None, description="What applies the built tree.")
    rbac: Rbac = Field(default=Rbac(), description="Who may do what.")
    overlays: tuple[Overlay, ...] = Field(default=(), description="Changes to emitted documents, as a last resort.")
    waivers: tuple[Waiver, ...] = Field(default=(), description="Accepted risks.")


class Spec(Block):
    """A cluster, described for clusterc."""

    api_version: Literal["clusterc.dev/v1alpha1"] = Field(description="Version of the spec language.")
    kind: Literal["Cluster"] = Field(description="Always Cluster.")
    metadata: Metadata = Field(description="Name and labels.")
    spec: Body = Field(description="What the cluster is to be.")
