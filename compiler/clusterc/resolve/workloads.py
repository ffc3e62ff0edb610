"""What runs, as the spec declares it: reference jobs and add-ons."""

from __future__ import annotations

from clusterc.model.promises import Addon, ApiAccess, Workload, Write
from clusterc.quantity import format_duration
from clusterc.resolve.ledger import Ledger
from clusterc.spec.cluster import Body


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
                ApiAccess(access.verb, access.resource, access.scope, access.interval, access.resource_version0)
                for access in addon.api_access
            ),
            writes=tuple(Write(write.kind, write.per, write.size, write.interval, write.ttl) for write in addon.writes),
        )
        for addon in body.addons
    )


def addon_version(body: Body, name: str, default: str, ledger: Ledger, *, why: str, source: str = "") -> str:
    """Return the release of a component that is emitted: an add-on of its name says it, else `default`."""
    given = next((addon.version for addon in body.addons if addon.name == name), None)
    return ledger.pick(f"spec.addons[{name}].version", given, default, why=why, source=source)
