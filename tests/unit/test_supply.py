"""What a tree's README asks a human for: all that the spec declares and no file brings, and nothing else."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from clusterc import pipeline
from clusterc.load.yaml_spec import load_yaml
from specs import checked

ROOT = Path(__file__).resolve().parents[2]
POOL = {"name": "gpu", "role": "training", "machine": {"cpu": 64, "memory": "512Gi"}, "nodes": 4}
PLAIN: dict[str, Any] = {
    "apiVersion": "clusterc.dev/v1alpha1",
    "kind": "Cluster",
    "metadata": {"name": "sample"},
    "spec": {
        "preset": "general",
        "kubernetes": {"version": "1.37.2"},
        "provider": "metal",
        "network": {
            "mode": "flannel",
            "nodeCIDR": "10.0.0.0/24",
            "podCIDR": "10.64.0.0/16",
            "serviceCIDR": "10.32.0.0/20",
        },
        "controlPlane": {"endpoint": "api.sample.internal:6443"},
        "nodePools": [POOL],
    },
}
WEBHOOK = {
    "name": "guard",
    "kind": "validating",
    "rules": [{"resources": ["pods"]}],
    "failurePolicy": "Ignore",
    "backend": {"namespace": "guards"},
}
TEAM = {"name": "team-a", "guarantees": [{"pool": "gpu", "nodes": 2}]}
# What is added to the plain spec, and a text that the list then has and did not have before.
DECLARED: dict[str, tuple[dict[str, Any], str]] = {
    "team taints": ({"teams": [TEAM], "quota": {"mechanism": "team-taints"}}, "taints on as many"),
    "kueue for quota": ({"teams": [TEAM], "quota": {"mechanism": "kueue"}}, "Kueue, with a ClusterQueue"),
    "kueue for gangs": ({"gangs": {"scheduler": "kueue"}}, "it keeps the gangs"),
    "resource quota": ({"teams": [TEAM], "quota": {"mechanism": "resource-quota"}}, "A ResourceQuota"),
    "limits": ({"teams": [TEAM | {"limits": {"pods": 5}}]}, "A ResourceQuota"),
    "native gangs": ({"gangs": {"scheduler": "native"}}, "A PodGroup"),
    "balloons": ({"balloons": {"pools": ["gpu"]}}, "Balloons in gpu: pods of priority class `balloon`"),
    "members": ({"teams": [TEAM | {"members": ["group:a"]}]}, "RoleBindings"),
    "add-ons": ({"addons": [{"name": "log-agent", "kind": "DaemonSet"}]}, "log-agent (DaemonSet)"),
    "prometheus": ({"monitoring": {"prometheus": {"remoteStore": True}}}, "and the store it writes to"),
    "receivers": ({"monitoring": {"receivers": [{"name": "pager"}]}}, "Alertmanager with the receivers `pager`"),
    "webhooks": ({"webhooks": [WEBHOOK]}, "the webhooks guard in guards"),
    "roles": ({"rbac": {"roles": [{"name": "ops", "groups": ["ops"], "access": "admin"}]}}, "the roles `ops`"),
    "gitops": ({"gitops": {"tool": "argocd"}}, "argocd, and the applications"),
    "autoscaler": ({"autoscaler": {"kind": "karpenter"}}, "karpenter, with at most"),
    "accounting": ({"network.accounting": {"internal": ["10.0.0.0/8"]}}, "take 10.0.0.0/8 for internal"),
    "pre-pulled images": ({"nodePools": [POOL | {"images": {"prePull": ["a/b:1"]}}]}, "before jobs start: `a/b:1`"),
}
TESTED = {
    "preset": "training",
    "nodePools": [POOL | {"gpu": {"type": "h100-sxm5-80gb"}}],
}


def spec(changes: dict[str, Any]) -> dict[str, Any]:
    data = copy.deepcopy(PLAIN)
    data["spec"]["controlPlane"]["apiServers"] = {"count": 1}
    for path, value in changes.items():
        *steps, last = path.split(".")
        node = data["spec"]
        for step in steps:
            node = node[step]
        node[last] = value
    return data


def files(data: dict[str, Any]) -> dict[str, str]:
    built = pipeline.build(checked(data))
    assert built.files, built.checked.findings
    return {file.path: file.text for file in built.files}


def asked(data: dict[str, Any]) -> str:
    """Return the section of a tree's README about what a human must supply."""
    return files(data)["README.md"].partition("## What a human must supply")[2].partition("\n## ")[0]


@pytest.mark.parametrize("name", DECLARED)
def test_what_is_declared_and_not_emitted_is_asked_for(name: str) -> None:
    changes, text = DECLARED[name]
    assert text in asked(spec(changes))
    assert text not in asked(spec({}))


def test_an_add_on_that_is_emitted_is_not_asked_for() -> None:
    assert "coredns" not in asked(spec({"addons": [{"name": "coredns", "kind": "Deployment"}]}))


@pytest.mark.parametrize("rung", ["balloon", "preflight", "borrowed"])
def test_a_priority_class_is_made_only_for_pods_that_the_spec_declares(rung: str) -> None:
    file = f"objects/_cluster/priorityclass-{rung}.yaml"
    users: dict[str, dict[str, Any]] = {
        "balloon": {"balloons": {"pools": ["gpu"]}},
        "preflight": TESTED,
        "borrowed": {"teams": [TEAM | {"borrow": True}]},
    }
    assert file not in files(spec({}))
    assert file in files(spec(users[rung]))


def test_a_class_that_an_add_on_names_is_made() -> None:
    named = {"addons": [{"name": "tests", "kind": "DaemonSet", "priority": "preflight"}]}
    assert "objects/_cluster/priorityclass-preflight.yaml" in files(spec(named))


def test_machines_that_are_tested_are_asked_for() -> None:
    assert "Tests of the machines of gpu" in asked(spec(TESTED))
    assert "Tests of the machines" not in asked(spec(TESTED | {"preset": "inference"}))


def test_ranges_of_nodes_that_a_template_reads_come_from_somebody() -> None:
    text = (ROOT / "clusters" / "upstream-5000.yaml").read_text()
    source, _ = load_yaml(text, name="spec.yaml")
    assert source
    built = {file.path: file.text for file in pipeline.build(pipeline.check(source, path=Path("a"), root=Path())).files}
    assert "{{.PodCIDR}}" in built["network/cni/cni.template"]
    assert "--cidr-allocator-type=CloudAllocator" in built["README.md"]


def test_further_api_servers_get_the_keys_of_the_first() -> None:
    assert "front-proxy-ca.key" in files(spec({"controlPlane.apiServers": {"count": 3}}))["README.md"]
    assert "front-proxy-ca.key" not in files(spec({}))["README.md"]
