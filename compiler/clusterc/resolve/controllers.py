"""kube-controller-manager: how fast it talks, how much it does at once, and how fast it gives nodes up."""

from __future__ import annotations

from clusterc.model.network import Network
from clusterc.resolve.api_server import SCALE_TEST
from clusterc.resolve.facts import Facts
from clusterc.resolve.ledger import Settings

REFERENCE = "kube-controller-manager's reference"
LARGE_NODES = 2_000
# Controllers, kube-controller-manager's own number of workers, and how many times that in a large cluster.
WORKERS = (
    ("deployment", 5, 4),
    ("replicaset", 5, 4),
    ("statefulset", 5, 4),
    ("job", 5, 4),
    ("daemonset", 2, 4),
    ("resource-quota", 5, 4),
    ("gc", 20, 5),
)


def decide_controllers(facts: Facts, network: Network) -> dict[str, str]:
    """Return every flag of kube-controller-manager."""
    body, ledger, rung, nodes = facts.body, facts.ledger, facts.rung, facts.nodes
    said, path = body.control_plane.controller_manager, "spec.controlPlane.controllerManager"
    flags = ledger.settings(f"{path}.flags", said.flags)
    qps = ledger.pick(f"{path}.qps", said.qps, rung.controllers[0], why=rung.why, source=rung.source)
    burst = ledger.pick(f"{path}.burst", said.burst, max(qps, rung.controllers[1]), why=rung.why, source=rung.source)
    flags.take("kube-api-qps", qps, of=f"{path}.qps")
    flags.take("kube-api-burst", burst, of=f"{path}.burst")
    _addresses(flags, network)
    _workers(flags, nodes.max)
    rate = max(0.1, round(nodes.max / 3600, 2))
    flags.put(
        "node-eviction-rate",
        rate,
        why=f"{rate:g} nodes/s reaches every node within the hour; the default 0.1 takes 2 h for 750",
        source="kube-controller-manager's reference (default 0.1)",
    )
    flags.put(
        "secondary-node-eviction-rate", 0.01, why="most of a zone unreachable is a network fault, not dead machines"
    )
    flags.put("unhealthy-zone-threshold", 0.55, why="kube-controller-manager's own default")
    flags.put(
        "node-monitor-grace-period",
        "50s",
        why="five missed leases; must exceed 45 s of HTTP/2 time-outs",
        source="kube-controller-manager's reference since 1.32",
    )
    for name in ("endpoint", "endpointslice"):
        flags.put(
            f"{name}-updates-batch-period",
            "500ms" if nodes.max > 1000 else "0s",
            why="changes of one Service travel together" if nodes.max > 1000 else "at this size news go out at once",
            source=SCALE_TEST,
        )
    flags.put("terminated-pod-gc-threshold", 12_500, why="kube-controller-manager's own default")
    if gates := facts.feature_gates:
        flags.put("feature-gates", gates, why="the same gates as the API server")
    return flags.flags()


def _workers(flags: Settings, nodes: int) -> None:
    """Decide how many objects of a kind are worked on at once."""
    large = nodes > LARGE_NODES
    for name, default, times in WORKERS:
        flags.put(
            f"concurrent-{name}-syncs",
            default * times if large else default,
            why=f"{nodes:,} nodes: {times} times the default" if large else "kube-controller-manager's own default",
            source=f"clusterc's choice above {LARGE_NODES:,} nodes; {REFERENCE}: {default}" if large else REFERENCE,
        )


def _addresses(flags: Settings, network: Network) -> None:
    blocks = network.pod_block_mask is not None
    flags.put(
        "allocate-node-cidrs",
        blocks,
        why=f"{network.cni} " + ("uses" if blocks else "does not use") + " the nodes' blocks",
    )
    flags.put(
        "configure-cloud-routes",
        False,
        why="routes per table are few, some hundreds, and packets reach pods without them",
        source="the providers' ceilings routesPerTable",
    )
    if blocks:
        # Of the three names of this flag kubeadm reads only this one.
        flags.take("node-cidr-mask-size-ipv4", network.pod_block_mask, of="spec.network.podBlockMask")
        if network.dual_stack:
            flags.put(
                "node-cidr-mask-size-ipv6", network.dual_stack.pod_block_mask, why="spec.network.dualStack.podBlockMask"
            )
