"""Whether etcd's release knows the keys that are passed to its configuration file, of which it ignores unknown ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from clusterc.check._passed_on import said, tables_for
from clusterc.check._view import Mistake, View
from clusterc.defaults.control_plane import etcds
from clusterc.diagnostics import Finding, kind_of
from clusterc.kubernetes import images, minor_of
from clusterc.kubernetes.etcd import etcd_minor_of
from clusterc.spec.control_plane import Etcd

if TYPE_CHECKING:
    from clusterc.kubernetes.problem import Problem

SOURCE = "etcd's own configuration, read from each release; unknown keys of its file are ignored without a word"
MISTAKES = {
    "unknown": Mistake("CC2101", "unknown-etcd-key", SOURCE),
    "value": Mistake("CC2102", "etcd-key-value", SOURCE),
}
MAIN = "spec.controlPlane.etcd"


def findings(view: View) -> Iterator[Finding]:
    """Return every key that etcd does not know, and every value of another type than its key."""
    for place, etcd in etcds(view.body):
        if not tables_for(view, etcd.extra):
            continue
        minor = etcd_minor_of(etcd.version or images(minor_of(view.body.kubernetes.version)).etcd)
        if minor.supported:
            from clusterc.kubernetes.documents import etcd_problems  # noqa: PLC0415 - few specs pass keys on

            problems = (*etcd_problems(minor, etcd.extra, part=()), *_no_flags(view, etcd, place))
            yield from said(view, view.at(place, "extra"), problems, MISTAKES)


def _no_flags(view: View, etcd: Etcd, place: str) -> Iterator[Problem]:
    """Yield the values that kubeadm, which runs stacked members, cannot give to etcd as a flag."""
    from clusterc.kubernetes.problem import Fault, Problem  # noqa: PLC0415 - few specs pass keys on

    if view.body.control_plane.placement == "stacked" and place == MAIN:
        for name, value in etcd.extra.items():
            if isinstance(value, dict | list):
                text = f"{name} is {kind_of(value)}, but kubeadm passes keys to stacked members as flags"
                yield Problem(Fault.VALUE, (name,), text, "write placement: dedicated, or remove it")
