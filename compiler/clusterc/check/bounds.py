"""Whether the numbers of a pool are in order: least, usual and most machines."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.check._view import Mistake, View
from clusterc.diagnostics import Finding

CONTRADICTORY = Mistake("CC0019", "contradictory-bounds")


def findings(view: View) -> Iterator[Finding]:
    """Return every pool whose bounds contradict each other."""
    for i, pool in enumerate(view.body.node_pools):
        where, nodes = view.name("spec.nodePools", i, "nodes"), pool.nodes
        if nodes.min > nodes.max:
            yield view.finding(
                CONTRADICTORY,
                view.at("spec.nodePools", i, "nodes.min"),
                f"{where}.min is {nodes.min:,}, more than its max of {nodes.max:,}",
                fix=f"write {{min: {nodes.max}, max: {nodes.min}}} if the two were mixed up",
                related=(view.related("the most machines", "spec.nodePools", i, "nodes.max"),),
            )
        elif nodes.desired is not None and not nodes.min <= nodes.desired <= nodes.max:
            nearest = nodes.min if nodes.desired < nodes.min else nodes.max
            end = "min" if nodes.desired < nodes.min else "max"
            yield view.finding(
                CONTRADICTORY,
                view.at("spec.nodePools", i, "nodes.desired"),
                f"{where}.desired is {nodes.desired:,}, outside {nodes.min:,} to {nodes.max:,}",
                fix=f"write desired: {nearest}, or change {end}",
                related=(view.related("the bound", "spec.nodePools", i, f"nodes.{end}"),),
            )
