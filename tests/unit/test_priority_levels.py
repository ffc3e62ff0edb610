"""Who reaches which priority level, by the flow schemas that Kubernetes ships beside ours."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from clusterc import pipeline
from clusterc.capacity.levels import SHIPPED, level_of
from clusterc.emit.fairness import documents
from clusterc.model.cluster import Cluster
from specs import Plain, checked, specs

# k8s.io/apiserver v0.37.2, pkg/apis/flowcontrol/bootstrap/default.go: what a service account's requests may match.
SHIPPED_SCHEMAS = (
    ("kube-system-service-accounts", 900, "workload-high", "system:serviceaccounts:kube-system"),
    ("service-accounts", 9000, "workload-low", "system:serviceaccounts"),
)
RESERVED = {1, 2, 100, 400, 500, 800, 900, 9000, 9900, 10000}


def emitted(cluster: Cluster) -> list[dict[str, Any]]:
    _, capacity = pipeline.understand(checked(SPEC))
    return [body for each in documents(cluster, capacity) if isinstance(body := each.body, dict)]


def reached(cluster: Cluster, namespace: str, account: str) -> str:
    """Return the level of the first flow schema, by precedence and name, that takes a service account's request."""
    groups = {"system:serviceaccounts", f"system:serviceaccounts:{namespace}"}
    wanted = {"kind": "ServiceAccount", "serviceAccount": {"name": account, "namespace": namespace}}
    matching = [(precedence, name, level) for name, precedence, level, group in SHIPPED_SCHEMAS if group in groups]
    for body in emitted(cluster):
        if body["kind"] == "FlowSchema":
            subjects = body["spec"]["rules"][0]["subjects"]
            named = {subject["group"]["name"] for subject in subjects if subject["kind"] == "Group"}
            if wanted in subjects or named & groups:
                spec = body["spec"]
                level = spec["priorityLevelConfiguration"]["name"]
                matching.append((spec["matchingPrecedence"], body["metadata"]["name"], level))
    return min(matching)[2]


AGENT: Plain = {"name": "agent", "kind": "DaemonSet", "apiAccess": [{"verb": "list", "resource": "pods"}]}
SPEC: Plain = {
    "apiVersion": "clusterc.dev/v1alpha1",
    "kind": "Cluster",
    "metadata": {"name": "sample"},
    "spec": {
        "preset": "training",
        "kubernetes": {"version": "1.37.2"},
        "provider": "metal",
        "network": {
            "mode": "flannel",
            "nodeCIDR": "10.0.0.0/20",
            "podCIDR": "10.64.0.0/13",
            "serviceCIDR": "10.32.0.0/20",
        },
        "controlPlane": {"endpoint": "api.sample.internal:6443"},
        "nodePools": [{"name": "gpu", "role": "training", "machine": {"cpu": 96, "memory": "1Ti"}, "nodes": 600}],
        "teams": [{"name": "vision"}],
        "addons": [
            AGENT,
            {**AGENT, "name": "other", "namespace": "monitoring"},
            {**AGENT, "name": "controller", "kind": "Deployment"},
        ],
    },
}


def sample() -> Cluster:
    return pipeline.understand(checked(SPEC))[0]


@pytest.mark.parametrize(
    ("namespace", "account", "level"),
    [
        ("kube-system", "agent", "node-agents"),
        ("monitoring", "other", "node-agents"),
        ("kube-system", "controller", "workload-high"),
        ("vision", "default", "teams"),
        ("elsewhere", "default", "workload-low"),
    ],
)
def test_agents_of_every_node_and_teams_reach_their_own_levels_and_nobody_else_does(
    namespace: str, account: str, level: str
) -> None:
    assert reached(sample(), namespace, account) == level


def test_what_is_reckoned_with_is_the_level_that_is_reached() -> None:
    cluster = sample()
    for addon in cluster.addons:
        assert level_of(cluster, addon).name == reached(cluster, addon.namespace, addon.name)


def test_the_shipped_shares_are_those_of_kubernetes() -> None:
    # 600 requests in flight: seats as Amazon lists them for its default levels.
    seats = {name: -(-600 * shares // sum(SHIPPED.values())) for name, shares in SHIPPED.items()}
    assert seats == {
        "system": 74,
        "node-high": 98,
        "leader-election": 25,
        "workload-high": 98,
        "workload-low": 245,
        "global-default": 49,
        "catch-all": 13,
    }


@given(specs())
@settings(max_examples=40)
def test_no_schema_of_ours_shares_its_precedence_with_a_shipped_one(data: Plain) -> None:
    for level in pipeline.understand(checked(data))[0].control_plane.priority_levels:
        assert level.precedence not in RESERVED
