"""`spec.workloads`, `addons`, `webhooks`: what runs, declared so that it can be reckoned with."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from clusterc.spec.base import (
    Block,
    Bytes,
    Count,
    Cpu,
    Duration,
    Flag,
    LabelKey,
    Labels,
    Name,
    PoolName,
    Positive,
    Share,
    Text,
    whole,
)
from clusterc.spec.forms import Release
from clusterc.spec.network import Port
from clusterc.spec.pools import Rollout


class Resources(Block):
    """What one pod asks for."""

    cpu: Cpu | None = Field(default=None, description="Cores.")
    memory: Bytes | None = Field(default=None, description="Memory.")
    gpus: Count | None = Field(default=None, description="GPUs.")


class Disruptions(Block):
    """The workload's PodDisruptionBudget."""

    max_unavailable: Share | None = Field(default=None, description="Pods that may be missing.")
    min_available: Share | None = Field(default=None, description="Pods that must be there.")


class Workload(Block):
    """A reference job that the cluster must be able to start."""

    name: Name = Field(description="Name.")
    team: Text | None = Field(default=None, description="Team whose guarantee it uses.")
    pool: Text | None = Field(default=None, description="Pool it runs in.")
    pods: Positive = Field(description="Pods of one instance.")
    instances: Positive = Field(default=1, description="Instances that run at once.")
    gang: Flag = Field(default=False, description="All pods start together or none does.")
    framework: Literal["mpi", "pytorch", "ray", "jax", "other"] | None = Field(default=None, description="Framework.")
    start_target: Duration | None = Field(default=None, description="Time within which all pods must run.")
    image: Bytes | None = Field(default=None, description="Size of its image; the pool's largest if left out.")
    resources: Resources | None = Field(default=None, description="What one pod asks for; the machine if left out.")
    pdb: Disruptions | None = Field(default=None, description="PodDisruptionBudget.")
    placement: Literal["any", "same-block", "same-nvlink-domain"] | None = Field(
        default=None, description="How close its pods must be."
    )
    priority: Text | None = Field(default=None, description="PriorityClass.")
    host_network: Flag = Field(default=False, description="Its pods use the machine's network.")
    ports: tuple[Port, ...] = Field(default=(), description="Ports it takes on the machine, with hostNetwork.")


class ApiAccess(Block):
    """One kind of request that every pod of an add-on sends to the API server."""

    verb: Literal["get", "list", "watch", "create", "update", "patch", "delete"] = Field(description="Verb.")
    resource: Text = Field(description="Resource, such as pods.")
    scope: Literal["node", "namespace", "cluster"] = Field(default="cluster", description="How much it covers.")
    interval: Duration | None = Field(default=None, description="Time between two requests; watches need none.")
    resource_version0: Flag = Field(default=False, description="Served from the watch cache (resourceVersion=0).")
    encoding: Literal["json", "protobuf"] = Field(default="json", description="Encoding of the answer.")


class Write(Block):
    """Objects that an add-on writes."""

    kind: Text = Field(description="Kind of object.")
    per: Literal["node", "pod", "namespace", "cluster"] = Field(description="One object for each of these.")
    size: Bytes = Field(description="Size of one object.")
    interval: Duration | None = Field(default=None, description="Time between two writes of one object.")
    ttl: Duration | None = Field(default=None, description="How long an object is kept.")


class Toleration(Block):
    """A toleration of an add-on's pods."""

    key: LabelKey | None = Field(default=None, description="Taint's key; every taint if left out.")
    value: Text | None = Field(default=None, description="Taint's value; any if left out.")
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] | None = Field(default=None, description="Effect.")


class Addon(Block):
    """What else runs."""

    name: Name = Field(description="Name.")
    kind: Literal["DaemonSet", "Deployment", "StatefulSet", "CronJob"] = Field(description="Kind of workload.")
    namespace: Name = Field(default="kube-system", description="Namespace.")
    pools: tuple[PoolName, ...] = Field(default=(), description="Pools it runs in; all if left out.")
    replicas: Positive | None = Field(default=None, description="Replicas, where it is no DaemonSet.")
    version: Release | None = Field(default=None, description="Release.")
    resources: Resources | None = Field(default=None, description="What one pod asks for.")
    tolerations: tuple[Toleration, ...] = Field(default=(), description="Taints it tolerates.")
    priority: Text | None = Field(default=None, description="PriorityClass.")
    host_network: Flag = Field(default=False, description="Its pods use the machine's network.")
    ports: tuple[Port, ...] = Field(default=(), description="Ports it takes on the machine.")
    api_access: tuple[ApiAccess, ...] = Field(default=(), description="What each pod asks of the API server.")
    writes: tuple[Write, ...] = Field(default=(), description="What it writes.")
    owns_labels: tuple[LabelKey, ...] = Field(default=(), description="Node labels it sets.")
    needs_labels: Labels = Field(default={}, description="Node labels it needs.")
    owns_taints: tuple[LabelKey, ...] = Field(default=(), description="Taints it sets and removes.")
    needs_taints: tuple[LabelKey, ...] = Field(default=(), description="Taints its nodes must have.")
    rollout: Rollout = Field(default=Rollout(), description="How its pods are replaced.")


class WebhookRule(Block):
    """Requests that a webhook sees."""

    groups: tuple[str, ...] = Field(default=("*",), description="API groups.")
    resources: tuple[Text, ...] = Field(min_length=1, description="Resources.")
    operations: tuple[Literal["CREATE", "UPDATE", "DELETE", "CONNECT", "*"], ...] = Field(
        default=("*",), description="Operations."
    )
    scope: Literal["Cluster", "Namespaced", "*"] = Field(default="*", description="Scope.")


class Backend(Block):
    """Where a webhook's server runs."""

    namespace: Name = Field(description="Namespace.")
    replicas: Positive = Field(default=1, description="Replicas.")
    pool: Text | None = Field(default=None, description="Pool.")
    host_network: Flag = Field(default=False, description="It uses the machine's network.")
    needs: tuple[Text, ...] = Field(default=(), description="What must work before it starts, such as dns.")


class Webhook(Block):
    """An admission webhook."""

    name: Name = Field(description="Name.")
    kind: Literal["validating", "mutating"] = Field(description="Kind.")
    rules: tuple[WebhookRule, ...] = Field(min_length=1, description="What it sees.")
    failure_policy: Literal["Fail", "Ignore"] = Field(description="What happens when it does not answer.")
    timeout: Annotated[Duration, whole("s", 1, 30)] = Field(
        default=10 * 10**9, description="Time within which it must answer, in whole seconds."
    )
    excluded_namespaces: tuple[Name, ...] = Field(default=(), description="Namespaces it does not see.")
    backend: Backend = Field(description="Where its server runs.")
