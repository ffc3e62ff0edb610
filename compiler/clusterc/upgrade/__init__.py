"""Two builds of one spec to what another Kubernetes release does to its cluster."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.diagnostics import Finding
from clusterc.kubernetes import images
from clusterc.kubernetes.tables import tables
from clusterc.model.upgrade import Change, Step
from clusterc.upgrade.broken import broken
from clusterc.upgrade.fields import field_changes
from clusterc.upgrade.files import rewritten
from clusterc.upgrade.flags import flag_changes
from clusterc.upgrade.gates import gate_changes
from clusterc.upgrade.side import Side


def compare(before: Side, after: Side, *, known: tuple[Finding, ...]) -> Step:
    """Return what happens between two releases; `known` are the findings of all releases before."""
    breaks, warns = broken(after, known)
    by_itself: tuple[Change, ...] = ()
    if before.minor != after.minor:
        old, new = tables(before.minor), tables(after.minor)
        by_itself = (
            *gate_changes(old, new, after),
            *flag_changes(old, new, after),
            *field_changes(old, new, after),
            *_images(before, after),
        )
    return Step(before.version, after.version, breaks, warns, by_itself, tuple(rewritten(before, after)))


def _images(before: Side, after: Side) -> Iterator[Change]:
    """Yield the other programs whose release is that of the minor."""
    old, new = images(before.minor), images(after.minor)
    etcd = (before.cluster.control_plane.etcd.version, after.cluster.control_plane.etcd.version)
    programs = [("etcd", *etcd), ("CoreDNS", old.coredns, new.coredns), ("pause", old.pause, new.pause)]
    if after.cluster.network.dns.node_local:
        programs.append(("node cache", old.node_cache, new.node_cache))
    for name, was, now in programs:
        if was != now:
            yield Change("images", name, was, now)
