"""For each kind of object: one key to misspell, values out of range, and values of a wrong type."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any, NamedTuple

Path = tuple[str | int, ...]
CONTAINER: Path = ("spec", "template", "spec", "containers", 0)
NAME: Path = ("metadata", "name")


class Spoilers(NamedTuple):
    """What a kind of object is spoilt with: three copies at least."""

    misspelt: Path
    out_of_range: dict[Path, Any]
    wrong_type: dict[Path, Any]


WORKLOAD = {
    ("spec", "template", "spec", "dnsPolicy"): "Bogus",
    (*CONTAINER, "image"): "",
    ("spec", "selector", "matchLabels", "k8s-app"): "other",
}
SPOILERS = {
    "ClusterRole": Spoilers(("rules", 0, "verbs"), {("rules", 0, "verbs"): []}, {("rules", 0, "verbs"): "list"}),
    "ClusterRoleBinding": Spoilers(("roleRef", "name"), {("roleRef", "kind"): "Rolle"}, {("subjects",): {}}),
    "ConfigMap": Spoilers(("data",), {("data", "a b"): "x"}, {("data",): ["x"]}),
    "DaemonSet": Spoilers(
        ("spec", "updateStrategy"), WORKLOAD, {("spec", "template", "spec", "hostNetwork"): "perhaps"}
    ),
    "Deployment": Spoilers(
        ("spec", "replicas"), {**WORKLOAD, ("spec", "replicas"): -1}, {("spec", "replicas"): "three"}
    ),
    "FlowSchema": Spoilers(
        ("spec", "matchingPrecedence"),
        {("spec", "matchingPrecedence"): 10_001, ("spec", "distinguisherMethod", "type"): "ByNode"},
        {("spec", "rules"): "all"},
    ),
    "MutatingAdmissionPolicy": Spoilers(
        ("spec", "mutations"),
        {("spec", "failurePolicy"): "Maybe", ("spec", "matchConditions", 0, "expression"): "object.spec &&& true"},
        {("spec", "mutations"): "none"},
    ),
    "MutatingAdmissionPolicyBinding": Spoilers(
        ("spec", "policyName"), {("spec", "policyName"): ""}, {("spec", "policyName"): 5}
    ),
    "Namespace": Spoilers(("metadata", "labels"), {NAME: "Upper_Case"}, {("metadata", "labels"): "team"}),
    "PodDisruptionBudget": Spoilers(
        ("spec", "maxUnavailable"), {("spec", "maxUnavailable"): -1}, {("spec", "selector"): ["x"]}
    ),
    "PriorityClass": Spoilers(
        ("preemptionPolicy",), {("value",): 2_000_000_000, ("preemptionPolicy",): "Always"}, {("value",): "high"}
    ),
    "PriorityLevelConfiguration": Spoilers(
        ("spec", "limited"),
        {("spec", "limited", "limitResponse", "queuing", "handSize"): 600, ("spec", "limited", "lendablePercent"): 500},
        {("spec", "limited", "nominalConcurrencyShares"): "many"},
    ),
    "Service": Spoilers(
        ("spec", "ports"), {("spec", "ports", 0, "port"): 153_000}, {("spec", "ports", 0, "port"): "dns"}
    ),
    "ServiceAccount": Spoilers(
        ("metadata", "namespace"), {NAME: "Upper_Case"}, {("automountServiceAccountToken",): "perhaps"}
    ),
}


def spoilt_copies(item: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (what is wrong, copy) of an object."""
    misspelt, out_of_range, wrong_type = SPOILERS[item["kind"]]
    copy = deepcopy(item)
    owner = _at(copy, misspelt[:-1])
    owner[f"{misspelt[-1]}x"] = owner.pop(misspelt[-1])
    yield f"{misspelt[-1]} misspelt", copy
    for what, values in (("out of range", out_of_range), ("of a wrong type", wrong_type)):
        for path, value in values.items():
            copy = deepcopy(item)
            _at(copy, path[:-1])[path[-1]] = value
            yield f"{path[-1]} {what}: {value!r}", copy


def _at(node: Any, path: Path) -> Any:
    for step in path:
        node = node[step]
    return node
