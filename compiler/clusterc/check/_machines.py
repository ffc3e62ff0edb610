"""How many machines a cluster may have at once, and who says so."""

from __future__ import annotations

from dataclasses import dataclass

from clusterc.check._view import View
from clusterc.diagnostics import Related


@dataclass(frozen=True, slots=True)
class Most:
    """The most machines of all pools together, how they add up, and where the spec says so."""

    nodes: int
    sum: str
    related: tuple[Related, ...]


def most_machines(view: View) -> Most:
    """Return the most machines: every pool at its maximum, and the surge of an upgrade where the spec names one."""
    pools = view.body.node_pools
    nodes, parts, related = 0, list[str](), list[Related]()
    for i, pool in enumerate(pools):
        nodes += pool.nodes.max
        parts.append(f"{pool.name} {pool.nodes.max:,}")
        related.append(
            view.related(f"pool {pool.name}: up to {pool.nodes.max:,} machines", "spec.nodePools", i, "nodes.max")
        )
    if surge := _surge(view):
        nodes += surge
        parts.append(f"surge {surge:,}")
        related.append(view.related(f"{surge:,} more machines during an upgrade", "spec.upgrade.maxSurge"))
    text = f"{' + '.join(parts)} = {nodes:,}" if len(parts) > 1 else parts[0]
    return Most(nodes, text, tuple(related))


def _surge(view: View) -> int:
    """Return the extra machines of an upgrade: pools are upgraded one after another, so the largest pool decides."""
    share = view.body.upgrade.max_surge
    if share is None:
        return 0
    largest = max(pool.nodes.max for pool in view.body.node_pools)
    return -(-largest * int(share[:-1]) // 100) if share.endswith("%") else int(share)
