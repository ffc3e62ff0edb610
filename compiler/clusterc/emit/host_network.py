"""Pods on the host network find services by name: their DNS policy is set when they are created.

The API server leaves `dnsPolicy: ClusterFirst` on a pod with `hostNetwork`, which then silently uses the machine's DNS.
That is what kube-system's pods need: cluster DNS answers only when kube-proxy, which is one of them, has found the API.
"""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.emit._object import api_object
from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.document import Document, Tree

NAME = "host-network-dns.clusterc.dev"
OWNER = ("spec.network.mode",)


def documents(cluster: Cluster, _capacity: Capacity) -> Iterator[Document]:
    """Yield the policy and its binding in host mode, where the minor serves mutating policies."""
    if cluster.network.mode != "host" or not cluster.minor.has_mutating_admission_policy:
        return
    yield api_object("MutatingAdmissionPolicy", NAME, {"spec": _policy()}, owner=OWNER)
    yield api_object("MutatingAdmissionPolicyBinding", NAME, {"spec": {"policyName": NAME}}, owner=OWNER)


def _policy() -> Tree:
    pods: Tree = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}
    others: Tree = {"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": ["kube-system"]}
    applies = "has(object.spec.hostNetwork) && object.spec.hostNetwork && object.spec.dnsPolicy == 'ClusterFirst'"
    expression = "Object{spec: Object.spec{dnsPolicy: 'ClusterFirstWithHostNet'}}"
    return {
        "failurePolicy": "Fail",
        "reinvocationPolicy": "IfNeeded",
        "matchConstraints": {"namespaceSelector": {"matchExpressions": [others]}, "resourceRules": [pods]},
        "matchConditions": [{"name": "host-network", "expression": applies}],
        "mutations": [{"patchType": "ApplyConfiguration", "applyConfiguration": {"expression": expression}}],
    }
