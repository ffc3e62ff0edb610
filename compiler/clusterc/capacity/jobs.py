"""Starting the declared jobs: creating, binding, images, and the time within which all of their pods must run."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from clusterc.capacity import sources
from clusterc.capacity.formula import Bound, Formula, Term, read
from clusterc.capacity.images import STORM, pull_seconds, pull_text, rate_inputs
from clusterc.capacity.load import Load, origin
from clusterc.capacity.scheduling import (
    BIND_QPS,
    CREATE,
    SCHEDULED,
    START,
    bind_rate,
    create_rate,
    place_seconds,
)
from clusterc.capacity.settings import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clusterc.model.cluster import Cluster
    from clusterc.model.pools import Pool
    from clusterc.model.promises import Workload

AREA = "scheduling"


def image_seconds(load: Load, workload: Workload) -> float:
    """Return how long a job's machines take to fetch its image; 0 where they have it before, or its size is unknown."""
    fetched = _fetched(load.cluster, workload)
    return pull_seconds(fetched[0], load.gang(workload), fetched[1]) if fetched else 0


def start_seconds(load: Load, workload: Workload) -> float:
    """Return how long a job takes from its creation until all of its pods run."""
    return place_seconds(load.cluster, load.gang(workload)) + image_seconds(load, workload)


def quantities(cluster: Cluster) -> Iterator[Formula]:
    """Return how each gang, and each job that has a target, starts."""
    for workload in cluster.workloads:
        if workload.gang or workload.start_target_ns:
            yield from _gang(cluster, workload)


def _gang(cluster: Cluster, workload: Workload) -> Iterator[Formula]:
    name = workload.name
    job = read("job", "pods", lambda load: load.gang(workload), f"spec.workloads[{name}].pods")
    image = read("image", "s", lambda load: image_seconds(load, workload), f"quantity gang-image-seconds[{name}]")
    yield Formula(
        id=f"gang-create-seconds[{name}]",
        name=f"Creating the pods of {name}",
        unit="s",
        value=lambda load: load.gang(workload) / create_rate(cluster),
        text="job / creates",
        inputs=(job, CREATE),
        source=f"{sources.CONTROLLERS}: --kube-api-qps",
        confidence="derived",
    )
    yield Formula(
        id=f"gang-bind-seconds[{name}]",
        name=f"Binding the pods of {name}",
        unit="s",
        value=lambda load: load.gang(workload) / bind_rate(cluster),
        text="job / the lesser of scheduled and binds",
        inputs=(job, SCHEDULED, BIND_QPS),
        source=sources.SCHEDULER_PERF,
        confidence="estimate",
    )
    yield Formula(
        id=f"gang-image-seconds[{name}]",
        name=f"Fetching the image of {name}, where no machine has it",
        unit="s",
        value=lambda load: image_seconds(load, workload),
        text=_image_text(cluster, workload),
        inputs=(job, *_image_inputs(cluster, workload)),
        source=STORM,
        confidence="derived",
    )
    yield Formula(
        id=f"gang-start-seconds[{name}]",
        name=f"Starting {name}",
        unit="s",
        value=lambda load: start_seconds(load, workload),
        text="job / the least of creates, scheduled and binds + start + image",
        inputs=(job, CREATE, SCHEDULED, BIND_QPS, START, image),
        source=f"{sources.SCHEDULER_PERF}; {sources.SLOS}",
        confidence="estimate",
    )


def _fetched(cluster: Cluster, workload: Workload) -> tuple[Pool, int] | None:
    """Return the pool that fetches a job's image and its size; None where it is there before or unknown."""
    pool = next((pool for pool in cluster.pools if pool.name == workload.pool), None)
    if pool is None or pool.pre_pulled:
        return None
    image_bytes = workload.image_bytes or pool.largest_image_bytes
    return (pool, image_bytes) if image_bytes else None


def _image_text(cluster: Cluster, workload: Workload) -> str:
    fetched = _fetched(cluster, workload)
    if fetched is None:
        return "0 for the job: its machines have the image before (images.prePull), or nobody says its size"
    return pull_text(fetched[0], "job")


def _image_inputs(cluster: Cluster, workload: Workload) -> tuple[Term, ...]:
    fetched = _fetched(cluster, workload)
    if fetched is None:
        return ()
    pool, image_bytes = fetched
    path = f"spec.workloads[{workload.name}].image" if workload.image_bytes else f"spec.nodePools[{pool.name}].images"
    return (read("image", "bytes", lambda _: image_bytes, path), *rate_inputs(pool))


def limits(cluster: Cluster) -> Iterator[Bound]:
    """Return each job's start against the time within which it must run."""
    for workload in cluster.workloads:
        if workload.start_target_ns:
            yield Bound(
                id=f"start-seconds[{workload.name}]",
                name=f"Starting {workload.name}",
                unit="s",
                demand=partial(start_seconds, workload=workload),
                supply=workload.start_target_ns / SECOND,
                supplied_by=origin(cluster, f"spec.workloads[{workload.name}].startTarget"),
                source=f"{sources.SCHEDULER_PERF}; {sources.SLOS}; {STORM}",
                fix=_faster(cluster, workload),
            )


def _faster(cluster: Cluster, workload: Workload) -> str:
    """Return how to shorten what takes longest of a job's start."""
    largest = Load.sizes(cluster)[2]
    pods = largest.gang(workload)
    image = (
        f"have its image on the machines before (nodePools[{workload.pool}].images.prePull), or say and raise what the "
        "registry serves (registry.bandwidth)"
    )
    create = "raise controlPlane.controllerManager.qps and burst"
    bind = "raise scheduler.qps, or give the job more time: a scheduler with plugins places about 100 pods per second"
    times = {
        image: image_seconds(largest, workload),
        create: pods / create_rate(cluster),
        bind: pods / bind_rate(cluster),
    }
    return max(times, key=times.__getitem__)
