"""HAProxy before the API servers: how many connections it keeps, for how long, and when it leaves a server out."""

from __future__ import annotations

from clusterc.model.document import Tree
from clusterc.resolve.ledger import Ledger

REFERENCE = "HAProxy's configuration manual"


def balancer(ledger: Ledger, *, nodes: int) -> Tree:
    """Return HAProxy's settings, by its own names."""
    fields = ledger.settings("controlPlane.loadBalancer.haproxy", {})
    fields.put("maxconn", max(2000, 8 * nodes), why=f"eight connections for each of {nodes:,} nodes, 2,000 at least")
    fields.put("balance", "leastconn", why="connections live for days, so their number is the load")
    fields.put("timeout connect", "5s", why="a server that does not answer in that time is asked no more")
    silent = "a watch is silent for minutes; HTTP/2 pings every 30 s keep the connection known"
    fields.put("timeout client", "15m", why=silent, source="client-go: HTTP2_READ_IDLE_TIMEOUT_SECONDS 30")
    fields.put("timeout server", "15m", why=silent, source="client-go: HTTP2_READ_IDLE_TIMEOUT_SECONDS 30")
    fields.put("timeout tunnel", "24h", why="exec and port-forward may last a day")
    fields.put("inter", "3s", why="with fall: a server that leaves gets no new connection after 9 s", source=REFERENCE)
    fields.put("fall", 3, why="one lost check is no failure", source=REFERENCE)
    fields.put("rise", 2, why="a server that comes back is asked twice first", source=REFERENCE)
    fields.put("slowstart", "60s", why="a server that comes back fills its watch caches before it takes its full share")
    return fields.tree()
