"""Whether every name stands for one thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from clusterc.check._view import Mistake, View
from clusterc.diagnostics import Finding, Step

REPEATED = Mistake("CC0012", "repeated-name")

Steps = tuple[Step, ...]
Named = Iterable[tuple[str, Steps]]


def findings(view: View) -> Iterator[Finding]:
    """Return every name that was taken already, with who has it."""
    for message, fix, named in (*_blocks(view), *_plain(view), *_taints(view), *_mirrors(view)):
        yield from _repeated(view, message, fix, named)
    message, fix = "namespace {} is that of another team", "give it to one team; members of both can have a role in it"
    yield from _repeated(view, message, fix, _namespaces(view))


def _blocks(view: View) -> Iterator[tuple[str, str, Named]]:
    body = view.body
    lists: tuple[tuple[str, str, Sequence[Any]], ...] = (
        ("pool", "spec.nodePools", body.node_pools),
        ("GPU type", "spec.gpuTypes", body.gpu_types),
        ("team", "spec.teams", body.teams),
        ("workload", "spec.workloads", body.workloads),
        ("add-on", "spec.addons", body.addons),
        ("webhook", "spec.webhooks", body.webhooks),
        ("priority class", "spec.priorities", body.priorities),
        ("role", "spec.rbac.roles", body.rbac.roles),
        ("peer", "spec.network.peers", body.network.peers),
        ("host port", "spec.network.host.ports", body.network.host.ports),
        ("scheduler profile", "spec.scheduler.profiles", body.scheduler.profiles),
        ("receiver", "spec.monitoring.receivers", body.monitoring.receivers),
        ("application", "spec.gitops.applications", body.gitops.applications if body.gitops else ()),
    )
    for what, where, items in lists:
        named = [(item.name, (where, i, "name")) for i, item in enumerate(items)]
        yield f"another {what} has the name {{}}", "rename one of them", named


def _plain(view: View) -> Iterator[tuple[str, str, Named]]:
    body, plane = view.body, view.body.control_plane
    lists: tuple[tuple[str, Sequence[str]], ...] = (
        ("spec.controlPlane.apiServers.hosts", plane.api_servers.hosts),
        ("spec.controlPlane.etcd.hosts", plane.etcd.hosts),
        ("spec.controlPlane.eventsEtcd.hosts", plane.events_etcd.hosts if plane.events_etcd else ()),
        ("spec.balloons.pools", body.balloons.pools),
        ("spec.upgrade.order", body.upgrade.order),
    )
    for where, names in lists:
        yield (
            f"{{}} stands twice in {where}",
            "remove one of them",
            [(name, (where, i)) for i, name in enumerate(names)],
        )


def _taints(view: View) -> Iterator[tuple[str, str, Named]]:
    for i, pool in enumerate(view.body.node_pools):
        where = ("spec.nodePools", i, "taints")
        named = [(f"{taint.key} {taint.effect}", (*where, j)) for j, taint in enumerate(pool.taints)]
        yield "taint {} stands twice", "a machine has one taint of a key and an effect: remove one of them", named


def _mirrors(view: View) -> Iterator[tuple[str, str, Named]]:
    for i, pool in enumerate(view.body.node_pools):
        where = ("spec.nodePools", i, "registry.mirrors")
        named = [(mirror.registry, (*where, j, "registry")) for j, mirror in enumerate(pool.registry.mirrors)]
        yield "the registry {} has mirrors already", "give one entry all of its endpoints", named


def _namespaces(view: View) -> Iterator[tuple[str, Steps]]:
    seen: set[str] = set()
    for i, team in enumerate(view.body.teams):
        where, names = ("spec.teams", i), team.namespaces
        yield from ((name, (*where, "namespaces", j)) for j, name in enumerate(names))
        # A second team of one name is a finding already; so is a list of namespaces that was left out.
        if not names and team.name not in seen and view.whole(*where, "namespaces"):
            yield team.name, (*where, "name")
        seen.add(team.name)


def _repeated(view: View, message: str, fix: str, named: Named) -> Iterator[Finding]:
    first: dict[str, Steps] = {}
    for name, steps in named:
        if name in first:
            related = (view.related("the first one", *first[name]),)
            yield view.finding(REPEATED, view.at(*steps), message.format(name), fix=fix, related=related)
        first.setdefault(name, steps)
