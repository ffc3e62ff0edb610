"""Image pulls: what a pool's machines fetch when all of them need the largest image at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clusterc.capacity import sources
from clusterc.capacity.formula import Formula, Term, read
from clusterc.capacity.settings import kubelet, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clusterc.capacity.formula import Bound
    from clusterc.capacity.load import Load
    from clusterc.model.cluster import Cluster
    from clusterc.model.pools import Pool

AREA = "images"
BITS = 8
PULL_QPS = 5
STORM = f"{sources.OPENAI_2018}: a 17 GB image took 30 minutes, 9.4 MB/s a machine"


def machine_rate(pool: Pool) -> float | None:
    """Return the bytes per second that one machine fetches or writes; None where neither is known."""
    known = [rate / BITS for rate in (pool.machine.network_bps, pool.disk_bps) if rate]
    return min(known, default=None)


def pull_seconds(pool: Pool, machines: int, image_bytes: int) -> float | None:
    """Return how long machines of a pool take to fetch an image at once; None where no rate is known."""
    own = machine_rate(pool)
    times = [image_bytes / own] if own and machines else []
    if pool.registry_bps:
        times.append(machines * image_bytes * BITS / pool.registry_bps)
    return max(times, default=None)


def quantities(cluster: Cluster) -> Iterator[Formula]:
    """Return the pull storm of every pool."""
    for index, pool in enumerate(cluster.pools):
        yield _requests(index, pool)
        if pool.largest_image_bytes:
            yield from _storm(index, pool, pool.largest_image_bytes)


def limits(_: Cluster) -> tuple[Bound, ...]:
    """Return no limit: a slow pull delays jobs and breaks nothing."""
    return ()


def _machines(index: int, pool: Pool) -> Term:
    return read("machines", "nodes", lambda load: load.counts[index], f"spec.nodePools[{pool.name}].nodes.max")


def _requests(index: int, pool: Pool) -> Formula:
    def qps(load: Load) -> float:
        return number(kubelet(load.cluster, pool, "registryPullQPS"), PULL_QPS)

    return Formula(
        id=f"image-requests[{pool.name}]",
        name=f"Requests that machines allow themselves of registries, {pool.name}",
        unit="1/s",
        value=lambda load: load.counts[index] * qps(load),
        text="machines x registryPullQPS; machines behind one address share its quota at public registries",
        inputs=(
            _machines(index, pool),
            read("registryPullQPS", "1/s", qps, "kubelet.registryPullQPS"),
        ),
        source=f"{sources.KUBELET}; {sources.OPENAI_2018}: registries' quotas are counted by address",
        confidence="derived",
    )


def _storm(index: int, pool: Pool, image_bytes: int) -> Iterator[Formula]:
    path = f"spec.nodePools[{pool.name}]"
    image = read("image", "bytes", lambda _: image_bytes, f"{path}.images.largest")
    yield Formula(
        id=f"image-bytes[{pool.name}]",
        name=f"The largest image on every machine, {pool.name}",
        unit="bytes",
        value=lambda load: load.counts[index] * image_bytes,
        text="machines x image",
        inputs=(_machines(index, pool), image),
        source=STORM,
        confidence="derived",
    )
    if machine_rate(pool) is None and not pool.registry_bps:
        return
    rates = {
        "network": (pool.machine.network_bps, f"{path}.machine.network"),
        "disk": (pool.disk_bps, f"{path}.disk.bandwidth"),
        "registry": (pool.registry_bps, f"{path}.registry.bandwidth"),
    }
    yield Formula(
        id=f"image-seconds[{pool.name}]",
        name=f"Time to have the largest image on every machine, {pool.name}",
        unit="s",
        value=lambda load: pull_seconds(pool, load.counts[index], image_bytes) or 0,
        text="the longest of image / network, image / disk and machines x image / registry, as far as they are known",
        inputs=(
            _machines(index, pool),
            image,
            *(_rate(name, rate, where) for name, (rate, where) in rates.items() if rate),
        ),
        source=STORM,
        confidence="derived",
    )


def _rate(name: str, bits_per_second: int, path: str) -> Term:
    return read(name, "bytes/s", lambda _: bits_per_second / BITS, path)
