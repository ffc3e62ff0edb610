"""The API server of the largest tree, started with the emitted flags and files, does what they promise."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from conformance.control_plane.client import Client
from conformance.control_plane.listeners import connections, listeners
from conformance.control_plane.objects import Object, Places, ensure, lease, named, objects_of
from conformance.control_plane.plane import Plane
from conformance.control_plane.processes import soon
from conformance.control_plane.replacements import NODE
from conformance.control_plane.staging import LOGS

pytestmark = pytest.mark.parametrize("plane", ["research-7500"], indirect=True)
TEAM = "language"
SECRET = "bm90LWZvci10aGUtbG9n"  # noqa: S105 - a word to look for in the log


@pytest.fixture(autouse=True)
def applied(plane: Plane, admin: Client, places: Places) -> list[Object]:
    """Apply the tree as its README says, and return its objects."""
    items = [item for _, item in objects_of(plane.staged.tree)]
    for item in items:
        admin.apply(places.item(item), item, force="true").expect()
    return items


@pytest.fixture
def kubelet(plane: Plane) -> Iterator[Client]:
    """Return the connection of a machine, by the certificate that kubeadm makes for it."""
    with plane.client(plane.staged.credentials("kubelet")) as client:
        yield client


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_every_check_of_the_api_server_passes(path: str, admin: Client) -> None:
    lines = admin.get(path, verbose="").text.splitlines()
    assert [line for line in lines if line.startswith("[-]")] == []
    assert lines[-1].endswith("check passed")


def test_nothing_listens_on_or_speaks_to_any_address_but_loopback(plane: Plane) -> None:
    alive = {name: running for name, running in plane.running.items() if running.process.poll() is None}
    assert {"etcd-main", "etcd-events", "kube-apiserver"} <= {*alive}
    for name, running in alive.items():
        assert listeners(running.process.pid), name
        assert {*listeners(running.process.pid), *connections(running.process.pid)} <= {"127.0.0.1", "::1"}, name


def test_events_land_in_their_own_etcd_and_nothing_else_does(plane: Plane, admin: Client) -> None:
    pod = {"kind": "Pod", "namespace": TEAM, "name": "p", "apiVersion": "v1"}
    for version in ("api/v1", "apis/events.k8s.io/v1"):
        collection = f"/{version}/namespaces/{TEAM}/events"
        name = version.replace("/", "-")
        body = named(name, involvedObject=pod, reason="Tested", type="Normal")
        if "events.k8s.io" in version:
            told = {"eventTime": "2026-01-01T00:00:00.000000Z", "reportingController": "t", "reportingInstance": "t"}
            body = named(name, regarding=pod, reason="Tested", type="Normal", action="Test", **told)
        ensure(admin, collection, body)
    of_main, of_events = ([key for key, _ in plane.keys(etcd)] for etcd in ("main", "events"))
    assert f"/registry/namespaces/{TEAM}" in of_main
    assert [key for key in of_main if key.startswith("/registry/events/")] == []
    assert {f"/registry/events/{TEAM}/api-v1", f"/registry/events/{TEAM}/apis-events.k8s.io-v1"} <= {*of_events}
    assert [key for key in of_events if not key.startswith(("/registry/events/", "compact_rev_key"))] == []


def test_the_audit_log_holds_what_the_policy_says(plane: Plane, admin: Client, kubelet: Client) -> None:
    mark = f"mark-{time.monotonic_ns()}"
    space, leases = f"/api/v1/namespaces/{TEAM}", "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"
    kubelet.post("/api/v1/nodes", named(NODE))
    kubelet.patch(f"/api/v1/nodes/{NODE}/status", {"status": {"nodeInfo": {"kernelVersion": mark}}}).expect()
    admin.patch(f"/api/v1/nodes/{NODE}", {"metadata": {"annotations": {"mark": mark}}}).expect()
    admin.post(f"{space}/secrets", named(f"secret-{mark}", data={"key": SECRET})).expect()
    admin.get(f"{space}/secrets/secret-{mark}").expect()
    admin.post(leases, lease(f"lease-{mark}")).expect()
    admin.post(f"{space}/events", named(f"event-{mark}", involvedObject={"namespace": TEAM})).expect()
    admin.post(f"{space}/configmaps", named(f"last-{mark}", data={"key": SECRET})).expect()

    log = plane.staged.folder / LOGS / "audit.log"
    assert soon(lambda: f"last-{mark}" in log.read_text())
    rows = [json.loads(line) for line in log.read_text().splitlines()]
    seen = {
        (row["verb"], row["objectRef"]["resource"]): row for row in rows if mark in json.dumps(row.get("objectRef"))
    }
    assert {what: row["level"] for what, row in seen.items()} == {
        ("create", "secrets"): "Metadata",
        ("create", "configmaps"): "Metadata",
    }
    assert [row["verb"] for row in rows if row["verb"] in {"get", "list", "watch"}] == []
    assert [row for row in rows if row.get("objectRef", {}).get("resource") in {"leases", "events"}] == []
    assert {row["stage"] for row in rows} == {"ResponseComplete"}
    assert SECRET not in log.read_text()
    # What machines report of themselves is left out; what others change of a machine is not.
    of_nodes = {
        (row["user"]["username"], row["objectRef"].get("subresource"))
        for row in rows
        if row.get("objectRef", {}).get("resource") == "nodes"
    }
    assert (f"system:node:{NODE}", "status") not in of_nodes
    assert ("kubernetes-super-admin", None) in of_nodes


def test_a_pod_gets_the_ladder_of_priorities(admin: Client, applied: list[Object]) -> None:
    classes = {item["metadata"]["name"]: item for item in applied if item["kind"] == "PriorityClass"}
    (usual,) = (name for name, item in classes.items() if item["globalDefault"])
    ensure(admin, f"/api/v1/namespaces/{TEAM}/serviceaccounts", named("default"))
    for name in (None, *classes):
        spec = {"containers": [{"name": "c", "image": "i"}], **({"priorityClassName": name} if name else {})}
        made = admin.post(f"/api/v1/namespaces/{TEAM}/pods", named("p", spec=spec), dryRun="All").expect()["spec"]
        expected = classes[name or usual]
        assert (made["priority"], made["preemptionPolicy"]) == (expected["value"], expected["preemptionPolicy"])


def test_a_machine_may_not_label_or_taint_itself_beyond_what_is_its_own(admin: Client, kubelet: Client) -> None:
    kubelet.post("/api/v1/nodes", named(NODE))
    ensure(admin, "/api/v1/nodes", named("node-of-another"))
    own, other = f"/api/v1/nodes/{NODE}", "/api/v1/nodes/node-of-another"
    assert kubelet.patch(own, {"metadata": {"labels": {"clusterc.dev/seen": "yes"}}}).ok
    assert kubelet.patch(own, {"metadata": {"labels": {"node-restriction.kubernetes.io/passed": "yes"}}}).status == 403
    assert kubelet.patch(own, {"spec": {"taints": []}}).status == 403
    assert kubelet.patch(other, {"metadata": {"labels": {"clusterc.dev/seen": "yes"}}}).status == 403


def test_the_controller_manager_starts_with_the_emitted_flags_and_leads(plane: Plane, admin: Client) -> None:
    manager = plane.start_controller_manager()
    account = "/api/v1/namespaces/scaling-laws/serviceaccounts/default"
    assert soon(lambda: admin.get(account).ok)
    lead = admin.get("/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager").expect()
    assert lead["spec"]["holderIdentity"]
    manager.end()
