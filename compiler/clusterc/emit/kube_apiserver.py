"""What kube-apiserver reads beside its flags: audit policy and admission configuration."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.document import Document, Impact, Tree

FOLDER = "control-plane/kube-apiserver"


def documents(cluster: Cluster, _capacity: Capacity) -> Iterator[Document]:
    """Yield the audit policy, where there is an audit log, and the admission configuration."""
    api = cluster.control_plane.api_server
    if api.audit_level != "None":
        yield Document(
            path=f"{FOLDER}/audit-policy.yaml",
            kind="Policy",
            body={"apiVersion": "audit.k8s.io/v1", "kind": "Policy", **api.audit_policy},
            reader="audit-policy",
            owner=("spec.controlPlane.apiServers.audit",),
            impact=Impact.RESTART,
        )
    yield Document(
        path=f"{FOLDER}/admission-configuration.yaml",
        kind="AdmissionConfiguration",
        body=_admission(cluster),
        reader="admission-configuration",
        owner=("spec.controlPlane.apiServers", "spec.scale"),
        impact=Impact.RESTART,
    )


def _admission(cluster: Cluster) -> Tree:
    configuration: Tree = {
        "apiVersion": "eventratelimit.admission.k8s.io/v1alpha1",
        "kind": "Configuration",
        "limits": [*cluster.control_plane.event_limits],
    }
    return {
        "apiVersion": "apiserver.config.k8s.io/v1",
        "kind": "AdmissionConfiguration",
        "plugins": [{"name": "EventRateLimit", "configuration": configuration}],
    }
