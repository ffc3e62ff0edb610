"""API objects: one file each, named by kind and name, below the namespace they live in."""

from __future__ import annotations

from clusterc.model.document import Document, Impact, Tree, Value

GROUPS = {
    "Namespace": "v1",
    "ConfigMap": "v1",
    "Service": "v1",
    "ServiceAccount": "v1",
    "PriorityClass": "scheduling.k8s.io/v1",
    "FlowSchema": "flowcontrol.apiserver.k8s.io/v1",
    "PriorityLevelConfiguration": "flowcontrol.apiserver.k8s.io/v1",
    "Deployment": "apps/v1",
    "DaemonSet": "apps/v1",
    "PodDisruptionBudget": "policy/v1",
    "ClusterRole": "rbac.authorization.k8s.io/v1",
    "ClusterRoleBinding": "rbac.authorization.k8s.io/v1",
    "MutatingAdmissionPolicy": "admissionregistration.k8s.io/v1",
    "MutatingAdmissionPolicyBinding": "admissionregistration.k8s.io/v1",
}


def api_object(
    kind: str,
    name: str,
    body: Tree,
    *,
    owner: tuple[str, ...],
    namespace: str | None = None,
    labels: dict[str, str] | None = None,
    impact: Impact = Impact.DYNAMIC,
) -> Document:
    """Return the document of one object of the Kubernetes API; `body` is what stands beside its metadata."""
    metadata: Tree = {"name": name}
    if namespace:
        metadata["namespace"] = namespace
    if labels:
        metadata["labels"] = {**labels}
    return Document(
        path=f"objects/{namespace or '_cluster'}/{kind.lower()}-{name}.yaml",
        kind=kind,
        body={"apiVersion": GROUPS[kind], "kind": kind, "metadata": metadata, **body},
        reader="api-object",
        owner=owner,
        impact=impact,
    )


def binding(name: str, *, namespace: str, owner: tuple[str, ...]) -> Document:
    """Return the binding of the ClusterRole `name` to the ServiceAccount of the same name."""
    body: Tree = {
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name},
        "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": namespace}],
    }
    return api_object("ClusterRoleBinding", name, body, owner=owner)


def fields(settings: Value) -> Tree:
    """Return the fields of a group of settings, to be placed beside others."""
    return {**settings} if isinstance(settings, dict) else {}


def rule(groups: list[Value], resources: list[Value], verbs: list[Value]) -> Tree:
    """Return one rule of a role."""
    return {"apiGroups": groups, "resources": resources, "verbs": verbs}
