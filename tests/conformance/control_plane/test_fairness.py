"""What one sender sends too much holds up only itself: priority levels and limits of Events, as emitted."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from conformance.control_plane.client import Client, Credentials
from conformance.control_plane.metrics import Metrics
from conformance.control_plane.objects import Object, Places, ensure, lease, named, objects_of
from conformance.control_plane.plane import Plane
from conformance.control_plane.processes import free_port, soon
from conformance.control_plane.replacements import NODE, small_event_limits
from conformance.control_plane.staging import ADMISSION, API_SERVER_FILES
from conformance.trees import load

pytestmark = pytest.mark.parametrize("plane", ["research-7500"], indirect=True)
TEAM, STORMY, CALM = "language", "vision", "scaling-laws"
LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"
SCHEMA_HEADER = "X-Kubernetes-Pf-Flowschema-Uid"
FLOOD_SECONDS, FLOOD_THREADS, BEAT_SECONDS = 3, 24, 0.1
LARGE, LARGE_BYTES = 20, 100_000


@pytest.fixture(autouse=True)
def schemas(plane: Plane, admin: Client, places: Places) -> dict[str, Object]:
    """Apply the tree, and return the emitted FlowSchemas by name."""
    items = [item for _, item in objects_of(plane.staged.tree)]
    for item in items:
        admin.apply(places.item(item), item, force="true").expect()
    return {item["metadata"]["name"]: item for item in items if item["kind"] == "FlowSchema"}


def schema_of(plane: Plane, names: dict[str, str], headers: dict[str, str]) -> str:
    """Return which schema takes a request of somebody, by name."""
    with plane.client(plane.staged.credentials(headers=headers)) as client:
        answer = client.get("/api/v1/pods", limit=1)
    return names[{name.title(): value for name, value in answer.headers.items()}[SCHEMA_HEADER]]


def names_of(admin: Client) -> dict[str, str]:
    """Return the names of all FlowSchemas by UID."""
    found = admin.get("/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas").expect()["items"]
    return {item["metadata"]["uid"]: item["metadata"]["name"] for item in found}


def speaking_for(subject: dict[str, Any]) -> dict[str, str]:
    """Return the headers by which an administrator speaks for a FlowSchema's subject."""
    if subject["kind"] == "ServiceAccount":
        account = subject["serviceAccount"]
        return {"Impersonate-User": f"system:serviceaccount:{account['namespace']}:{account['name']}"}
    if subject["kind"] == "Group":
        return {"Impersonate-User": "somebody", "Impersonate-Group": subject["group"]["name"]}
    return {"Impersonate-User": subject["user"]["name"]}


def test_everyone_whom_an_emitted_schema_names_lands_in_its_level(
    plane: Plane, admin: Client, schemas: dict[str, Object]
) -> None:
    names = names_of(admin)
    subjects = [
        (name, subject)
        for name, schema in schemas.items()
        for rule in schema["spec"]["rules"]
        for subject in rule["subjects"]
    ]
    assert subjects
    # The API server takes a moment to learn of new schemas.
    soon(lambda: all(schema_of(plane, names, speaking_for(subject)) == name for name, subject in subjects))
    assert {(name, schema_of(plane, names, speaking_for(subject))) for name, subject in subjects} == {
        (name, name) for name in schemas
    }
    levels = admin.get("/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas").expect()["items"]
    dangling = [
        condition["status"]
        for item in levels
        if item["metadata"]["name"] in schemas
        for condition in item["status"]["conditions"]
        if condition["type"] == "Dangling"
    ]
    assert {*dangling} == {"False"}


def test_machines_and_everyone_else_stay_in_the_levels_of_upstream(plane: Plane, admin: Client) -> None:
    names = names_of(admin)
    machine = {"Impersonate-User": f"system:node:{NODE}", "Impersonate-Group": "system:nodes"}
    assert schema_of(plane, names, machine) == "system-nodes"
    assert schema_of(plane, names, {"Impersonate-User": "system:kube-scheduler"}) == "kube-scheduler"
    assert schema_of(plane, names, {"Impersonate-User": "system:serviceaccount:default:somebody"}) == "service-accounts"
    assert schema_of(plane, names, {"Impersonate-User": "somebody"}) == "global-default"


@pytest.fixture
def team(plane: Plane, admin: Client) -> Credentials:
    """Return a team's service account that may read the large ConfigMaps of its namespace."""
    space = f"/api/v1/namespaces/{TEAM}"
    ensure(admin, f"{space}/serviceaccounts", named("flood"))
    access = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{TEAM}"
    rule = {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["list"]}
    ensure(admin, f"{access}/roles", named("flood", rules=[rule]))
    binding = named(
        "flood",
        roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "flood"},
        subjects=[{"kind": "ServiceAccount", "name": "flood", "namespace": TEAM}],
    )
    ensure(admin, f"{access}/rolebindings", binding)
    for number in range(LARGE):
        ensure(admin, f"{space}/configmaps", named(f"large-{number}", data={"text": "x" * LARGE_BYTES}))
    asked = {"spec": {"expirationSeconds": 600}}
    token = admin.post(f"{space}/serviceaccounts/flood/token", asked).expect()["status"]["token"]
    return Credentials(plane.staged.credentials().authority, headers={"Authorization": f"Bearer {token}"})


def waited(admin: Client) -> dict[str, float]:
    """Return the seconds that requests have waited in the queues of each level so far."""
    metrics = Metrics(admin.get("/metrics").text)
    return metrics.by("priority_level", "apiserver_flowcontrol_request_wait_duration_seconds_sum")


@pytest.fixture
def small(plane: Plane) -> Iterator[int]:
    """Return the port of one more API server, which takes little at once."""
    port = free_port()
    running = plane.start_small_api_server(port)
    yield port
    running.end()


def test_a_team_that_floods_waits_by_itself_and_no_machine_waits_with_it(
    plane: Plane, team: Credentials, small: int
) -> None:
    lists, answers, beats = f"/api/v1/namespaces/{TEAM}/configmaps", list[int](), list[int]()
    until = time.monotonic() + FLOOD_SECONDS

    def flood() -> None:
        with Client(small, team) as client:
            while time.monotonic() < until:
                answers.append(client.get(lists).status)

    as_machine = plane.staged.credentials("kubelet")
    with Client(small, plane.staged.credentials()) as admin, Client(small, as_machine) as machine:
        ensure(machine, LEASES, lease(NODE))
        before, until = waited(admin), time.monotonic() + FLOOD_SECONDS
        threads = [threading.Thread(target=flood) for _ in range(FLOOD_THREADS)]
        for thread in threads:
            thread.start()
        while time.monotonic() < until:
            renewed = {"spec": {"leaseDurationSeconds": 40 + len(beats) % 2}}
            beats.append(machine.patch(f"{LEASES}/{NODE}", renewed).status)
            time.sleep(BEAT_SECONDS)
        for thread in threads:
            thread.join()
        in_queue = {level: seconds - before.get(level, 0.0) for level, seconds in waited(admin).items()}
    assert set(beats) == {200}
    assert set(answers) <= {200, 429}
    assert in_queue["teams"] > 1, in_queue
    assert sum(seconds for level, seconds in in_queue.items() if level != "teams") < in_queue["teams"] / 10, in_queue


def test_a_storm_of_events_in_one_namespace_is_cut_off_there_and_nowhere_else(plane: Plane, small: int) -> None:
    emitted = load((plane.staged.folder / API_SERVER_FILES / ADMISSION).read_text())
    limits = small_event_limits(emitted)["plugins"][0]["configuration"]["limits"]
    (limit,) = (limit for limit in limits if limit["type"] == "Namespace")
    started, taken = time.monotonic(), 0
    with Client(small, plane.staged.credentials()) as admin:
        while (answer := admin.post(*event(STORMY, f"{started}-{taken}"))).ok and taken < 10 * limit["burst"]:
            taken += 1
        let_in = limit["burst"] + limit["qps"] * (time.monotonic() - started)
        calm = admin.post(*event(CALM, str(started)))
    assert answer.status == 429, answer.text
    assert limit["burst"] <= taken <= let_in + 1
    assert calm.ok


def event(space: str, name: str) -> tuple[str, Object]:
    """Return where an Event is created, and the Event."""
    return f"/api/v1/namespaces/{space}/events", named(f"storm-{name}", involvedObject={"namespace": space})
