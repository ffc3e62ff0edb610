"""The step that is taken on each machine of a pool."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.emit._runbook.machines import prepare, runtime
from clusterc.emit._runbook.step import Choice, Need, Step, place
from clusterc.emit.kubeadm import DISCOVERY
from clusterc.model.cluster import Cluster

FOLDER = "nodes/$pool"


def pool_step(cluster: Cluster) -> Step:
    """Return the step."""
    return Step(
        key="pools",
        title="The machines of the pools",
        where="On each machine, with the name of its pool.",
        needs=tuple(_needs(cluster)),
        choice=Choice("pool", tuple((pool.name, pool.machine.type or pool.role) for pool in cluster.pools)),
        script=(
            place("/etc/kubernetes/kubelet.conf.d", f"{FOLDER}/kubelet/50-$pool.conf"),
            *prepare(FOLDER, cluster.pools[0].host, cluster.network),
            f'kubeadm join --config "{FOLDER}/join-configuration.yaml" && rm {DISCOVERY}',
        ),
        check=("kubectl get nodes -L clusterc.dev/pool", "kubectl -n kube-system rollout status deployment/coredns"),
        expected="every machine `Ready` with its pool, on the first API server, and `successfully rolled out`",
        note=_later(cluster),
    )


def _needs(cluster: Cluster) -> Iterator[Need]:
    yield Need("`kubeadm`, `kubelet`", f"{cluster.version}, with the packages' own unit of the kubelet")
    yield from runtime(cluster.network)
    yield Need(f"`{DISCOVERY}`", "the address of the cluster, its authority and a token", "joining")


def _later(cluster: Cluster) -> str:
    scaled = [pool.name for pool in cluster.pools if pool.autoscaled]
    if not scaled:
        return ""
    names = ", ".join(f"`{name}`" for name in scaled)
    return (
        f"Machines that an autoscaler adds ({names}) run the same block when they start, from their image or by "
        f"cloud-init, and fetch a `{DISCOVERY}` whose token is not a day old."
    )
