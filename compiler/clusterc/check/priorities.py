"""Whether balloons give way to everything else, and Kubernetes takes the ladder of priorities."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.check._view import Mistake, View
from clusterc.defaults.priorities import BALLOON, balloon_priority
from clusterc.diagnostics import Finding

_PRIORITY = "Kubernetes, Pod priority and preemption"
BALLOON_HIGH = Mistake("CC7002", "balloon-priority", "cluster-autoscaler, --expendable-pods-priority-cutoff: -10")
NOT_TAKEN = Mistake("CC7003", "priority-class-not-allowed", _PRIORITY)


def findings(view: View) -> Iterator[Finding]:
    """Return classes that Kubernetes refuses, and classes that would not displace a balloon."""
    yield from _classes(view)
    if view.body.balloons.pools and view.whole("spec.balloons"):
        yield from _balloons(view)


def _classes(view: View) -> Iterator[Finding]:
    first: int | None = None
    for i, rung in enumerate(view.body.priorities):
        if rung.name.startswith("system-"):
            message = f"{rung.name} cannot be a priority class: names with system- are Kubernetes' own"
            fix = f"rename it, such as {rung.name.removeprefix('system-') or 'critical'}"
            yield view.finding(NOT_TAKEN, view.at("spec.priorities", i, "name"), message, fix=fix)
        if rung.default and first is not None:
            message = f"{rung.name} is a second default; pods without a class get one priority"
            related = (view.related("the first default", "spec.priorities", first, "default"),)
            at = view.at("spec.priorities", i, "default")
            yield view.finding(NOT_TAKEN, at, message, fix="keep default: true on one class", related=related)
        elif rung.default:
            first = i


def _balloons(view: View) -> Iterator[Finding]:
    balloon, place = balloon_priority(view.body), "spec.balloons.priority"
    for i, rung in enumerate(view.body.priorities):
        at = view.at("spec.priorities", i, "value")
        related = (view.related(f"balloons have {balloon}", place),)
        if rung.name == BALLOON and rung.value != balloon:
            message = f"class {BALLOON} has the value {rung.value:,}, but balloons have the priority {balloon}"
            fix = f"write value: {balloon}, or remove the class"
            yield view.finding(BALLOON_HIGH, at, message, fix=fix, related=related)
        elif rung.name != BALLOON and rung.value <= balloon:
            message = f"class {rung.name} has the value {rung.value:,}, not above the {balloon} of balloons"
            fix = f"write a value above {balloon}: its pods would not displace a balloon"
            yield view.finding(BALLOON_HIGH, at, message, fix=fix, related=related)
