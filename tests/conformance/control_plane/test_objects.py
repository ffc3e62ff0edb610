"""A real API server, started with a tree's own flags, takes every object of the tree as it stands."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.conftest import Judges, Trees
from conformance.control_plane.client import Client
from conformance.control_plane.conftest import HOST_NETWORK, at
from conformance.control_plane.objects import Object, Places, create_namespaces, objects_of, unanswered
from conformance.control_plane.plane import Plane
from conformance.control_plane.spoilt import SPOILERS, spoilt_copies
from conformance.programs import MINORS
from conformance.trees import TREES, minor_of

READER = "api-server"
STRICT = {"dryRun": "All", "fieldValidation": "Strict"}
# One tree for each minor, with the gates and the API groups that the others of the minor need.
EVERY_MINOR = [at(HOST_NETWORK, minor) for minor in MINORS]
every_tree = pytest.mark.parametrize("plane", [tree.name for tree in TREES], indirect=True)
every_minor = pytest.mark.parametrize("plane", EVERY_MINOR, indirect=True)


def lost(admin: Client, places: Places, judges: Judges, minor: str, items: list[tuple[str, Object]]) -> dict[str, Any]:
    """Return what a dry run of each object did not answer of what was sent, and what it warned of, by path."""
    found: dict[str, list[str]] = {}
    for path, item in items:
        found[path] = unanswered(admin, places, item)
        if not found[path]:
            judges.read[item["kind"], READER, minor][0].add(json.dumps(item))
    assert found
    return {path: what for path, what in found.items() if what}


def accepted(admin: Client, places: Places, judges: Judges, minor: str, items: list[tuple[str, Object]]) -> list[str]:
    """Return the spoilt copies that were not refused: of the first object of each kind."""
    found: list[str] = []
    for path, item in {item["kind"]: (path, item) for path, item in reversed(items)}.values():
        for wrong, copy in spoilt_copies(item):
            answer = admin.post(places.collection(item), copy, **STRICT)
            if answer.status not in {400, 422}:
                found.append(f"{path}: {wrong}: {answer.status}")
            judges.read[item["kind"], READER, minor][1].add(json.dumps(copy))
    return found


@every_tree
def test_a_dry_run_of_every_object_answers_all_that_was_sent(
    plane: Plane, admin: Client, places: Places, judges: Judges
) -> None:
    items = objects_of(plane.staged.tree)
    create_namespaces(admin, places, (item for _, item in items))
    assert lost(admin, places, judges, minor_of(plane.staged.tree), items) == {}


@every_minor
def test_every_minor_takes_the_objects_of_every_spec_that_is_compiled_for_it(
    plane: Plane, admin: Client, places: Places, judges: Judges, trees: Trees
) -> None:
    minor = minor_of(plane.staged.tree)
    items = [(f"{tree.name}/{path}", item) for tree in trees.of(minor) for path, item in objects_of(tree)]
    create_namespaces(admin, places, (item for _, item in items))
    assert lost(admin, places, judges, minor, items) == {}
    assert accepted(admin, places, judges, minor, items) == []


@every_tree
def test_every_spoilt_copy_is_refused(plane: Plane, admin: Client, places: Places, judges: Judges) -> None:
    items = objects_of(plane.staged.tree)
    create_namespaces(admin, places, (item for _, item in items))
    assert accepted(admin, places, judges, minor_of(plane.staged.tree), items) == []


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
    kinds = {item["kind"]: item for tree in TREES for _, item in objects_of(tree)}
    assert {*kinds} - {*SPOILERS} == set()
    assert {kind: len([*spoilt_copies(item)]) for kind, item in kinds.items() if len([*spoilt_copies(item)]) < 3} == {}
