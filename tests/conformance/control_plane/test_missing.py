"""What an API server drops of an object is seen, a zero value like any other."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.control_plane.objects import OMITTED, missing
from conformance.trees import TREES


@pytest.mark.parametrize("value", [False, 0, "", [], {}, None, True, 7, "x", [1], {"a": {}}])
def test_a_field_that_is_gone_is_seen(value: Any) -> None:
    sent = {"spec": {"kept": 1, "field": value}}
    assert [*missing(sent, {"spec": {"kept": 1, "added": 2}}, "Kind")] == ["Kind.spec.field is gone"]
    assert [*missing(sent, {**sent, "status": {}}, "Kind")] == []


@pytest.mark.parametrize(
    ("sent", "answered"), [(False, 0), (0, False), ("", None), ([], None), ({}, None), ([0], []), (["a"], ["b"])]
)
def test_another_value_is_seen(sent: Any, answered: Any) -> None:
    assert [*missing({"a": sent}, {"a": answered}, "Kind")] != []


def test_a_quantity_may_be_written_in_another_way() -> None:
    assert [*missing({"cpu": "1000m", "memory": "1024Mi"}, {"cpu": "1", "memory": "1Gi"}, "Kind")] == []


def test_only_the_zero_value_of_the_listed_field_of_the_listed_kind_may_be_gone() -> None:
    assert [*missing({"globalDefault": False}, {}, "PriorityClass")] == []
    assert [*missing({"globalDefault": True}, {}, "PriorityClass")] == ["PriorityClass.globalDefault is gone"]
    assert [*missing({"globalDefault": False}, {}, "PriorityClasses")] == ["PriorityClasses.globalDefault is gone"]
    assert [*missing({"value": 0}, {}, "PriorityClass")] == ["PriorityClass.value is gone"]


def test_every_listed_field_is_sent() -> None:
    texts = [file.read_text() for tree in TREES for file in tree.glob("objects/**/*.yaml")]
    for path in OMITTED:
        kind, _, field = path.partition(".")
        assert [text for text in texts if f"kind: {kind}\n" in text and f"{field.rpartition('.')[2]}: " in text], path
