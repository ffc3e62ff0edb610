"""The pools: sizes, pods, labels, taints; what their kubelets, kernels and runtimes are told is decided beside them."""

from __future__ import annotations

from collections.abc import Callable

from clusterc import catalog, quantity
from clusterc.defaults import pools as defaults
from clusterc.formulas import KEPT_OF_BLOCK
from clusterc.model.pools import Gpu, Machine, Pool, Sizes, Taint
from clusterc.resolve.kubelet import pool_kubelet
from clusterc.resolve.ledger import Ledger
from clusterc.resolve.machines import pool_gpu, pool_machine
from clusterc.resolve.node_files import pool_host
from clusterc.spec.cluster import Body
from clusterc.spec.pools import NodePool


def total_nodes(body: Body) -> Sizes:
    """Return the machines of all pools together."""
    nodes = [pool.nodes for pool in body.node_pools]
    return Sizes(
        min=sum(n.min for n in nodes),
        desired=sum(n.max if n.desired is None else n.desired for n in nodes),
        max=sum(n.max for n in nodes),
    )


def decide_pool(pool: NodePool, body: Body, ledger: Ledger, *, peers: int, cni: str) -> Pool:
    """Return one pool, decided. `peers` is the number of addresses one machine may talk to on its own network."""
    path = f"spec.nodePools[{pool.name}]"
    machine = pool_machine(pool, body, ledger)
    gpu = pool_gpu(pool, body, ledger)
    style = ledger.pick(
        f"{path}.pods.style",
        pool.pods.style,
        defaults.style(pool),
        why=f"machines of role {pool.role} " + ("run one job pod each" if pool.role == "training" else "are shared"),
        source="OpenAI 2021: large jobs run one pod per node",
    )
    max_pods = _max_pods(pool, body, style, ledger)
    pods_per_node = _pods_per_node(pool, body, style, ledger)
    preflight = bool(gpu) and ledger.pick(
        f"{path}.health.preflight", pool.health.preflight, default=False, why="the preset says nothing of it"
    )
    taints = _taints(pool, gpu, path, ledger)
    sizes = _sizes(pool, path, ledger)
    disk = pool.disk
    return Pool(
        name=pool.name,
        role=pool.role,
        nodes=sizes,
        machine=machine,
        gpu=gpu,
        style=style,
        max_pods=max_pods,
        pods_per_node=pods_per_node,
        labels=_labels(pool, gpu, path, ledger),
        taints=taints,
        kubelet=pool_kubelet(
            pool, machine, ledger, style=style, has_gpu=gpu is not None, max_pods=max_pods, taints=taints
        ),
        host=pool_host(
            pool,
            body,
            ledger,
            peers=peers,
            max_pods=max_pods,
            cni=cni,
            rdma=_rdma(pool, body, machine, ledger),
        ),
        largest_image_bytes=_noted(ledger, f"{path}.images.largest", pool.images.largest, quantity.format_bytes),
        pre_pulled=pool.images.pre_pull,
        registry_bps=_noted(ledger, f"{path}.registry.bandwidth", pool.registry.bandwidth, quantity.format_bandwidth),
        disk_bps=_noted(ledger, f"{path}.disk.bandwidth", disk.bandwidth if disk else None, quantity.format_bandwidth),
        group_size=_noted(ledger, f"{path}.groups.size", pool.groups.size if pool.groups else None, int),
        block_size=_noted(ledger, f"{path}.fabric.blockSize", pool.fabric.block_size if pool.fabric else None, int),
        full_bisection=bool(pool.fabric and pool.fabric.full_bisection),
        autoscaled=pool.nodes.min != pool.nodes.max,
        spot=pool.spot,
        preflight=preflight,
    )


def _rdma(pool: NodePool, body: Body, machine: Machine, ledger: Ledger) -> bool:
    everywhere = body.network.host.rdma
    return ledger.pick(
        f"spec.nodePools[{pool.name}].rdma",
        pool.rdma,
        everywhere or machine.fabric_nics > 0,
        why="spec.network.host.rdma" if everywhere else f"fabric interfaces of its machines: {machine.fabric_nics}",
    )


def _noted(ledger: Ledger, path: str, given: int | None, show: Callable[[int], object]) -> int | None:
    if given is not None:
        ledger.given(path, show(given))
    return given


def _sizes(pool: NodePool, path: str, ledger: Ledger) -> Sizes:
    ledger.given(f"{path}.nodes.min", pool.nodes.min)
    ledger.given(f"{path}.nodes.max", pool.nodes.max)
    desired = ledger.pick(
        f"{path}.nodes.desired", pool.nodes.desired, pool.nodes.max, why="the maximum: an ordinary day may use it all"
    )
    return Sizes(pool.nodes.min, desired, pool.nodes.max)


def _max_pods(pool: NodePool, body: Body, style: str, ledger: Ledger) -> int:
    usual, block = defaults.MOST_PODS[style], defaults.block_pods(body)
    if block is not None and block < usual:
        mask = body.network.pod_block_mask
        why = f"what a node's block of /{mask} holds, less the {KEPT_OF_BLOCK} addresses that the plugin keeps"
    elif style == "whole-node":
        why = f"one job pod and its agents fit {usual}, which saves addresses"
    else:
        why = "the kubelet's own default"
    return ledger.pick(
        f"spec.nodePools[{pool.name}].pods.max",
        pool.pods.max,
        defaults.max_pods(pool, body),
        why=why,
        source="kubelet v1beta1 defaults: maxPods 110; upstream supports no more per node",
    )


def _pods_per_node(pool: NodePool, body: Body, style: str, ledger: Ledger) -> int:
    given = pool.pods.per_node if pool.pods.per_node is not None else body.scale.pods_per_node
    return ledger.pick(
        f"spec.nodePools[{pool.name}].pods.perNode",
        given,
        defaults.pods_per_node(pool, body),
        why="one job pod and ten DaemonSet pods" if style == "whole-node" else "30 pods, or as many as fit",
        source="OpenAI 2021 (whole-node jobs); Kubernetes' scale tests (30 pods per node)",
    )


def _labels(pool: NodePool, gpu: Gpu | None, path: str, ledger: Ledger) -> dict[str, str]:
    labels = ledger.settings(f"{path}.labels", pool.labels)
    labels.put("clusterc.dev/pool", pool.name, why="the pool's name, for selectors of emitted objects")
    labels.put("clusterc.dev/role", pool.role, why="the pool's role")
    if gpu:
        labels.put("clusterc.dev/gpu", gpu.type, why="the GPU type, for jobs that do not care about the pool")
    return {key: str(value) for key, value in labels.tree().items()}


def _taints(pool: NodePool, gpu: Gpu | None, path: str, ledger: Ledger) -> tuple[Taint, ...]:
    own = [Taint(taint.key, taint.value, taint.effect) for taint in pool.taints]
    key = _gpu_taint(gpu) if gpu else None
    if key and not any(taint.key == key for taint in own):
        own.insert(0, Taint(key, "present", "NoSchedule"))
        ledger.fixed(
            f"{path}.taints[{key}]",
            "present:NoSchedule",
            why="keeps pods without a GPU request off GPU machines",
            source="AWS's EKS best practices, AI/ML compute; manifests of NVIDIA's, AMD's and AWS's device plugins",
        )
    return tuple(own)


def _gpu_taint(gpu: Gpu) -> str:
    """Return the key that the vendor's own DaemonSets tolerate: the name of a whole GPU, also where GPUs are cut."""
    known: str | None = catalog.gpus().get(gpu.type, {}).get("resource")
    return known or ("nvidia.com/gpu" if gpu.mig else gpu.resource)
