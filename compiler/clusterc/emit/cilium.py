"""Cilium, as the values of its Helm chart."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.document import Document, Impact, Tree
from clusterc.model.network import Network

IDENTITY_LABELS = (
    r"k8s:io\.kubernetes\.pod\.namespace",
    r"k8s:io\.cilium\.k8s\.policy",
    r"k8s:clusterc\.dev/team",
    r"k8s:app",
)


def documents(cluster: Cluster, _capacity: Capacity) -> Iterator[Document]:
    """Yield the values, where Cilium is the network plugin."""
    if cluster.network.cni != "cilium":
        return
    yield Document(
        path="network/cilium-values.yaml",
        kind="HelmValues",
        body=_values(cluster, cluster.network),
        reader="helm-cilium",
        owner=("spec.network",),
        impact=Impact.RESTART,
    )


def _values(cluster: Cluster, network: Network) -> Tree:
    api = cluster.control_plane.api_server
    values: Tree = {
        "cluster": {"name": cluster.name},
        "ipam": {"mode": "kubernetes"},
        "MTU": network.device_mtu,
        "kubeProxyReplacement": network.kube_proxy is None,
        "k8sServiceHost": api.endpoint_host,
        "k8sServicePort": int(api.endpoint_port),
        "operator": {"replicas": 2},
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "5%"}},
        # Labels of single pods would use up the 65,535 identities of a cluster.
        "labels": " ".join(IDENTITY_LABELS),
    }
    if network.mode == "overlay":
        values |= {"routingMode": "tunnel", "tunnelProtocol": "vxlan"}
    else:
        values |= {"routingMode": "native", "ipv4NativeRoutingCIDR": str(network.pod_cidr)}
    if network.dual_stack:
        values |= {"ipv6": {"enabled": True}}
        if network.mode != "overlay":
            values |= {"ipv6NativeRoutingCIDR": str(network.dual_stack.pod_cidr)}
    return {**dict(sorted(values.items())), **dict(sorted(network.settings.items()))}
