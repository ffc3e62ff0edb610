"""Whether the spec's own scheduler profiles keep off the names of those that are always made."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.check._view import View
from clusterc.check.repeated_names import REPEATED
from clusterc.defaults.pools import gpu_type
from clusterc.diagnostics import Finding
from clusterc.model.control_plane import DEFAULT_PROFILE, GPU_PROFILE


def findings(view: View) -> Iterator[Finding]:
    """Return every profile that a kube-scheduler would have twice, which it refuses."""
    has_gpus = any(gpu_type(pool, view.body) for pool in view.body.node_pools)
    cures = {DEFAULT_PROFILE: "write its plugins and pluginConfig in spec.scheduler itself"}
    cures |= {GPU_PROFILE: "choose another name"} if has_gpus else {}
    for i, profile in enumerate(view.body.scheduler.profiles):
        if profile.name in cures:
            message = f"{profile.name} is a profile that is always there"
            yield view.finding(
                REPEATED, view.at("spec.scheduler.profiles", i, "name"), message, fix=cures[profile.name]
            )
