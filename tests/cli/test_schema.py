"""`clusterc schema`: what editors know of the spec language."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from clusterc.load.yaml_spec import load_yaml
from clusterc.spec.schema import cluster_schema

if TYPE_CHECKING:
    from cli.runs import Clusterc

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = ROOT / "schemas/cluster.schema.json"
SHIPPED = sorted((ROOT / "clusters").glob("*.yaml"))
SCHEMA = json.loads(COMMITTED.read_text())
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)


def data(text: str) -> Any:
    source, _ = load_yaml(text, name="spec.yaml")
    assert source is not None
    return source.data


def fields() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, block in {"": SCHEMA, **SCHEMA["$defs"]}.items():
        for field, node in block.get("properties", {}).items():
            yield f"{name}.{field}", node


def test_the_committed_schema_is_the_one_of_the_models() -> None:
    assert cluster_schema() == SCHEMA, "refresh it: clusterc schema > schemas/cluster.schema.json"


@pytest.mark.parametrize("arguments", [(), ("cluster",)])
def test_the_command_prints_the_committed_schema(clusterc: Clusterc, arguments: tuple[str, ...]) -> None:
    assert clusterc("schema", *arguments).out == COMMITTED.read_text()


def test_the_module_prints_it_too() -> None:
    run = subprocess.run([sys.executable, "-m", "clusterc.spec.schema"], capture_output=True, check=True)
    assert run.stdout.decode() == COMMITTED.read_text()


def test_an_unknown_schema_is_bad_usage(clusterc: Clusterc) -> None:
    assert clusterc("schema", "policy").code == 2


def test_the_schema_is_one_of_draft_2020_12_with_an_id_and_a_title() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["$id"].endswith("/cluster.schema.json")
    assert SCHEMA["title"]


def test_the_schema_has_no_words_that_its_draft_does_not_know() -> None:
    registry = import_module("jsonschema_specifications").REGISTRY
    known = set(Draft202012Validator.META_SCHEMA["properties"])
    for vocabulary in ("applicator", "validation", "meta-data", "core", "unevaluated", "format-annotation"):
        uri = f"https://json-schema.org/draft/2020-12/meta/{vocabulary}"
        known |= set(registry.contents(uri)["properties"])
    used = {word for _, node in fields() for word in node}
    assert used - known == set()


def test_every_field_has_a_description_and_every_block_is_closed() -> None:
    assert [name for name, node in fields() if not node.get("description")] == []
    assert [name for name, block in SCHEMA["$defs"].items() if block.get("additionalProperties") is not False] == []


def test_every_default_and_example_is_a_value_that_the_schema_allows() -> None:
    checked = 0
    for name, node in fields():
        for value in [*node.get("examples", []), *([node["default"]] if "default" in node else [])]:
            errors = list(VALIDATOR.evolve(schema=node).iter_errors(value))
            assert errors == [], name
            checked += 1
    assert checked > 50


def test_no_field_may_be_null() -> None:
    assert '"null"' not in COMMITTED.read_text()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_specs_fit_the_schema(path: Path) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(data(path.read_text()))] == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("provider: metal", "provider: metl"),
        ("provider: metal", "providr: metal"),
        ("podCIDR: 10.64.0.0/16", "podCIDR: 10.64.0.0"),
        ("podCIDR: 10.64.0.0/16", "podCIDR: fd00::/48"),
        ("version: 1.37.2", "version: latest"),
        ("nodes: 8", "nodes: many"),
        ("nodes: 8", "nodes: {min: 1}"),
        ("nodes: 8", "nodes: {min: -1, max: 2}"),
        ("memory: 512Gi", "memory: 512"),
        ("memory: 512Gi", "memory: 512GB"),
        ("count: 8", "count: 0"),
        ("- name: gpu", "- name: GPU_pool"),
        ("kind: Cluster", "kind: cluster"),
        ("apiVersion: clusterc.dev/v1alpha1", "apiVersion: clusterc.dev/v1"),
        ("endpoint: api.lab-10.internal:6443", 'endpoint: ""'),
        ("endpoint: api.lab-10.internal:6443", "placement: stacked"),
    ],
)
def test_what_the_spec_language_refuses_does_not_fit_the_schema(right: str, wrong: str) -> None:
    text = (ROOT / "clusters/lab-10.yaml").read_text()
    assert right in text
    assert list(VALIDATOR.iter_errors(data(text.replace(right, wrong)))) != []
