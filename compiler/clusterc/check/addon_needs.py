"""Whether somebody gives nodes the labels and taints that an add-on needs to run anywhere."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.check._view import Mistake, View
from clusterc.diagnostics import Finding, Severity
from clusterc.spec.workloads import Addon

NOBODY = Mistake("CC4004", "addon-needs-nobody-meets", severity=Severity.WARNING)
# Labels and taints of Kubernetes, of cloud controllers and of clusterc itself.
_OTHERS = ("kubernetes.io", "k8s.io", "clusterc.dev")


def findings(view: View) -> Iterator[Finding]:
    """Return every label or taint that an add-on needs and that neither its pools nor another add-on has."""
    if not all(view.whole(part) for part in ("spec.nodePools", "spec.addons")):
        return
    for i, addon in enumerate(view.body.addons):
        for label, value in addon.needs_labels.items():
            if not _is_foreign(label) and not _has_label(view, addon, label, value):
                yield _nobody(view, i, addon, "label", f"{label}={value}", ("needsLabels",))
        for j, taint in enumerate(addon.needs_taints):
            if not _is_foreign(taint) and taint not in _taints(view, addon):
                yield _nobody(view, i, addon, "taint", taint, ("needsTaints", j))


def _is_foreign(key: str) -> bool:
    domain = key.rpartition("/")[0]
    return any(domain == known or domain.endswith(f".{known}") for known in _OTHERS)


def _has_label(view: View, addon: Addon, label: str, value: str) -> bool:
    pools = [pool for pool in view.body.node_pools if not addon.pools or pool.name in addon.pools]
    owned = any(label in other.owns_labels for other in view.body.addons)
    return owned or any(pool.labels.get(label) == value for pool in pools)


def _taints(view: View, addon: Addon) -> set[str]:
    pools = [pool for pool in view.body.node_pools if not addon.pools or pool.name in addon.pools]
    return {taint.key for pool in pools for taint in pool.taints} | {k for a in view.body.addons for k in a.owns_taints}


def _nobody(view: View, index: int, addon: Addon, what: str, key: str, steps: tuple[str | int, ...]) -> Finding:
    return view.finding(
        NOBODY,
        view.at("spec.addons", index, *steps),
        f"{addon.name} needs nodes with the {what} {key}, which neither a pool nor an add-on gives them",
        fix=f"add it to the pool's {what}s, or to owns{what.capitalize()}s of the add-on that sets it",
    )
