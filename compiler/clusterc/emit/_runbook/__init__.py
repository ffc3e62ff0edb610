"""The runbook in a tree's README: every file's place, in an order in which nothing waits for a later step."""

from __future__ import annotations

from clusterc.emit._runbook.control_plane import control_plane_steps
from clusterc.emit._runbook.endpoint import endpoint_step
from clusterc.emit._runbook.etcd import etcd_steps, timer_steps
from clusterc.emit._runbook.objects import object_steps
from clusterc.emit._runbook.pools import pool_step
from clusterc.emit._runbook.step import render
from clusterc.model.cluster import Cluster

INTRODUCTION = """\
## Bring it up

Copy this tree, which holds no secret, to every machine, and run the blocks there as root, in the tree's top folder,
line by line: where a line fails, stop. The steps are in an order in which none waits for a later one.
"""


def bring_up(cluster: Cluster) -> str:
    """Return the steps that make a running cluster of a tree."""
    steps = (
        *etcd_steps(cluster),
        endpoint_step(cluster),
        *control_plane_steps(cluster),
        *timer_steps(cluster),
        *object_steps(cluster),
        pool_step(cluster),
    )
    return f"{INTRODUCTION}\n{render(steps)}"
