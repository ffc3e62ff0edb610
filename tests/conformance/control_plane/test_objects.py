"""A real API server, started with a tree's own flags, takes every object of the tree as it stands."""

from __future__ import annotations

import pytest

from conformance.conftest import Judges
from conformance.control_plane.client import Client
from conformance.control_plane.objects import Object, Places, missing, objects_of
from conformance.control_plane.plane import Plane
from conformance.control_plane.spoilt import SPOILERS, spoilt_copies
from conformance.trees import TREES

READER = "api-server"
STRICT = {"dryRun": "All", "fieldValidation": "Strict"}
every_tree = pytest.mark.parametrize("plane", [tree.name for tree in TREES], indirect=True)


def create_namespaces(plane: Plane, admin: Client, places: Places) -> list[tuple[str, Object]]:
    """Create the tree's namespaces, without which nothing can be tried in them; return all of its objects."""
    items = objects_of(plane.staged.tree)
    for _, item in items:
        if item["kind"] == "Namespace" and not admin.get(places.item(item)).ok:
            admin.post(places.collection(item), item).expect()
    return items


@every_tree
def test_a_dry_run_of_every_object_answers_all_that_was_sent(
    plane: Plane, admin: Client, places: Places, judges: Judges
) -> None:
    version = admin.get("/version").expect()
    found = {}
    for path, item in create_namespaces(plane, admin, places):
        answer = admin.apply(places.item(item), item, dryRun="All", force="true")
        lost = [*missing(item, answer.data)] if answer.ok else [answer.text]
        warned = answer.headers.get("Warning")
        found[path] = [*lost, *([warned] if warned else [])]
        judges.accepted[item["kind"], READER].add(
            f"kube-apiserver as {version['emulationMajor']}.{version['emulationMinor']}"
        )
    assert {path: lost for path, lost in found.items() if lost} == {}
    assert found


@every_tree
def test_every_spoilt_copy_is_refused(plane: Plane, admin: Client, places: Places, judges: Judges) -> None:
    accepted, seen = [], set()
    for path, item in create_namespaces(plane, admin, places):
        if item["kind"] in seen:
            continue
        seen.add(item["kind"])
        copies = [*spoilt_copies(item)]
        assert len(copies) >= 3
        for wrong, copy in copies:
            answer = admin.post(places.collection(item), copy, **STRICT)
            accepted += [f"{path}: {wrong}: {answer.status}"] if answer.status not in {400, 422} else []
        judges.refused[item["kind"], READER] += len(copies)
    assert accepted == []


@every_tree
def test_applied_in_the_order_of_the_readme_everything_stands_and_a_second_time_nothing_changes(
    plane: Plane, admin: Client, places: Places
) -> None:
    items = objects_of(plane.staged.tree)
    first = [admin.apply(places.item(item), item, force="true") for _, item in items]
    assert [answer.text for answer in first if not answer.ok] == []
    again = [admin.apply(places.item(item), item, force="true").data for _, item in items]
    changed = [
        path for (path, _), before, after in zip(items, first, again, strict=True) if said(before.data) != said(after)
    ]
    assert changed == []


def said(item: Object) -> Object:
    """Return an object without what the server notes of its own accord."""
    return {key: value for key, value in item.items() if key not in {"metadata", "status"}} | {
        key: item["metadata"].get(key) for key in ("generation", "labels", "annotations")
    }


def test_every_kind_of_object_that_is_shipped_can_be_spoilt() -> None:
    assert {item["kind"] for tree in TREES for _, item in objects_of(tree)} - {*SPOILERS} == set()
