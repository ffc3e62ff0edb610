"""Whether etcd's release knows the keys that are passed to its configuration file, of which it ignores unknown ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from clusterc.check._passed_on import said, tables_for
from clusterc.check._view import Mistake, View
from clusterc.diagnostics import Finding, Severity, kind_of
from clusterc.kubernetes import images, minor_of
from clusterc.spec.control_plane import Etcd

if TYPE_CHECKING:
    from clusterc.kubernetes.problem import Problem

SOURCE = "etcd's own configuration, read from each release; unknown keys of its file are ignored without a word"
MISTAKES = {
    "unknown": Mistake("CC2101", "unknown-etcd-key", SOURCE),
    "value": Mistake("CC2102", "etcd-key-value", SOURCE),
}
UNCHECKED = Mistake("CC2103", "etcd-keys-unchecked", severity=Severity.WARNING)


def findings(view: View) -> Iterator[Finding]:
    """Return every key that etcd does not know, and every value of another type than its key."""
    plane = view.body.control_plane
    for etcd, place in ((plane.etcd, "spec.controlPlane.etcd"), (plane.events_etcd, "spec.controlPlane.eventsEtcd")):
        if etcd is not None and tables_for(view, etcd.extra):
            yield from _keys(view, etcd, place)


def _keys(view: View, etcd: Etcd, place: str) -> Iterator[Finding]:
    from clusterc.kubernetes.documents import etcd_problems  # noqa: PLC0415 - few specs pass keys on

    release = etcd.version or images(minor_of(view.body.kubernetes.version)).etcd
    path, problems = view.at(place, "extra"), etcd_problems(release, etcd.extra)
    if problems is not None:
        yield from said(view, path, (*problems, *_no_flags(view, etcd, place)), MISTAKES)
        return
    message = f"clusterc does not know the keys of etcd {release}, so nothing says whether it takes these"
    yield view.finding(UNCHECKED, path, message, fix="leave version out, or write a release of 3.6 or 3.7", at_key=True)


def _no_flags(view: View, etcd: Etcd, place: str) -> Iterator[Problem]:
    """Yield the values that kubeadm, which runs stacked members, cannot give to etcd as a flag."""
    from clusterc.kubernetes.problem import Fault, Problem  # noqa: PLC0415 - few specs pass keys on

    if view.body.control_plane.placement == "stacked" and place == "spec.controlPlane.etcd":
        for name, value in etcd.extra.items():
            if isinstance(value, dict | list):
                text = f"{name} is {kind_of(value)}, but kubeadm passes keys to stacked members as flags"
                yield Problem(Fault.VALUE, (name,), text, "write placement: dedicated, or remove it")
