"""Whether a pool's GPUs can be cut the way the pool says."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc import catalog
from clusterc.check._view import Mistake, View
from clusterc.defaults.pools import gpu_type, mig_profiles
from clusterc.diagnostics import Finding, alike

CANNOT_CUT = Mistake("CC6001", "mig-profile-unknown", "NVIDIA, MIG user guide: supported GPUs")


def findings(view: View) -> Iterator[Finding]:
    """Return every MIG profile that the pool's GPU type does not have."""
    body = view.body
    own = {gpu.name for gpu in body.gpu_types}
    for i, pool in enumerate(body.node_pools):
        name, profile = gpu_type(pool, body), pool.gpu.mig if pool.gpu else None
        if name is None or profile is None or (name not in own and name not in catalog.gpus()):
            continue
        profiles = mig_profiles(name, body)
        if profile in profiles or not view.whole("spec.gpuTypes"):
            continue
        related = view.related(
            f"its GPUs are {name}", "spec.nodePools", i, "gpu.type" if _says_type(view, i) else "machine"
        )
        yield view.finding(
            CANNOT_CUT,
            view.at("spec.nodePools", i, "gpu.mig"),
            f"{name} has no MIG profile {profile}" if profiles else f"{name} cannot be cut into MIG instances",
            fix=_cure(profile, profiles),
            related=(related,),
        )


def _says_type(view: View, index: int) -> bool:
    gpu = view.body.node_pools[index].gpu
    return gpu is not None and gpu.type is not None


def _cure(profile: str, profiles: dict[str, int]) -> str:
    if not profiles:
        return "remove mig, or choose a GPU type that has profiles, such as a100-sxm4-80gb or h100-sxm5-80gb"
    near = alike(profile, profiles, most=1, cutoff=0.8)
    return f"did you mean {near[0]}? It has {', '.join(profiles)}" if near else f"write one of {', '.join(profiles)}"
