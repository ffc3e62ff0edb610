"""What runs, as the spec declares it: reference jobs and add-ons."""

from __future__ import annotations

from dataclasses import dataclass

from clusterc.model.document import Tree
from clusterc.model.promises import Addon, ApiAccess, Workload, Write
from clusterc.quantity import format_bytes, format_cpu, format_duration
from clusterc.resolve.ledger import Ledger
from clusterc.spec.cluster import Body

MIB = 1024**2


def decide_workloads(body: Body, ledger: Ledger) -> tuple[Workload, ...]:
    """Return the reference jobs as they are said."""
    for workload in body.workloads:
        path = f"spec.workloads[{workload.name}]"
        ledger.given(f"{path}.pods", workload.pods)
        if workload.start_target is not None:
            ledger.given(f"{path}.startTarget", format_duration(workload.start_target))
    return tuple(
        Workload(
            name=workload.name,
            team=workload.team,
            pool=workload.pool,
            pods=workload.pods,
            instances=workload.instances,
            gang=workload.gang,
            start_target_ns=workload.start_target,
            image_bytes=workload.image,
            gpus_per_pod=workload.resources.gpus if workload.resources else None,
        )
        for workload in body.workloads
    )


def decide_addons(body: Body) -> tuple[Addon, ...]:
    """Return the add-ons as they are said."""
    return tuple(
        Addon(
            name=addon.name,
            kind=addon.kind,
            namespace=addon.namespace,
            pools=addon.pools,
            replicas=addon.replicas or 1,
            api_access=tuple(
                ApiAccess(
                    access.verb,
                    access.resource,
                    access.scope,
                    access.interval,
                    access.resource_version0,
                    access.encoding,
                )
                for access in addon.api_access
            ),
            writes=tuple(Write(write.kind, write.per, write.size, write.interval, write.ttl) for write in addon.writes),
        )
        for addon in body.addons
    )


@dataclass(frozen=True, slots=True)
class Running:
    """What a pod of an emitted component asks for, and how many of its pods may be missing while it is replaced."""

    cpu_millicores: int
    memory_bytes: int
    max_unavailable: int | str

    @property
    def requests(self) -> Tree:
        """Return what a pod asks for, as the API writes it."""
        memory = f"{self.memory_bytes // MIB}Mi" if self.memory_bytes % MIB == 0 else str(self.memory_bytes)
        return {"cpu": format_cpu(self.cpu_millicores), "memory": memory}


def component(
    body: Body,
    name: str,
    usual: Running,
    ledger: Ledger,
    *,
    cpu: str = "what its own manifest asks for",
    memory: str = "what its own manifest asks for",
    source: str = "",
) -> Running:
    """Return how an emitted component runs: as an add-on of its name says, else as usual.

    `cpu` and `memory` are the formulas of what it asks for, and `source` where they come from.
    """
    said = next((addon for addon in body.addons if addon.name == name), None)
    resources, path = said.resources if said else None, f"spec.addons[{name}]"
    share = ledger.pick(
        f"{path}.rollout.maxUnavailable",
        said.rollout.max_unavailable if said else None,
        str(usual.max_unavailable),
        why="one at a time would take a day at thousands of machines" if name != "coredns" else "a few replicas answer",
    )
    return Running(
        cpu_millicores=ledger.pick(
            f"{path}.resources.cpu",
            resources.cpu if resources else None,
            usual.cpu_millicores,
            why=cpu,
            source=source,
            show=format_cpu,
        ),
        memory_bytes=ledger.pick(
            f"{path}.resources.memory",
            resources.memory if resources else None,
            usual.memory_bytes,
            why=memory,
            source=source,
            show=format_bytes,
        ),
        max_unavailable=share if share.endswith("%") else int(share),
    )


def addon_version(body: Body, name: str, default: str, ledger: Ledger, *, why: str, source: str = "") -> str:
    """Return the release of a component that is emitted: an add-on of its name says it, else `default`."""
    given = next((addon.version for addon in body.addons if addon.name == name), None)
    return ledger.pick(f"spec.addons[{name}].version", given, default, why=why, source=source)
