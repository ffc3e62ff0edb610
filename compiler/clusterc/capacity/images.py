"""Image pulls: what a pool's machines fetch when all of them need the largest image at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clusterc.capacity import sources
from clusterc.capacity.formula import Bound, Formula, Term, fact, read
from clusterc.capacity.settings import kubelet, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clusterc.capacity.formula import Amount
    from clusterc.capacity.load import Load
    from clusterc.model.cluster import Cluster
    from clusterc.model.pools import Pool

AREA = "images"
BITS = 8
PULL_QPS = 5
STORM = f"{sources.OPENAI_2018}: a 17 GB image took 30 minutes, 9.4 MB/s a machine"
# What a machine was seen to fetch where nobody says what its registry serves.
SEEN_BYTES_PER_SECOND = 17_000_000_000 / 1_800


def rates(pool: Pool) -> dict[str, tuple[float, str]]:
    """Return how many bytes per second each place on an image's way passes for one machine, and who says so."""
    found = own_rates(pool)
    if not pool.registry_bps:
        unsaid = f"spec.nodePools[{pool.name}].registry.bandwidth is not said"
        found["seen"] = (SEEN_BYTES_PER_SECOND, f"{STORM}; {unsaid}")
    return found


def own_rates(pool: Pool) -> dict[str, tuple[float, str]]:
    """Return how many bytes per second each place of a machine itself passes, and who says so."""
    path = f"spec.nodePools[{pool.name}]"
    known = {
        "network": (pool.machine.network_bps, f"{path}.machine.network"),
        "disk": (pool.disk_bps, f"{path}.disk.bandwidth"),
    }
    return {name: (bps / BITS, where) for name, (bps, where) in known.items() if bps}


def asked_of_registries(pool: Pool, machines: int) -> float:
    """Return the bytes per second that machines ask for, each as fast as was seen or as it can, if that is less."""
    return machines * min(SEEN_BYTES_PER_SECOND, *(rate for rate, _ in own_rates(pool).values()), float("inf"))


def pull_seconds(pool: Pool, machines: int, image_bytes: int) -> float:
    """Return how long machines of a pool take to fetch an image at once: as long as at the narrowest place."""
    if not machines:
        return 0
    times = [image_bytes / rate for rate, _ in rates(pool).values()]
    if pool.registry_bps:
        times.append(machines * image_bytes * BITS / pool.registry_bps)
    return max(times)


def pull_text(pool: Pool, machines: str) -> str:
    """Return the formula of `pull_seconds`; `machines` is what the input of machines is called."""
    places = [f"image / {name}" for name in rates(pool)]
    places += [f"{machines} x image / registry"] if pool.registry_bps else []
    return f"the longest of {' and '.join(places)}; 0 where {machines} are 0"


def rate_inputs(pool: Pool) -> tuple[Term, ...]:
    """Return the rates that go into `pull_seconds`."""
    inputs = [read(name, "bytes/s", _always(rate), where) for name, (rate, where) in rates(pool).items()]
    if pool.registry_bps:
        where = f"spec.nodePools[{pool.name}].registry.bandwidth"
        inputs.append(read("registry", "bytes/s", _always(pool.registry_bps / BITS), where))
    return tuple(inputs)


def quantities(cluster: Cluster) -> Iterator[Formula]:
    """Return the pull storm of every pool."""
    for index, pool in enumerate(cluster.pools):
        yield _requests(index, pool)
        if pool.largest_image_bytes:
            yield from _storm(index, pool, pool.largest_image_bytes)


def limits(cluster: Cluster) -> Iterator[Bound]:
    """Return up to how many machines a registry of a known bandwidth serves as fast as was seen."""
    for index, pool in enumerate(cluster.pools):
        if pool.largest_image_bytes and pool.registry_bps:
            yield _registry(index, pool, pool.registry_bps / BITS)


def _registry(index: int, pool: Pool, supply: float) -> Bound:
    return Bound(
        id=f"registry-bandwidth[{pool.name}]",
        name=f"Registries, while all of {pool.name} fetch an image",
        unit="bytes/s",
        demand=lambda load: asked_of_registries(pool, load.counts[index]),
        supply=supply,
        supplied_by=f"spec.nodePools[{pool.name}].registry.bandwidth (spec)",
        source=f"{STORM}; beyond this many, each machine gets less",
        fix="give the registry mirrors and raise registry.bandwidth, let machines fetch from each other, or put the "
        "image on them before in images.prePull",
        fits_exactly=True,
    )


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
    yield Formula(
        id=f"image-seconds[{pool.name}]",
        name=f"Time to have the largest image on every machine, {pool.name}",
        unit="s",
        value=lambda load: pull_seconds(pool, load.counts[index], image_bytes),
        text=pull_text(pool, "machines"),
        inputs=(_machines(index, pool), image, *rate_inputs(pool)),
        source=STORM,
        confidence="derived" if pool.registry_bps else "estimate",
    )
    own = tuple(read(name, "bytes/s", _always(rate), where) for name, (rate, where) in own_rates(pool).items())
    yield Formula(
        id=f"image-bandwidth[{pool.name}]",
        name=f"Bandwidth that registries must give for it, {pool.name}",
        unit="bytes/s",
        value=lambda load: asked_of_registries(pool, load.counts[index]),
        text=f"machines x the least of {' and '.join(['seen', *own_rates(pool)])}",
        inputs=(_machines(index, pool), fact("seen", SEEN_BYTES_PER_SECOND, "bytes/s", STORM), *own),
        source=STORM,
        confidence="estimate",
    )


def _always(value: float) -> Amount:
    return lambda _: value
