"""Whether the machines' range has an address for every machine."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc import catalog
from clusterc.check._machines import most_machines
from clusterc.check._view import Mistake, View
from clusterc.diagnostics import Finding

TOO_SMALL = Mistake("CC1202", "node-cidr-too-small")
# The address of the network and that of its broadcast; a provider keeps more for itself.
USUALLY_KEPT = 2
KEPT = "reservedAddressesPerSubnet"


def findings(view: View) -> Iterator[Finding]:
    """Return the machines' range if the pools alone, without the control plane, outgrow it."""
    body, most = view.body, most_machines(view)
    cidr = body.network.node_cidr
    kept = body.provider_limits.get(KEPT) or catalog.ceilings(body.provider).get(KEPT, {}).get("value", USUALLY_KEPT)
    usable = max(0, cidr.num_addresses - kept)
    if most.nodes <= usable or not view.complete("spec.nodePools"):
        return
    fits = 32 - (most.nodes + kept - 1).bit_length()
    yield view.finding(
        TOO_SMALL,
        view.at("spec.network.nodeCIDR"),
        f"{cidr} has addresses for {usable:,} machines; the pools may grow to {most.nodes:,}",
        measured=(most.nodes, usable),
        numbers=f"2^(32-{cidr.prefixlen}) - {kept} = {usable:,} < {most.nodes:,} ({most.sum})",
        fix=f"a /{fits} has {2 ** (32 - fits) - kept:,}; it also needs room for the control plane's machines",
        related=most.related,
    )
