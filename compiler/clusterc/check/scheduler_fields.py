"""Whether kube-scheduler of this minor takes the fields, plugins and plugin settings that are passed to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clusterc.check._passed_on import said, tables_for
from clusterc.check._view import Mistake, View
from clusterc.diagnostics import Finding, Path

SOURCE = "KubeSchedulerConfiguration, read from each minor"
MISTAKES = {
    "unknown": Mistake("CC4101", "unknown-scheduler-field", SOURCE),
    "value": Mistake("CC4102", "scheduler-field-value", SOURCE),
}


def findings(view: View) -> Iterator[Finding]:
    """Return every field that KubeSchedulerConfiguration does not have, and every value that its field cannot hold."""
    for part, place, at in _parts(view):
        if tables := tables_for(view, part):
            from clusterc.kubernetes.documents import part_problems  # noqa: PLC0415 - few specs pass fields on

            problems = part_problems(tables, "KubeSchedulerConfiguration", part, at=at)
            yield from said(view, place, problems, MISTAKES)


def _parts(view: View) -> Iterator[tuple[Any, Path, Path]]:
    """Yield what is passed on, where it stands in the spec, and where it stands in the scheduler's configuration."""
    scheduler = view.body.scheduler
    yield scheduler.extra, view.at("spec.scheduler.extra"), ()
    for i, profile in enumerate(scheduler.profiles):
        steps = ("spec.scheduler.profiles", i)
        yield profile.plugins, view.at(*steps, "plugins"), ("profiles", 0, "plugins")
        # Positions in a list that lost an item are not those of the spec.
        if view.complete(*steps, "pluginConfig"):
            yield list(profile.plugin_config), view.at(*steps, "pluginConfig"), ("profiles", 0, "pluginConfig")
