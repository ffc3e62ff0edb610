"""The step that brings a network plugin whose chart or manifests are its own project's."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.emit._runbook.step import ADMIN, APPLY, MANIFESTS, Need, Step
from clusterc.model.cluster import Cluster

HELM = "helm upgrade --install --namespace kube-system"


def plugin_steps(cluster: Cluster) -> Iterator[Step]:
    """Yield the step, where the plugin's objects are not in the tree."""
    found = {"cilium": _cilium, "calico": _calico, "aws-vpc": _aws}.get(cluster.network.cni)
    if found:
        yield found(cluster)


def _cilium(cluster: Cluster) -> Step:
    chart = f"{MANIFESTS}/cilium-{cluster.network.plugin_release}.tgz"
    return Step(
        key="plugin",
        title="Cilium",
        where=ADMIN,
        needs=(Need("`helm`", "Helm 3 or later"), Need(f"`{chart}`", "Cilium's own chart")),
        script=(f"{HELM} cilium {chart} --values network/cilium-values.yaml",),
        check=("kubectl -n kube-system rollout status daemonset/cilium", "kubectl get nodes"),
        expected="`successfully rolled out`, and every node `Ready`",
    )


def _aws(cluster: Cluster) -> Step:
    manifest = f"{MANIFESTS}/aws-k8s-cni.yaml"
    release = cluster.network.plugin_release
    return Step(
        key="plugin",
        title="AWS VPC plugin",
        where=ADMIN,
        needs=(Need(f"`{manifest}`", f"`config/master/aws-k8s-cni.yaml` of amazon-vpc-cni-k8s {release}"),),
        script=(
            f"{APPLY} -f {manifest}",
            "kubectl -n kube-system patch daemonset aws-node --patch-file network/aws-node.patch.yaml",
        ),
        check=("kubectl -n kube-system rollout status daemonset/aws-node", "kubectl get nodes"),
        expected="`successfully rolled out`, and every node `Ready`",
    )


def _calico(cluster: Cluster) -> Step:
    definitions, operator = (f"{MANIFESTS}/{name}.yaml" for name in ("operator-crds", "tigera-operator"))
    script = [
        f"{APPLY} -f {definitions} -f {operator}",
        "kubectl wait --for=condition=Established crd/installations.operator.tigera.io",
    ]
    if cluster.network.kube_proxy is None:
        script.append(f"{APPLY} -f objects/tigera-operator")
        script.append("kubectl -n tigera-operator rollout restart deployment/tigera-operator")
    return Step(
        key="plugin",
        title="Calico's operator",
        where=ADMIN,
        needs=(
            Need(f"`{definitions}`", f"of Calico {cluster.network.plugin_release}: what its operator's objects are"),
            Need(f"`{operator}`", f"of Calico {cluster.network.plugin_release}: the operator"),
        ),
        script=tuple(script),
        check=("kubectl -n tigera-operator rollout status deployment/tigera-operator",),
        expected="`successfully rolled out`; it acts on the Installation of the next step",
    )
