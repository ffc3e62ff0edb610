"""Pools: how many pods their machines take, and which GPUs they have."""

from __future__ import annotations

from clusterc import catalog, formulas
from clusterc.defaults.network import takes_blocks
from clusterc.formulas import KEPT_OF_BLOCK
from clusterc.spec.cluster import Body
from clusterc.spec.pools import NodePool

# The most pods of a machine. One job pod and its agents fit 32, which saves addresses; 110 is the kubelet's default.
MOST_PODS = {"whole-node": 32, "shared": 110}
# Pods on an ordinary day. OpenAI 2021 runs one job pod on a machine, and ten DaemonSet pods beside it are the usual
# number of agents; Kubernetes' own scale tests run 30 pods on a node.
USUAL_PODS = {"whole-node": 11, "shared": 30}


def style(pool: NodePool) -> str:
    """Return whether one job pod takes a machine of a pool (`whole-node`), or many share it."""
    return pool.pods.style or ("whole-node" if pool.role == "training" else "shared")


def max_pods(pool: NodePool, body: Body) -> int:
    """Return the most pods of one machine of a pool: no more than its block of addresses holds, where one is said."""
    return pool.pods.max or min(MOST_PODS[style(pool)], block_pods(body) or MOST_PODS["shared"])


def block_pods(body: Body) -> int | None:
    """Return the pods that the block of addresses of a machine holds, or None where the spec says no block."""
    mask = body.network.pod_block_mask
    return 2 ** (32 - mask) - KEPT_OF_BLOCK if mask is not None and takes_blocks(body) else None


def largest_max_pods(body: Body) -> int:
    """Return the most pods of one machine of any pool."""
    return max(max_pods(pool, body) for pool in body.node_pools)


def block_mask(body: Body) -> int:
    """Return the length of the block of pod addresses of each node."""
    return body.network.pod_block_mask or formulas.block_mask(largest_max_pods(body))


def pods_per_node(pool: NodePool, body: Body) -> int:
    """Return the pods of one machine of a pool on an ordinary day."""
    said = pool.pods.per_node if pool.pods.per_node is not None else body.scale.pods_per_node
    return min(USUAL_PODS[style(pool)], max_pods(pool, body)) if said is None else said


def gpu_type(pool: NodePool, body: Body) -> str | None:
    """Return the GPU type of a pool's machines, or None where they have none."""
    if pool.gpu and pool.gpu.type:
        return pool.gpu.type
    row = catalog.machines(body.provider).get(pool.machine.type or "", {})
    name: str | None = row.get("gpu", {}).get("type")
    return name


def mig_profiles(name: str, body: Body) -> dict[str, int]:
    """Return the MIG profiles of a GPU type, with the instances that each cuts a GPU into."""
    own = next((gpu.mig_profiles for gpu in body.gpu_types if gpu.name == name), None)
    profiles: dict[str, int] = catalog.gpus().get(name, {}).get("migProfiles", {}) if own is None else own
    return profiles


def gpus_per_machine(pool: NodePool, body: Body) -> int:
    """Return how many GPUs, or MIG instances where they are cut, a machine of a pool offers."""
    name = gpu_type(pool, body)
    if name is None:
        return 0
    own = next((gpu.per_node for gpu in body.gpu_types if gpu.name == name), None)
    machine = catalog.machines(body.provider).get(pool.machine.type or "", {}).get("gpu", {})
    usual = machine.get("count", own or catalog.gpus().get(name, {}).get("perNode", 1))
    count: int = (pool.gpu.count if pool.gpu else None) or usual
    cut = mig_profiles(name, body).get(pool.gpu.mig, 1) if pool.gpu and pool.gpu.mig else 1
    return count * cut
