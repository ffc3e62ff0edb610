"""What holds for every spec that can be drawn: the valid ones, those changed at random, and any that the schema allows.

Whether the files of the valid ones read back, hold no secret and lie where they must is in test_emit.py; whether the
real programs accept them, in conformance/test_generated_specs.py.
"""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from clusterc import pipeline
from clusterc.diagnostics import Finding, Severity
from clusterc.spec.read import read_spec
from clusterc.write import names
from specs import Plain, checked, source, specs
from specs.loose import altered_specs, loose_specs
from specs.reduced import reduced
from specs.sample import sample
from specs.spoilt import spoilt_specs
from test_determinism import reordered

SCHEMA = json.loads((Path(__file__).resolve().parents[1] / "schemas" / "cluster.schema.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA)
# Of 250 specs each; a field that the language has in few places is in one of several hundred.
MOST_SAMPLES = 12
LABEL = r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"


def built(data: Plain) -> pipeline.Built:
    return pipeline.build(checked(data))


def errors(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.message for finding in findings if finding.severity is Severity.ERROR]


def fits_schema(data: Plain) -> bool:
    return next(VALIDATOR.iter_errors(data), None) is None


@given(specs(), st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_a_valid_spec_is_built_alike_from_keys_in_any_order(data: Plain, dice: Random) -> None:
    first = built(data)
    shuffled = built(reordered(data, lambda items: dice.sample(items, len(items))))
    assert errors(first.checked.findings) == []
    assert first.files == shuffled.files
    assert len(first.files) > 20


@given(specs())
@settings(max_examples=30)
def test_a_valid_spec_fits_the_schema_that_editors_read(data: Plain) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(data)] == []


@given(specs())
@settings(max_examples=20)
def test_every_object_has_a_name_and_a_namespace_that_kubernetes_takes(data: Plain) -> None:
    for metadata in objects(built(data)):
        assert re.fullmatch(rf"{LABEL}(\.{LABEL})*", metadata["name"]), metadata
        assert re.fullmatch(LABEL, metadata.get("namespace", "default")), metadata


def objects(build: pipeline.Built) -> Iterator[Any]:
    for file in build.files:
        if file.reader == "api-object":
            yield YAML(typ="safe", pure=True).load(file.text)["metadata"]


@given(altered_specs())
@settings(max_examples=60)
def test_a_spec_changed_at_random_is_built_or_refused_at_a_place(data: Plain) -> None:
    judge(built(data))


@given(loose_specs())
@settings(max_examples=60)
def test_whatever_the_schema_allows_is_built_or_refused_at_a_place(data: Plain) -> None:
    judge(built(data))


def judge(build: pipeline.Built) -> None:
    """Assert that a spec became files that can be written, or that somebody can find its mistakes."""
    findings = build.checked.findings
    assert bool(build.files) != bool(errors(findings))
    assert [finding.message for finding in findings if finding.span is None] == []
    names.refuse_unsafe(Path("output"), (file.path for file in build.files))


@given(spoilt_specs())
@settings(max_examples=100)
def test_schema_and_compiler_agree_on_what_is_no_spec(data: Plain) -> None:
    findings = read_spec(source(data)).findings
    assert fits_schema(data) == (errors(findings) == []), findings


def test_every_field_of_the_language_is_drawn() -> None:
    # An overlay is a file of its own beside the spec.
    left_out = {"Body.overlays", *(f"Overlay.{name}" for name in SCHEMA["$defs"]["Overlay"]["properties"])}
    known = {f"{name}.{field}" for name, block in SCHEMA["$defs"].items() for field in block.get("properties", {})}
    missing = known - left_out
    for seed in range(MOST_SAMPLES):
        missing -= {field for data in sample(250, seed=seed) for field in said(data, SCHEMA)}
        if not missing:
            return
    assert sorted(missing) == []


def said(value: Any, node: Any) -> Iterator[str]:
    """Yield the fields that a value says, each with the name of its block."""
    if isinstance(value, list):
        yield from (field for item in value for field in said(item, node["items"]))
        return
    references = [branch["$ref"] for branch in (node, *node.get("anyOf", ())) if "$ref" in branch]
    block = SCHEMA["$defs"][references[0].rpartition("/")[2]] if references else node
    if isinstance(value, dict) and "properties" in block:
        for name, inner in value.items():
            yield f"{block['title']}.{name}"
            yield from said(inner, block["properties"][name])


@pytest.mark.parametrize("strategy", [altered_specs(), spoilt_specs()], ids=["altered", "spoilt"])
def test_both_outcomes_are_drawn(strategy: st.SearchStrategy[Plain]) -> None:
    outcomes = set()

    @given(strategy)
    @settings(max_examples=60, database=None)
    def collect(data: Plain) -> None:
        outcomes.add(checked(data).is_right)

    # A run may dwell on few shapes; that none of ten draws both is no accident.
    for _ in range(10):
        collect()
        if outcomes == {True, False}:
            break
    assert outcomes == {True, False}


def test_what_fails_is_made_as_small_as_it_fails() -> None:
    data = {
        "spec": {"pools": [{"name": "a", "max": 1}, {"name": "b", "max": 2}], "other": {"deep": [1, 2]}},
        "kind": "x",
    }

    def fails(candidate: Plain) -> bool:
        return any(pool.get("max") == 2 for pool in candidate.get("spec", {}).get("pools", ()))

    assert reduced(data, fails) == {"spec": {"pools": [{"max": 2}]}}


def test_a_sample_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    assert sample(5, seed=1) == sample(5, seed=1) != sample(5, seed=2)


def test_a_sample_is_the_same_whatever_is_loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    here = sample(60, seed=1)
    (tmp_path / "loaded_besides.py").write_text("".join(f"N{n} = {n * 997 + 3}\n" for n in range(200)))
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("loaded_besides")
    assert sample(60, seed=1) == here
