"""The steps that are taken once, against the API: cloud, network plugin, gangs, objects."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.emit._runbook.cloud import cloud_steps
from clusterc.emit._runbook.plugins import plugin_steps
from clusterc.emit._runbook.step import ADMIN, APPLY, MANIFESTS, Need, Step
from clusterc.model.cluster import Cluster


def object_steps(cluster: Cluster) -> Iterator[Step]:
    """Yield the steps in the order in which one makes what the next needs."""
    yield from cloud_steps(cluster)
    yield from plugin_steps(cluster)
    if image := cluster.control_plane.scheduler_image:
        yield _gangs(image.rpartition(":")[2])
    yield _objects(cluster)


def _gangs(release: str) -> Step:
    manifest = f"{MANIFESTS}/scheduler-plugins.yaml"
    return Step(
        key="gangs",
        title="Gangs",
        where=f"{ADMIN} Until the scheduler knows what a PodGroup is, it places nothing.",
        needs=(
            Need(
                f"`{manifest}`",
                f"of scheduler-plugins {release}: PodGroup's definition, its controller, and the rights of "
                "the controller and of `system:kube-scheduler`",
            ),
        ),
        script=(f"{APPLY} -f {manifest}",),
        check=(
            "kubectl wait --for=condition=Established crd/podgroups.scheduling.x-k8s.io",
            "kubectl auth can-i list podgroups.scheduling.x-k8s.io --all-namespaces --as=system:kube-scheduler",
        ),
        expected="`condition met` and `yes`",
    )


def _objects(cluster: Cluster) -> Step:
    flannel = cluster.network.cni == "flannel"
    checks = ["kubectl -n kube-system get deployment/coredns"]
    if flannel:
        checks.insert(0, "kubectl -n kube-flannel rollout status daemonset/kube-flannel-ds")
    if cluster.network.cni == "calico":
        checks.insert(0, "kubectl wait --for=condition=Available tigerastatus/calico --timeout=10m")
    return Step(
        key="objects",
        title="Objects of the API",
        where=f"{ADMIN} What belongs to no namespace comes first: the rest needs its namespaces and rights.",
        script=(
            f"{APPLY} -f objects/_cluster",
            *((f"{APPLY} -f objects/kube-flannel",) if flannel else ()),
            f"{APPLY} -f objects/kube-system",
        ),
        check=(*checks, "kubectl get nodes"),
        expected=_objects_expected(cluster),
    )


def _objects_expected(cluster: Cluster) -> str:
    network = {"flannel": "`successfully rolled out`, ", "calico": "`condition met`, "}.get(cluster.network.cni, "")
    return f"{network}the API servers' nodes `Ready`; CoreDNS gets its last replicas from the next step's machines"
