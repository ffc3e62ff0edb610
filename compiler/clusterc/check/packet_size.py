"""Whether a pod's largest packet, wrapped, still fits between machines."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.check._view import Mistake, View
from clusterc.defaults.network import OVERHEAD, underlay_mtu, wrapping
from clusterc.diagnostics import Finding

TOO_LARGE = Mistake("CC1211", "mtu-too-large", "flannel: VXLAN adds 50 bytes, WireGuard 80")


def findings(view: View) -> Iterator[Finding]:
    """Return the packet size if wrapped packets would be larger than what machines exchange."""
    network, wrapped = view.body.network, wrapping(view.body)
    underlay, overhead = underlay_mtu(view.body), OVERHEAD[wrapped]
    most = underlay - overhead
    if network.mtu is None or network.mtu <= most:
        return
    said = network.underlay_mtu is not None
    by = f"{wrapped} adds {overhead} bytes" if overhead else "nothing is added"
    yield view.finding(
        TOO_LARGE,
        view.at("spec.network.mtu"),
        f"mtu is {network.mtu:,}; packets between machines carry {most:,} at the most",
        measured=(network.mtu, most),
        numbers=f"{underlay:,} - {overhead} = {most:,} < {network.mtu:,} ({by})",
        fix=f"write mtu: {most}, or leave it out"
        + ("" if said else f"; if the machines' network carries more, say so: underlayMTU: {network.mtu + overhead}"),
        related=(view.related(f"{underlay:,} between machines", "spec.network.underlayMTU"),) if said else (),
    )
