"""`spec.teams`, `quota`, `balloons`, `gangs`, `priorities`: who may use what, and who gives way."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictInt

from clusterc.spec.base import Block, Count, Flag, Name, PoolName, Positive, Text, matching

Member = Annotated[
    str,
    matching(
        r"(group|user):\S.*|serviceaccount:[a-z0-9-]+:[a-z0-9.-]+",
        "a member",
        "write group:NAME, user:NAME or serviceaccount:NAMESPACE:NAME",
    ),
]


class Guarantee(Block):
    """What a team can count on: machines or GPUs, of a pool or of a GPU type."""

    pool: Text | None = Field(default=None, description="Pool the machines are of.")
    gpu_type: Text | None = Field(default=None, description="GPU type, wherever it is.")
    nodes: Count | None = Field(default=None, description="Machines.")
    gpus: Count | None = Field(default=None, description="GPUs (MIG instances where GPUs are cut).")


class Limits(Block):
    """What a team's namespaces may hold."""

    pods: Positive | None = Field(default=None, description="Pods.")
    services: Count | None = Field(default=None, description="Services.")
    config_maps: Count | None = Field(default=None, description="ConfigMaps.")
    jobs: Positive | None = Field(default=None, description="Jobs.")


class Team(Block):
    """A team."""

    name: Name = Field(description="Name; also the name of its first namespace.")
    guarantees: tuple[Guarantee, ...] = Field(default=(), description="What the team can count on.")
    borrow: Flag = Field(default=False, description="Its low-priority jobs may use what others leave idle.")
    members: tuple[Member, ...] = Field(
        default=(), description="`group:NAME`, `user:NAME` or `serviceaccount:NAMESPACE:NAME`."
    )
    limits: Limits | None = Field(default=None, description="What its namespaces may hold.")
    namespaces: tuple[Name, ...] = Field(default=(), description="Its namespaces; one of the team's name if left out.")


class Quota(Block):
    """How guarantees are kept."""

    mechanism: Literal["team-taints", "kueue", "resource-quota"] = Field(
        description="team-taints: machines are set apart; kueue: jobs queue; resource-quota: pods are counted."
    )


class Balloons(Block):
    """Placeholder pods that keep machines warm and give way at once."""

    pools: tuple[PoolName, ...] = Field(default=(), description="Pools that keep balloons.")
    priority: Annotated[StrictInt, Field(ge=-10, le=-1)] | None = Field(
        default=None, description="Their priority; below -10 the cluster autoscaler does not see them."
    )


class Gangs(Block):
    """All-or-nothing scheduling."""

    scheduler: Literal["native", "kueue", "coscheduling"] = Field(description="Who places gangs.")


class PriorityClass(Block):
    """One rung of the ladder of priorities."""

    name: Name = Field(description="Name of the PriorityClass.")
    value: Annotated[StrictInt, Field(ge=-2_147_483_648, le=1_000_000_000)] = Field(description="Priority.")
    preempts: Flag = Field(default=True, description="Pods of this class may displace others.")
    default: Flag = Field(default=False, description="Pods that name no class get this one.")
    description: Text | None = Field(default=None, description="Who should use it.")
