"""Whether the provider makes groups of machines as large as a pool is divided into."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc import catalog
from clusterc.check._view import Mistake, View
from clusterc.diagnostics import Finding

LIMIT = "nodesPerGroup"


def findings(view: View) -> Iterator[Finding]:
    """Return every pool whose groups are larger than the provider's ceiling, or the spec's correction of it."""
    row = catalog.ceilings(view.body.provider).get(LIMIT)
    own = view.body.provider_limits.get(LIMIT)
    most: int | None = own or (row["value"] if row else None)
    for i, pool in enumerate(view.body.node_pools):
        if most is None or pool.groups is None or pool.groups.size <= most:
            continue
        yield view.finding(
            Mistake("CC5005", "group-too-large", "" if own or row is None else row["source"]),
            view.at("spec.nodePools", i, "groups.size"),
            f"groups of {pool.groups.size:,} machines are more than {view.body.provider} takes in one, {most:,}",
            fix=f"write size: {most}, or the raised ceiling in providerLimits: {{{LIMIT}: {pool.groups.size}}}",
            measured=(pool.groups.size, most),
            related=(view.related("the ceiling", "spec.providerLimits"),) if own else (),
        )
