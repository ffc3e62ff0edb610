"""The steps that are taken once, against the API: cloud, network plugin, objects."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.emit._runbook.step import Need, Step
from clusterc.model.cluster import Cluster

MANIFESTS = "/root/manifests"
APPLY = "kubectl apply --server-side"
HELM = "helm upgrade --install --namespace kube-system"
ADMIN = "On the first API server."


def object_steps(cluster: Cluster) -> Iterator[Step]:
    """Yield the steps in the order in which one makes what the next needs."""
    yield from _plugin_steps(cluster)
    yield _objects(cluster)


def _plugin_steps(cluster: Cluster) -> Iterator[Step]:
    cni = cluster.network.cni
    if cni == "cilium":
        yield Step(
            key="plugin",
            title="Cilium",
            where=ADMIN,
            needs=(
                Need("`helm`", "Helm 3 or later"),
                Need(f"`{MANIFESTS}/cilium.tgz`", "Cilium's own chart"),
            ),
            script=(f"{HELM} cilium {MANIFESTS}/cilium.tgz --values network/cilium-values.yaml",),
            check=("kubectl -n kube-system rollout status daemonset/cilium", "kubectl get nodes"),
            expected="`successfully rolled out`, and every node `Ready`",
        )
    elif cni == "calico":
        yield _calico(cluster)
    elif cni == "aws-vpc":
        yield Step(
            key="plugin",
            title="AWS VPC plugin",
            where=ADMIN,
            needs=(Need(f"`{MANIFESTS}/aws-k8s-cni.yaml`", "the plugin's own manifest"),),
            script=(
                f"{APPLY} -f {MANIFESTS}/aws-k8s-cni.yaml",
                "kubectl -n kube-system patch daemonset aws-node --patch-file network/aws-node.patch.yaml",
            ),
            check=("kubectl -n kube-system rollout status daemonset/aws-node", "kubectl get nodes"),
            expected="`successfully rolled out`, and every node `Ready`",
        )


def _calico(cluster: Cluster) -> Step:
    manifest = f"{MANIFESTS}/tigera-operator.yaml"
    script = [f"{APPLY} -f {manifest}", "kubectl wait --for=condition=Established crd/installations.operator.tigera.io"]
    if cluster.network.kube_proxy is None:
        script.append(f"{APPLY} -f objects/tigera-operator")
        script.append("kubectl -n tigera-operator rollout restart deployment/tigera-operator")
    return Step(
        key="plugin",
        title="Calico's operator",
        where=ADMIN,
        needs=(Need(f"`{manifest}`", "the operator's own manifests, with its CustomResourceDefinitions"),),
        script=tuple(script),
        check=("kubectl -n tigera-operator rollout status deployment/tigera-operator",),
        expected="`successfully rolled out`; it acts on the Installation of the next step",
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
