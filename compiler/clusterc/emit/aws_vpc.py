"""The AWS VPC plugin: a patch of the environment of its published DaemonSet."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.document import Document, Impact, Tree, Value


def documents(cluster: Cluster, _capacity: Capacity) -> Iterator[Document]:
    """Yield the patch, where the AWS VPC plugin assigns addresses: `kubectl patch daemonset aws-node --patch-file`."""
    network = cluster.network
    if network.cni != "aws-vpc":
        return
    environment: list[Value] = [{"name": name, "value": value} for name, value in network.plugin_environment.items()]
    pod: Tree = {"containers": [{"name": "aws-node", "env": environment}]}
    yield Document(
        path="network/aws-node.patch.yaml",
        kind="Patch",
        body={"spec": {"template": {"spec": pod}}},
        reader="kubectl-patch",
        owner=("spec.network",),
        impact=Impact.RESTART,
    )
