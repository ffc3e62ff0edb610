"""Whether an add-on that configures a component of the tree says only what that component can be told."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.check._view import Mistake, View
from clusterc.defaults.network import node_local_dns, plugin
from clusterc.diagnostics import Finding, Severity
from clusterc.spec.workloads import Addon

NOT_USED = Mistake("CC4006", "add-on-of-an-emitted-component", severity=Severity.WARNING)
TWICE = Mistake("CC0020", "said-otherwise")

# What an add-on may say of itself whoever installs it, and what each component is configured by.
_OF_ALL = frozenset({"name", "kind", "version", "api_access", "writes", "owns_labels", "owns_taints"})
_CONFIGURES = {
    "coredns": frozenset({"replicas", "resources", "rollout"}),
    "node-local-dns": frozenset({"resources", "rollout"}),
    "flannel": frozenset({"resources", "rollout"}),
    "flannel-cni-plugin": frozenset[str](),
}


def findings(view: View) -> Iterator[Finding]:
    """Return every field of such an add-on that changes nothing, and replicas that contradict those of cluster DNS."""
    emitted = {"coredns"} | ({"node-local-dns"} if node_local_dns(view.body) else set())
    emitted |= {"flannel", "flannel-cni-plugin"} if plugin(view.body) == "flannel" else set()
    for i, addon in enumerate(view.body.addons):
        if addon.name in emitted:
            yield from _unused(view, i, addon)
            yield from _replicas(view, i, addon)


def _unused(view: View, index: int, addon: Addon) -> Iterator[Finding]:
    allowed = _CONFIGURES[addon.name]
    for field in sorted(addon.model_fields_set - _OF_ALL - allowed):
        name = Addon.model_fields[field].alias or field
        told = ", ".join(sorted({"version", *allowed}))
        message = f"{name} of {addon.name} changes nothing: the tree has its own {addon.name}, which is told {told}"
        fix = "remove it, or change the document with an overlay"
        yield view.finding(NOT_USED, view.at("spec.addons", index, name), message, fix=fix)


def _replicas(view: View, index: int, addon: Addon) -> Iterator[Finding]:
    said = view.body.network.dns.replicas
    if addon.name != "coredns" or None in {said, addon.replicas} or said == addon.replicas:
        return
    yield view.finding(
        TWICE,
        view.at("spec.addons", index, "replicas"),
        f"add-on coredns has {addon.replicas} replicas, but network.dns.replicas says {said}",
        fix="keep one of them",
        related=(view.related(f"{said} replicas", "spec.network.dns.replicas"),),
    )
