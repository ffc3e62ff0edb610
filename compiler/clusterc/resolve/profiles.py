"""kube-scheduler's profiles: what pods ask for by name, and how their nodes are chosen."""

from __future__ import annotations

from typing import Any

from clusterc import catalog, formulas
from clusterc.defaults import pools as defaults
from clusterc.model.control_plane import DEFAULT_PROFILE, GPU_PROFILE
from clusterc.model.document import Tree
from clusterc.resolve.facts import Facts
from clusterc.spec.cluster import Body
from clusterc.spec.control_plane import Profile
from clusterc.spec.pools import NodePool

SAMPLE = "kube-scheduler schedule_one.go: max(5, 50 - nodes/125) %, at least 100 nodes"
ENOUGH_ALIKE = 1000
STRATEGIES = {"most-allocated": "MostAllocated", "least-allocated": "LeastAllocated"}


def profiles(facts: Facts) -> list[Any]:
    """Return the default profile, one for GPU pools where there are any, and the spec's own, which have other names."""
    body, ledger = facts.body, facts.ledger
    packing = ledger.pick(
        "spec.scheduler.packing", body.scheduler.packing, "least-allocated", why="kube-scheduler's own default"
    )
    queue = _coscheduling() if body.gangs and body.gangs.scheduler == "coscheduling" else None
    pools = [pool for pool in body.node_pools if defaults.gpu_type(pool, body)]
    # Where no pool has GPUs, this is the profile that packing is said of; what is usual goes without saying.
    config = [_packed(packing)] if not pools and packing == "most-allocated" else []
    said = body.scheduler
    found: list[Any] = [_profile(DEFAULT_PROFILE, dict(said.plugins), [*config, *said.plugin_config], queue)]
    if pools:
        plugins, config = _gpu_profile(packing, sorted({_resource(pool, body) for pool in pools}))
        profile = _profile(GPU_PROFILE, plugins, config, queue)
        if percentage := _gpu_percentage(facts, pools):
            profile["percentageOfNodesToScore"] = percentage
        found.append(profile)
    for extra in body.scheduler.profiles:
        ledger.given(f"spec.scheduler.profiles[{extra.name}].name", extra.name)
        found.append(_own_profile(extra, queue))
    return found


def _gpu_percentage(facts: Facts, pools: list[NodePool]) -> int:
    """Decide how many nodes are scored for a pod with GPUs: packing sees only the sample. 0 is as for every pod."""
    nodes = facts.nodes.max
    if facts.body.scheduler.percentage_of_nodes_to_score is not None:
        return 0
    most = [pool.nodes.max for pool in pools]
    whole = all(defaults.style(pool) == "whole-node" for pool in pools)
    wanted = min(sum(most), ENOUGH_ALIKE) if whole else max(most)
    own = formulas.nodes_scored(nodes, 0)
    reason = (
        f"machines of a pool are alike, so {wanted:,} are enough"
        if whole
        else f"small requests are packed well only if all {wanted:,} machines of the largest GPU pool are scored"
    )
    return facts.ledger.fixed(
        f"spec.scheduler.profiles[{GPU_PROFILE}].percentageOfNodesToScore",
        0 if own >= wanted else -(-100 * wanted // nodes),
        why=f"{reason}; left alone the scheduler looks at {own:,} of {nodes:,} nodes",
        source=SAMPLE,
    )


def _resource(pool: NodePool, body: Body) -> str:
    name = defaults.gpu_type(pool, body) or ""
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
    scoring: list[Any] = [{"name": resource, "weight": 100} for resource in resources]
    plugins: Tree = {
        "score": {
            "disabled": [{"name": "NodeResourcesBalancedAllocation"}, {"name": "ImageLocality"}],
            "enabled": [{"name": "NodeResourcesFit", "weight": 10}],
        }
    }
    config: list[Any] = [
        {"name": "NodeResourcesFit", "args": {"scoringStrategy": {"type": STRATEGIES[packing], "resources": scoring}}},
        {"name": "InterPodAffinity", "args": {"ignorePreferredTermsOfExistingPods": True}},
        {"name": "PodTopologySpread", "args": {"defaultingType": "List", "defaultConstraints": []}},
    ]
    return plugins, config


def _packed(packing: str) -> Tree:
    """Return how nodes are chosen by what is left of their cores and memory."""
    scoring: list[Any] = [{"name": "cpu", "weight": 1}, {"name": "memory", "weight": 1}]
    strategy: Tree = {"type": STRATEGIES[packing], "resources": scoring}
    return {"name": "NodeResourcesFit", "args": {"scoringStrategy": strategy}}


def _own_profile(said: Profile, queue: tuple[Tree, list[Any]] | None) -> Tree:
    config: list[Any] = [*([_packed(said.packing)] if said.packing else []), *said.plugin_config]
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
