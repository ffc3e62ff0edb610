"""How many Events the API servers let in: all of what the largest job writes as it starts, and no storm beyond it."""

from __future__ import annotations

from math import ceil

from clusterc import formulas
from clusterc.model.document import Tree
from clusterc.resolve.facts import Facts

LEAST_NAMESPACE_QPS, LEAST_SERVER_QPS = 50, 100
# A refused Event is lost: the answer names no time to retry, and client-go's recorder does not write it again.
SOURCE = "EventRateLimit answers 429 without Retry-After; client-go, tools/record and tools/events: will not retry"


def event_limits(facts: Facts, *, create_qps: float, bind_qps: float) -> tuple[Tree, ...]:
    """Return the limits of the EventRateLimit plugin, each counted by every API server for itself.

    Every writer holds one connection, so all Events of a start may come through one server.
    """
    ledger, nodes = facts.ledger, facts.nodes.max
    gang = max((workload.pods for workload in facts.body.workloads), default=nodes)
    started = formulas.start_rate(create_qps, bind_qps)
    each = formulas.EVENTS_PER_START
    namespace = ledger.settings("controlPlane.eventLimits[Namespace]", {})
    qps = max(LEAST_NAMESPACE_QPS, ceil(each * started))
    burst = max(10 * LEAST_NAMESPACE_QPS, each * gang)
    namespace.put("qps", qps, why=f"{each} Events x {started:g} pods that start per second, 50 at least", source=SOURCE)
    namespace.put(
        "burst", burst, why=f"{each} Events x {gang:,} pods of the largest job's start, 500 at least", source=SOURCE
    )
    namespace.put(
        "cacheSize", 2000, why="namespaces that are counted; beyond these the one that was silent longest is forgotten"
    )
    server = ledger.settings("controlPlane.eventLimits[Server]", {})
    others = max(LEAST_SERVER_QPS, nodes // 10)
    server.put(
        "qps", qps + others, why=f"one such start, and an Event of each tenth of {nodes:,} nodes every second beside it"
    )
    server.put("burst", burst + 10 * others, why="one such start, and ten seconds of what else is written")
    return ({"type": "Server", **server.tree()}, {"type": "Namespace", **namespace.tree()})
