"""`nodePools`: sizes, machines, and what is said of each pool's pods, disks, kubelets and changes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from hypothesis import strategies as st

from specs.basic import BANDWIDTH, BYTES, DURATION, FLAG, SHARE, Plain, names, number, one_of, optional, some
from specs.machines import GpuTypes, has_fabric, machine
from specs.passed_on import SYSCTLS, any_of, kubelet_fields
from specs.place import Place

DISKS = one_of("local-nvme", "local-ssd", "network-ssd", "network-disk")
# A /8 holds the blocks of all machines; each block is twice the pods of its machine.
RANGE_BITS = 32 - 8
RESERVATIONS = {"kubeReserved", "systemReserved", "evictionHard"}


@dataclass(frozen=True, slots=True)
class Pool:
    """What a spec says of a pool, and what others may ask of it."""

    said: Plain
    most: int
    max_pods: int
    whole_node: bool
    gpu_type: str | None
    gpus: int
    nvlink_domain: int

    @property
    def block(self) -> int:
        """Return how many machines one block of the fabric holds; 0 if the pool does not say it."""
        return int(self.said.get("fabric", {}).get("blockSize", 0))

    @property
    def group(self) -> int:
        """Return how many machines a group has; 0 if the pool does not say it."""
        return int(self.said.get("groups", {}).get("size", 0))

    @property
    def name(self) -> str:
        """Return the pool's name."""
        return str(self.said["name"])


def node_pools(draw: st.DrawFn, place: Place, types: GpuTypes) -> list[Pool]:
    """Return one pool for each size of the place."""
    found = names(draw, len(place.sizes), least=len(place.sizes))
    return [node_pool(draw, name, most, place, types) for name, most in zip(found, place.sizes, strict=True)]


def node_pool(draw: st.DrawFn, name: str, most: int, place: Place, types: GpuTypes) -> Pool:
    """Return one pool of up to `most` machines."""
    machines, role, said_pods = machine(draw, place.provider, types), draw(_ROLE), pods(draw, place)
    whole = said_pods.get("style", "whole-node" if role == "training" else "shared") == "whole-node"
    max_pods = said_pods.get("max", 32 if whole else 110)
    said: Plain = {"name": name, "role": role, "nodes": nodes(draw, most), **machines.said}
    said |= {"pods": said_pods} if said_pods else {}
    said |= optional(
        draw,
        groups=lambda: {"size": min(draw(_SIZE), place.largest_group)},
        fabric=lambda: optional(draw, fullBisection=FLAG, blockSize=_SIZE),
        zones=["1", "2"],
        labels=_LABELS,
        taints=_TAINTS,
        kubelet=lambda: kubelet_fields(draw, place.minor),
        sysctls=lambda: any_of(draw, SYSCTLS),
        numa=lambda: {"policy": draw(_POLICY)},
        images=lambda: optional(draw, largest=BYTES, prePull=["registry.internal/train:1"], parallelPulls=_PULLS),
        disk=lambda: {"class": draw(DISKS), "size": draw(BYTES)} | optional(draw, bandwidth=BANDWIDTH),
        runtime=lambda: runtime(draw),
        registry=lambda: optional(draw, mirrors=lambda: mirrors(draw), bandwidth=BANDWIDTH),
        health=lambda: optional(draw, preflight=FLAG, maxDrain=DURATION),
        rollout=lambda: optional(draw, maxUnavailable=SHARE),
        disruption=lambda: optional(draw, consolidate=FLAG),
        rdma=FLAG if has_fabric(machines.said, place.provider) else None,
        spot=FLAG,
    )
    if RESERVATIONS & said.get("kubelet", {}).keys():
        # Where memory is aligned, what is kept from pods is reckoned and cannot be passed on.
        said["numa"] = {"policy": draw(_UNALIGNED)}
    domain = types.known.get(machines.gpu_type or "", {}).get("nvlinkDomain", 1)
    return Pool(said, most, max_pods, whole, machines.gpu_type, machines.gpus, domain)


def nodes(draw: st.DrawFn, most: int) -> int | Plain:
    """Return a fixed number of machines, or bounds."""
    if draw(FLAG):
        return most
    least = number(draw, 0, most)
    return {"min": least, "max": most} | optional(draw, desired=lambda: number(draw, least, most))


def pods(draw: st.DrawFn, place: Place) -> Plain:
    """Return how many pods a machine takes: no more than there are addresses for, on all machines."""
    said = optional(draw, max=_pod_counts(RANGE_BITS - place.bits), style=_STYLE)
    return said | optional(draw, perNode=lambda: number(draw, 0, said.get("max", 32)))


@cache
def _pod_counts(bits: int) -> st.SearchStrategy[int]:
    counts = (1, 2, 3, 8, 32, 64, 110, 250, 500, 1024)
    return st.sampled_from([count for count in counts if (2 * count - 1).bit_length() <= bits])


def runtime(draw: st.DrawFn) -> Plain:
    """Return settings of containerd."""
    return optional(
        draw,
        maxConcurrentDownloads=_PULLS,
        progressTimeout=DURATION,
        sandboxImage="registry.internal/pause:3.10",
    )


def mirrors(draw: st.DrawFn) -> list[Plain]:
    """Return mirrors of different registries."""
    registries = some(draw, ("docker.io", "registry.internal:5000", "ghcr.io"), most=2)
    return [{"registry": registry, "endpoints": some(draw, _ENDPOINTS, least=1)} for registry in registries]


_ENDPOINTS = ("https://mirror.internal", "http://10.0.0.9:5000", "https://mirror.internal/v2/docker")
_ROLE = one_of("training", "inference", "batch", "system", "general")
_STYLE = one_of("whole-node", "shared")
_SIZE = one_of(1, 100, 450, 1000)
_PULLS = one_of(1, 2, 10)
_POLICY = one_of("none", "best-effort", "restricted", "single-numa-node")
_UNALIGNED = one_of("none", "best-effort")
_LABEL_VALUE = one_of("", "a", "R1-2.b_c", "y", "1e3", "0x1F", "true", "12")
_LABELS = st.dictionaries(one_of("example.com/team", "rack", "example.com/Row_1.a"), _LABEL_VALUE, max_size=2)
_TAINTS = st.lists(
    st.fixed_dictionaries(
        {
            "key": one_of("example.com/reserved", "maintenance", "nvidia.com/gpu"),
            "effect": one_of("NoSchedule", "PreferNoSchedule", "NoExecute"),
            "value": _LABEL_VALUE,
        }
    ),
    max_size=2,
    unique_by=lambda taint: (taint["key"], taint["effect"]),
)
