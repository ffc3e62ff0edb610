"""`gpuTypes`, and the machine and GPUs of a pool: from the catalogues, described in the spec, or both."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from hypothesis import strategies as st

from clusterc import catalog
from specs.basic import BANDWIDTH, BYTES, FLAG, MEMORY, NAMES, Plain, chosen, one_of, optional

OWN_PROFILES = {"1g.10gb": 7, "2g.20gb": 3, "7g.80gb": 1}
MOST_GPUS = 16


@dataclass(frozen=True, slots=True)
class Machine:
    """What a pool says of its machines, and what follows: the GPUs of each, or their parts where they are cut."""

    said: Plain
    gpu_type: str | None = None
    gpus: int = 0


@dataclass(frozen=True, slots=True)
class GpuTypes:
    """What a spec says of GPU types, and every type that a pool may name, as it is after that."""

    said: list[Plain]
    known: dict[str, Plain]


def gpu_types(draw: st.DrawFn) -> GpuTypes:
    """Return the catalogue with up to two types of the spec's own, or corrected by it."""
    rows = catalog.gpus()
    said = [{"name": name} | _correction(draw) for name in draw(_TYPE_NAMES)]
    return GpuTypes(said, rows | {gpu["name"]: rows.get(gpu["name"], {}) | gpu for gpu in said})


def _correction(draw: st.DrawFn) -> Plain:
    return optional(
        draw,
        memory=BYTES,
        perNode=_PER_NODE,
        nvlinkDomain=_PER_NODE,
        nics=_PER_NODE,
        nicBandwidth=BANDWIDTH,
        resource=_RESOURCE,
        migProfiles=OWN_PROFILES,
        xid=_XID,
    )


def machine(draw: st.DrawFn, provider: str, types: GpuTypes) -> Machine:
    """Return a machine that the provider rents, or a described one."""
    if provider != "metal" and draw(FLAG):
        return rented(draw, provider, types)
    return with_gpus(draw, {"machine": described(draw)}, types)


def rented(draw: st.DrawFn, provider: str, types: GpuTypes) -> Machine:
    """Return a machine of the provider's catalogue; its GPUs may be cut or fewer, and one without gets some."""
    rows = catalog.machines(provider)
    name = draw(_rented(provider))
    correction = optional(draw, memory=MEMORY, numaNodes=_NUMA_NODES)
    said: Plain = {"machine": {"type": name} | correction if correction else name}
    inside = rows[name].get("gpu")
    if inside is None:
        return with_gpus(draw, said, types)
    gpu, parts = _cut(draw, types.known[inside["type"]], inside["count"])
    count: int = gpu.get("count", inside["count"])
    return Machine(said | ({"gpu": gpu} if gpu else {}), inside["type"], count * parts)


def described(draw: st.DrawFn) -> Plain:
    """Return a machine by its size."""
    return {"cpu": draw(_CPU), "memory": draw(MEMORY)} | optional(
        draw,
        type="in-house-3",
        localDisk=BYTES,
        network=BANDWIDTH,
        rdma=lambda: {"nics": draw(_PER_NODE), "bandwidth": draw(BANDWIDTH)},
        numaNodes=_NUMA_NODES,
    )


def has_fabric(said: Plain, provider: str) -> bool:
    """Return whether a machine has interfaces for RDMA, as the spec or the catalogue says."""
    machine = said["machine"] if isinstance(said["machine"], dict) else {"type": said["machine"]}
    return "rdma" in machine or "rdma" in catalog.machines(provider).get(machine.get("type", ""), {})


def with_gpus(draw: st.DrawFn, said: Plain, types: GpuTypes) -> Machine:
    """Return a machine with GPUs put in, or without."""
    if not draw(FLAG):
        return Machine(said)
    name = chosen(draw, tuple(types.known))
    gpu, parts = _cut(draw, types.known[name], MOST_GPUS)
    count = int(gpu.get("count") or types.known[name].get("perNode", 1))
    return Machine(said | {"gpu": {"type": name, **gpu}}, name, count * parts)


def _cut(draw: st.DrawFn, gpu_type: Plain, most: int) -> tuple[Plain, int]:
    """Return how many GPUs there are and how they are cut, where that is said, and the parts of one."""
    profiles = gpu_type.get("migProfiles", {})
    cut = (lambda: chosen(draw, tuple(profiles))) if profiles else None
    gpu = optional(draw, count=_counts(most), mig=cut)
    return gpu, profiles[gpu["mig"]] if "mig" in gpu else 1


@cache
def _rented(provider: str) -> st.SearchStrategy[str]:
    rows = catalog.machines(provider)
    return st.sampled_from([name for name, row in rows.items() if "gpu" in row]) | st.sampled_from(sorted(rows))


@cache
def _counts(most: int) -> st.SearchStrategy[int]:
    return st.sampled_from([count for count in (1, 2, 4, 8, 16) if count <= most])


_TYPE_NAMES = st.lists(st.sampled_from([*NAMES, *sorted(catalog.gpus())]), max_size=2, unique=True)
_PER_NODE = one_of(1, 2, 8, 16, 72)
_RESOURCE = one_of("nvidia.com/gpu", "amd.com/gpu", "gpu.example.com/a")
_XID = one_of({"fatal": [79, 95]}, {"contained": [94], "application": [31, 43, 45]})
_NUMA_NODES = one_of(1, 2, 4, 8, 16)
_CPU = one_of(4, "7500m", 64, 192)
