"""What a spec passes on to a program as it is, and how the tables of the minor say what that program thinks of it.

The tables, and what reads them, are imported only by a spec that passes something on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from clusterc.check._view import Mistake, View
from clusterc.diagnostics import Finding, Path
from clusterc.kubernetes import minor_of
from clusterc.spec.cluster import Body
from clusterc.spec.control_plane import Flags

if TYPE_CHECKING:
    from clusterc.kubernetes.problem import Problem
    from clusterc.kubernetes.tables import Tables


def tables_for(view: View, given: object) -> Tables | None:
    """Return the tables of the spec's minor; None where nothing is given, or clusterc does not know the minor."""
    minor = minor_of(view.body.kubernetes.version)
    if not given or not minor.supported:
        return None
    from clusterc.kubernetes.tables import tables  # noqa: PLC0415

    return tables(minor)


def passed_flags(body: Body) -> tuple[tuple[str, Flags, str], ...]:
    """Return the components that a spec passes flags to, the flags, and where they stand."""
    plane = body.control_plane
    return (
        ("kube-apiserver", plane.api_servers.flags, "spec.controlPlane.apiServers.flags"),
        ("kube-controller-manager", plane.controller_manager.flags, "spec.controlPlane.controllerManager.flags"),
        ("kube-scheduler", body.scheduler.flags, "spec.scheduler.flags"),
    )


def said(view: View, path: Path, problems: Iterable[Problem], mistakes: Mapping[str, Mistake]) -> Iterator[Finding]:
    """Yield a finding for each problem, as the mistake of its fault; `path` is where what was looked at stands."""
    for problem in problems:
        at = (*path, *problem.path)
        finding = view.finding(mistakes[problem.fault.value], at, problem.text, fix=problem.fix)
        yield replace(finding, span=view.source.key_span(at)) if problem.is_of_name and problem.path else finding
