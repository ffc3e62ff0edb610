"""Admission policies as emitted change the pods that they are meant for, and leave every other pod alone."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.control_plane.client import Client
from conformance.control_plane.objects import Places, ensure, named, objects_of
from conformance.control_plane.plane import Plane
from conformance.control_plane.processes import soon
from conformance.trees import TREES

PODS = "/api/v1/namespaces/default/pods"
HOST_NETWORK = "host-network-dns.clusterc.dev"
EXERCISED = {HOST_NETWORK}
POLICIES = {
    item["metadata"]["name"]
    for tree in TREES
    for _, item in objects_of(tree)
    if item["kind"] in {"MutatingAdmissionPolicy", "ValidatingAdmissionPolicy"}
}


def test_every_shipped_policy_is_exercised_here() -> None:
    assert POLICIES == EXERCISED


def admitted(admin: Client, **spec: Any) -> dict[str, Any]:
    """Return the spec of a pod as it is admitted."""
    pod = named("p", spec={"containers": [{"name": "c", "image": "i"}], **spec})
    found: dict[str, Any] = admin.post(PODS, pod, dryRun="All", fieldValidation="Strict").expect()["spec"]
    return found


@pytest.fixture
def applied(plane: Plane, admin: Client, places: Places) -> None:
    """Apply the tree, and wait until its policies are in force."""
    for _, item in objects_of(plane.staged.tree):
        admin.apply(places.item(item), item, force="true").expect()
    ensure(admin, "/api/v1/namespaces/default/serviceaccounts", named("default"))
    soon(lambda: admitted(admin, hostNetwork=True)["dnsPolicy"] != "ClusterFirst")


@pytest.mark.parametrize("plane", ["host-network-1000"], indirect=True)
@pytest.mark.parametrize(
    ("spec", "policy"),
    [
        ({"hostNetwork": True}, "ClusterFirstWithHostNet"),
        ({"hostNetwork": True, "dnsPolicy": "ClusterFirst"}, "ClusterFirstWithHostNet"),
        ({"hostNetwork": True, "dnsPolicy": "Default"}, "Default"),
        ({"hostNetwork": True, "dnsPolicy": "None", "dnsConfig": {"nameservers": ["192.0.2.53"]}}, "None"),
        ({"hostNetwork": False}, "ClusterFirst"),
        ({}, "ClusterFirst"),
    ],
)
@pytest.mark.usefixtures("applied")
def test_only_pods_on_the_host_network_that_name_no_other_dns_get_the_clusters(
    admin: Client, spec: dict[str, Any], policy: str
) -> None:
    assert admitted(admin, **spec)["dnsPolicy"] == policy
