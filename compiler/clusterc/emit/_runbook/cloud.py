"""The step that brings what knows the cloud: before it runs, the cloud's machines take no pods."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.emit._runbook.step import ADMIN, APPLY, MANIFESTS, Need, Step
from clusterc.model.cluster import Cluster

_CLOUDS = {
    "azure": "cloud-provider-azure",
    "aks": "cloud-provider-azure",
    "aws": "cloud-provider-aws",
    "eks": "cloud-provider-aws",
    "gcp": "cloud-provider-gcp",
    "gke": "cloud-provider-gcp",
}


def cloud_steps(cluster: Cluster) -> Iterator[Step]:
    """Yield the step, on machines of a cloud."""
    if "cloud-provider" not in cluster.kubelet_flags:
        return
    cloud = _CLOUDS[cluster.provider]
    manifest = f"{MANIFESTS}/cloud-controller-manager.yaml"
    yield Step(
        key="cloud",
        title="The cloud's controller manager",
        where=f"{ADMIN} Until it runs, every node is tainted `node.cloudprovider.kubernetes.io/uninitialized`.",
        needs=(
            Need(
                f"`{manifest}`",
                f"cloud-controller-manager of {cloud} for Kubernetes {cluster.minor}, with its rights and its own "
                f"credentials, on the control plane's host network; {_flags(cluster)}",
            ),
        ),
        script=(f"{APPLY} -f {manifest}",),
        check=("kubectl get nodes -o custom-columns=NAME:.metadata.name,ID:.spec.providerID,PODS:.spec.podCIDR",),
        expected="an `ID` for every node" + (", and its range of pods" if cluster.network.cni == "gce-alias" else ""),
    )


def _flags(cluster: Cluster) -> str:
    flags = [f"--cluster-name={cluster.name}", "--configure-cloud-routes=false"]
    if cluster.network.cni == "gce-alias":
        # Nobody else writes a node's range of pods, which containerd waits for.
        flags += ["--allocate-node-cidrs=true", "--cidr-allocator-type=CloudAllocator"]
        flags.append(f"--cluster-cidr={cluster.network.pod_cidr}")
    else:
        flags.append("--allocate-node-cidrs=false")
    return " ".join(f"`{flag}`" for flag in flags)
