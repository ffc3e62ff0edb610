"""Calico, as the Installation its operator acts on."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.emit._object import api_object
from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.document import Document, Impact, Tree, Value
from clusterc.model.network import Network

NAMESPACE = "tigera-operator"


def documents(cluster: Cluster, _capacity: Capacity) -> Iterator[Document]:
    """Yield the Installation, where Calico is the network plugin; the operator scales Typha by itself."""
    if cluster.network.cni != "calico":
        return
    yield Document(
        path="objects/_cluster/installation-default.yaml",
        kind="Installation",
        body=_installation(cluster.network),
        reader="calico-operator",
        owner=("spec.network",),
        impact=Impact.RESTART,
    )
    if cluster.network.kube_proxy is None:
        api = cluster.control_plane.api_server
        # Without kube-proxy the operator reaches no Service, not even the API's.
        data: Tree = {"KUBERNETES_SERVICE_HOST": api.endpoint_host, "KUBERNETES_SERVICE_PORT": api.endpoint_port}
        yield api_object(
            "ConfigMap", "kubernetes-services-endpoint", {"data": data}, namespace=NAMESPACE, owner=("spec.network",)
        )


def _pool(name: str, cidr: str, block: Value, said: Tree) -> Tree:
    return {
        "name": name,
        "cidr": cidr,
        "blockSize": block,
        "encapsulation": said["encapsulation"],
        "natOutgoing": said["natOutgoing"],
        "nodeSelector": "all()",
    }


def _installation(network: Network) -> Tree:
    said = network.plugin
    pools: list[Value] = [_pool("default", str(network.pod_cidr), said["blockSize"], said)]
    if network.dual_stack and isinstance(said["ipv6"], dict):
        pools.append(_pool("default-ipv6", str(network.dual_stack.pod_cidr), said["ipv6"]["blockSize"], said))
    network_settings: Tree = {"ipPools": pools, **{name: said[name] for name in ("bgp", "linuxDataplane", "mtu")}}
    spec: Tree = {"calicoNetwork": network_settings, "nodeUpdateStrategy": said["nodeUpdateStrategy"]}
    metadata: Tree = {"name": "default"}
    return {"apiVersion": "operator.tigera.io/v1", "kind": "Installation", "metadata": metadata, "spec": spec}
