"""What is promised beyond the pools, and how the cluster is run: scale, monitoring, autoscaling."""

from __future__ import annotations

from clusterc import formulas, quantity
from clusterc.model.pools import Machine, Pool, Sizes
from clusterc.model.promises import Autoscaler, Declared, Prometheus, Scale
from clusterc.resolve.ledger import Ledger
from clusterc.spec.cluster import Body

SECOND = 10**9


def decide_scale(body: Body, ledger: Ledger, *, nodes: Sizes) -> Scale:
    """Return the promises beyond the pools."""
    said, path = body.scale, "spec.scale"
    teams = max(1, len(body.teams))

    training = all(pool.role in {"training", "batch"} for pool in body.node_pools)
    namespaces = sum(len(team.namespaces) or 1 for team in body.teams)
    services = (
        (500, "training pods talk by address, not by Service (OpenAI 2021)")
        if training
        else (min(10_000, 500 + nodes.max), "500 and one for every node, 10,000 at most")
    )

    def count(name: str, given: int | None, default: int, why: str) -> int:
        return ledger.pick(f"{path}.{name}", given, default, why=why)

    return Scale(
        services=count("services", said.services, *services),
        endpoints_per_service=count(
            "endpointsPerService", said.endpoints_per_service, 250, "upstream's limit of pods behind one Service"
        ),
        config_maps=count("configMaps", said.config_maps, 1000 + 200 * teams, "1,000 and 200 for every team"),
        secrets=count("secrets", said.secrets, 500 + 100 * teams, "500 and 100 for every team"),
        custom_objects=count("customObjects", said.custom_objects, 2 * nodes.max, "two for every node"),
        custom_object_bytes=count("objectSize", said.object_size, 5000, "an estimate"),
        namespaces=count("namespaces", said.namespaces, 10 + namespaces, "the teams' and ten more"),
        containers_per_pod=count(
            "containersPerPod", said.containers_per_pod, 2, "upstream's limits: 300,000 containers in 150,000 pods"
        ),
        churn_per_second=ledger.pick(
            f"{path}.churn",
            said.churn,
            max(1, min(20, nodes.max // 250)),
            why=f"one a second for 250 of {nodes.max:,} nodes, 20 at most: upstream's latency targets hold up to 20 at "
            "5,000 nodes, and its limits are lower in proportion below",
            source="SIG-Scalability, slos.md and thresholds.md",
        ),
        node_changes_per_minute=count(
            "nodeChangesPerMinute",
            said.node_changes_per_minute,
            max(1, nodes.max // 500),
            "one machine in 500 joins or leaves each minute",
        ),
    )


def decide_prometheus(body: Body, ledger: Ledger) -> Prometheus:
    """Return what is known of Prometheus."""
    said, path = body.monitoring.prometheus, "spec.monitoring.prometheus"
    machine = said.machine
    if machine:
        ledger.given(f"{path}.machine.memory", quantity.format_bytes(machine.memory))
    dropped = ", the fewest where some are dropped when scraped" if said.drop else ""
    return Prometheus(
        machine=Machine(machine.cpu, machine.memory, machine.network) if machine else None,
        shards=ledger.pick(f"{path}.shards", said.shards, 1, why="one, until the series ask for more"),
        scrape_interval_ns=ledger.pick(
            f"{path}.scrapeInterval",
            said.scrape_interval,
            30 * SECOND,
            why="kube-prometheus's own",
            show=quantity.format_duration,
        ),
        retention_ns=ledger.pick(
            f"{path}.retention",
            said.retention,
            (2 if said.remote_store else 15) * 86_400 * SECOND,
            why="the store has the rest" if said.remote_store else "Prometheus's own default",
            show=quantity.format_duration,
        ),
        remote_store=said.remote_store,
        series_per_node=ledger.pick(
            f"{path}.seriesPerNode",
            said.series_per_node,
            1500 if said.drop else 3000,
            why=f"node-exporter, kubelet, cAdvisor and DCGM; 1,500 to 5,000 are seen{dropped}",
        ),
        series_per_pod=ledger.pick(
            f"{path}.seriesPerPod",
            said.series_per_pod,
            50 if said.drop else 100,
            why=f"50 to 200 are seen{dropped}",
        ),
    )


def decide_declared(body: Body, pools: tuple[Pool, ...]) -> Declared:
    """Return what the spec says is there beyond what is emitted."""
    accounting = body.network.accounting
    return Declared(
        balloon_pools=body.balloons.pools,
        preflight_pools=tuple(pool.name for pool in pools if pool.preflight),
        accounting=tuple(str(cidr) for cidr in accounting.internal) if accounting else (),
        members=any(team.members for team in body.teams),
        limits=any(team.limits for team in body.teams),
        prometheus="prometheus" in body.monitoring.model_fields_set,
        receivers=tuple(receiver.name for receiver in body.monitoring.receivers),
        webhooks=tuple(f"{hook.name} in {hook.backend.namespace}" for hook in body.webhooks),
        roles=tuple(role.name for role in body.rbac.roles),
        gitops=body.gitops.tool if body.gitops and body.gitops.tool != "none" else None,
    )


def decide_autoscaler(body: Body, ledger: Ledger, *, nodes: Sizes) -> Autoscaler | None:
    """Return how machines come and go, or None where nobody adds or removes them."""
    said, path = body.autoscaler, "spec.autoscaler"
    if said is None or said.kind == "none":
        return None
    ledger.given(f"{path}.kind", said.kind)
    return Autoscaler(
        kind=said.kind,
        join_batch=ledger.pick(
            f"{path}.joinBatch",
            said.join_batch,
            formulas.join_batch(nodes.max),
            why=f"a tenth of {nodes.max:,} nodes, 500 at most",
            source="AKS's guide for large clusters; OpenAI 2021: hundreds of nodes at once overload API servers",
        ),
        join_pause_ns=ledger.pick(
            f"{path}.joinPause",
            said.join_pause,
            120 * SECOND,
            why="two minutes between batches",
            source="AKS's guide for large clusters",
            show=quantity.format_duration,
        ),
        max_terminate_fraction=ledger.pick(
            f"{path}.maxTerminateFraction", said.max_terminate_fraction, 0.5, why="half", source="OpenAI 2018"
        ),
    )
