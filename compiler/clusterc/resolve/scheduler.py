"""kube-scheduler: profiles, packing, how many nodes are scored, and how fast it binds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from clusterc import formulas
from clusterc.model.control_plane import DEFAULT_PROFILE, GPU_PROFILE
from clusterc.model.document import Tree
from clusterc.resolve.facts import Facts
from clusterc.resolve.ledger import Ledger
from clusterc.resolve.machines import gpu_name
from clusterc.resolve.tables import Rung
from clusterc.spec.cluster import Body
from clusterc.spec.control_plane import Profile

KUBECONFIG = "/etc/kubernetes/scheduler.conf"
EVERY_NODE = 100


@dataclass(frozen=True, slots=True)
class Scheduler:
    """The scheduler's configuration and flags, decided."""

    config: Tree
    flags: dict[str, str]
    qps: float
    percentage: int


def decide_scheduler(facts: Facts) -> Scheduler:
    """Return the scheduler's configuration: the default profile, and one for GPU pools where there are any."""
    body, ledger, rung = facts.body, facts.ledger, facts.rung
    said, path = body.scheduler, "spec.scheduler"
    fields = ledger.settings(f"{path}.extra", said.extra)
    percentage = _percentage(facts)
    qps = ledger.pick(f"{path}.qps", said.qps, rung.scheduler_qps, why=rung.why, source=rung.source)
    burst = ledger.pick(f"{path}.burst", said.burst, int(2 * qps), why="twice the rate: a gang's binds come at once")
    parallelism = ledger.pick(
        f"{path}.parallelism",
        said.parallelism,
        min(32, max(16, _api_cores(body, rung))),
        why="the cores of its machine, 16 to 32",
        source="kube-scheduler v1 defaults: 16",
    )
    fields.take("parallelism", parallelism, of=f"{path}.parallelism")
    fields.take("percentageOfNodesToScore", percentage, of=f"{path}.percentageOfNodesToScore")
    gang = body.gangs is not None
    fields.put("podInitialBackoffSeconds", 1, why="kube-scheduler's own default")
    fields.put(
        "podMaxBackoffSeconds",
        30 if gang else 10,
        why="a gang that does not fit must not be tried every ten seconds" if gang else "kube-scheduler's own default",
        source="KEP-4671 calls 10 s insufficient in large clusters",
    )
    fields.put("leaderElection", {"leaderElect": True}, why="one scheduler decides, the others stand by")
    fields.put(
        "clientConnection", {"kubeconfig": KUBECONFIG, "qps": qps, "burst": burst}, why="spec.scheduler.qps and burst"
    )
    fields.put(
        "profiles", _profiles(body, ledger), why="the default profile, one for GPU pools, and spec.scheduler.profiles"
    )
    return Scheduler(fields.tree(), _flags(facts), float(qps), percentage)


def _api_cores(body: Body, rung: Rung) -> int:
    machine = body.control_plane.api_servers.machine
    return machine.cpu // 1000 if machine else rung.api_cpu


def _percentage(facts: Facts) -> int:
    """Decide how many nodes are scored: packing sees only the sample; the scheduler's own is small and uneven."""
    body, nodes = facts.body, facts.nodes
    largest = max(pool.nodes.max for pool in body.node_pools)
    adaptive = formulas.adaptive_percentage(nodes.max)
    sample = formulas.nodes_scored(nodes.max, 0)
    whole = all(pool.role == "training" for pool in body.node_pools if gpu_name(pool, body))
    if nodes.max < formulas.LEAST_NODES_TO_SCORE:
        wanted, why = (
            EVERY_NODE,
            f"{nodes.max} nodes are fewer than the {formulas.LEAST_NODES_TO_SCORE} that are always scored",
        )
    elif whole:
        wanted = max(adaptive, min(50, -(-1000 * 100 // nodes.max)))
        why = (
            f"machines of a pool are alike, so about 1,000 of {nodes.max:,} nodes are enough; "
            f"left alone it would score {adaptive} % = {sample:,}, the fewer the larger the cluster"
        )
    else:
        wanted = min(EVERY_NODE, max(50, -(-largest * 100 // nodes.max)))
        why = "small GPU requests are packed well only if most nodes of the pool are scored"
    return facts.ledger.pick(
        "spec.scheduler.percentageOfNodesToScore",
        body.scheduler.percentage_of_nodes_to_score,
        wanted,
        why=why,
        source="kube-scheduler schedule_one.go: max(5, 50 - nodes/125) %, at least 100 nodes",
    )


def _profiles(body: Body, ledger: Ledger) -> list[Any]:
    packing = ledger.pick(
        "spec.scheduler.packing", body.scheduler.packing, "least-allocated", why="kube-scheduler's own default"
    )
    queue = _coscheduling() if body.gangs and body.gangs.scheduler == "coscheduling" else None
    resources = sorted({_resource(pool, body) for pool in body.node_pools} - {None})  # type: ignore[type-var]
    profiles: list[Any] = [_profile(DEFAULT_PROFILE, {}, [], queue)]
    if resources:
        plugins, config = _gpu_profile(packing, [str(resource) for resource in resources])
        profiles.append(_profile(GPU_PROFILE, plugins, config, queue))
    for extra in body.scheduler.profiles:
        ledger.given(f"spec.scheduler.profiles[{extra.name}].name", extra.name)
        profiles.append(_own_profile(extra, queue))
    return profiles


def _resource(pool: Any, body: Body) -> str | None:
    from clusterc import catalog  # noqa: PLC0415 - read only where a pool has GPUs

    name = gpu_name(pool, body)
    if name is None:
        return None
    own = next((gpu.resource for gpu in body.gpu_types if gpu.name == name and gpu.resource), None)
    mig = pool.gpu.mig if pool.gpu else None
    resource: str = (
        f"nvidia.com/mig-{mig}" if mig else own or catalog.gpus().get(name, {}).get("resource", "nvidia.com/gpu")
    )
    return resource


def _profile(name: str, plugins: Tree, config: list[Any], queue: tuple[Tree, list[Any]] | None) -> Tree:
    profile: Tree = {"schedulerName": name}
    if queue:
        plugins, config = {**plugins, **queue[0]}, [*config, *queue[1]]
    if plugins:
        profile["plugins"] = plugins
    if config:
        profile["pluginConfig"] = config
    return profile


def _gpu_profile(packing: str, resources: list[str]) -> tuple[Tree, list[Any]]:
    """Pack by GPUs alone: cores and memory follow them, and a weight for each would leave half-used machines level.

    Without default spreading constraints identical pods are placed in batches: 7,500 whole-node pods were bound in 15 s
    instead of 41 s (kube-scheduler 1.37.2, two cores).
    """
    strategy = "MostAllocated" if packing == "most-allocated" else "LeastAllocated"
    scoring: list[Any] = [{"name": resource, "weight": 100} for resource in resources]
    plugins: Tree = {
        "score": {
            "disabled": [{"name": "NodeResourcesBalancedAllocation"}, {"name": "ImageLocality"}],
            "enabled": [{"name": "NodeResourcesFit", "weight": 10}],
        }
    }
    config: list[Any] = [
        {"name": "NodeResourcesFit", "args": {"scoringStrategy": {"type": strategy, "resources": scoring}}},
        {"name": "InterPodAffinity", "args": {"ignorePreferredTermsOfExistingPods": True}},
        {"name": "PodTopologySpread", "args": {"defaultingType": "List", "defaultConstraints": []}},
    ]
    return plugins, config


def _own_profile(said: Profile, queue: tuple[Tree, list[Any]] | None) -> Tree:
    strategies = {"most-allocated": "MostAllocated", "least-allocated": "LeastAllocated"}
    config: list[Any] = list(said.plugin_config)
    if said.packing:
        scoring = [{"name": "cpu", "weight": 1}, {"name": "memory", "weight": 1}]
        strategy = {"type": strategies[said.packing], "resources": scoring}
        config.insert(0, {"name": "NodeResourcesFit", "args": {"scoringStrategy": strategy}})
    profile = _profile(said.name, dict(said.plugins), config, queue)
    if said.percentage_of_nodes_to_score is not None:
        profile["percentageOfNodesToScore"] = said.percentage_of_nodes_to_score
    return profile


def _coscheduling() -> tuple[Tree, list[Any]]:
    """Return what every profile must say alike: the queue is one for all of them."""
    plugins: Tree = {
        "multiPoint": {"enabled": [{"name": "Coscheduling"}]},
        "queueSort": {"disabled": [{"name": "*"}], "enabled": [{"name": "Coscheduling"}]},
    }
    return plugins, [{"name": "Coscheduling", "args": {"permitWaitingTimeSeconds": 600, "podGroupBackoffSeconds": 10}}]


def _flags(facts: Facts) -> dict[str, str]:
    flags = facts.ledger.settings("spec.scheduler.flags", facts.body.scheduler.flags)
    flags.put("config", "/etc/kubernetes/scheduler/config.yaml", why="the emitted configuration")
    if gates := facts.feature_gates:
        flags.put("feature-gates", gates, why="the same gates as the API server")
    return flags.flags()
