"""`clusterc show`: every value, decided, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusterc import pipeline
from clusterc.load.yaml_spec import load_yaml
from clusterc.report.decisions import settled
from clusterc.report.values import flow
from clusterc.spec.reference import Unknown, look_up

if TYPE_CHECKING:
    from cli.runs import Clusterc

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted((ROOT / "clusters").glob("*.*"))


def place(spec: Path, text: str) -> tuple[int, int]:
    """Return the line and column, from 1 on, at which a text first stands in a file."""
    for number, line in enumerate(spec.read_text().splitlines(), start=1):
        if text in line:
            return number, line.index(text) + 1
    raise AssertionError(text)


def values(clusterc: Clusterc, *arguments: str | Path) -> list[dict[str, Any]]:
    run = clusterc("show", *arguments, "--format", "json")
    assert run.code == 0, run.err
    found: list[dict[str, Any]] = json.loads(run.out)
    return found


def test_a_value_of_the_spec_is_shown_with_its_line(clusterc: Clusterc, lab: Path) -> None:
    line, column = place(lab, "10.64.0.0/16")
    run = clusterc("show", lab.name, "network.podCIDR", "--why")
    code = lab.read_text().splitlines()[line - 1].strip()
    assert run.out == f"spec.network.podCIDR = 10.64.0.0/16\n    spec: lab.yaml:{line}:{column}\n        {code}\n"


def test_a_value_of_the_preset_is_shown_with_the_presets_reason(clusterc: Clusterc, lab: Path) -> None:
    run = clusterc("show", lab.name, "controlPlane.placement", "--why")
    assert run.out.startswith("spec.controlPlane.placement = stacked\n    preset lab: ")


def test_a_decided_value_is_shown_with_formula_and_source(clusterc: Clusterc, lab: Path) -> None:
    run = clusterc("show", lab.name, "network.mtu", "--why")
    assert run.out.splitlines()[:2] == ["spec.network.mtu = 1450", "    default: underlay 1500 - 50 for vxlan"]
    assert run.out.splitlines()[2].startswith("    source: ")


def test_a_value_that_repeats_another_has_its_reason_and_its_place(clusterc: Clusterc, lab: Path) -> None:
    lab.write_text(lab.read_text().replace(":6443 #", ":6443\n    etcd: {quota: 3Gi}\n    #"))
    line, column = place(lab, "3Gi")
    run = clusterc("show", lab.name, "controlPlane.etcd.extra.quota-backend-bytes", "--why")
    assert run.out.splitlines() == [
        "spec.controlPlane.etcd.extra.quota-backend-bytes = 3221225472",
        "    as spec.controlPlane.etcd.quota",
        f"    spec: lab.yaml:{line}:{column}",
        "        etcd: {quota: 3Gi}",
    ]


def test_a_value_that_repeats_a_default_has_the_defaults_formula(clusterc: Clusterc, lab: Path) -> None:
    (first,) = values(clusterc, lab.name, "nodePools[cpu].pods.max")
    (again,) = values(clusterc, lab.name, "nodePools[cpu].kubelet.maxPods")
    assert again == first | {"path": "spec.nodePools[cpu].kubelet.maxPods", "follows": first["path"]}
    assert first["why"]


def test_without_why_every_value_takes_one_line(clusterc: Clusterc, lab: Path) -> None:
    run = clusterc("show", lab.name)
    assert all(" = " in line for line in run.out.splitlines())


def test_what_the_spec_says_and_nothing_is_decided_about_is_shown_too(clusterc: Clusterc, lab: Path) -> None:
    shown = {value["path"]: value for value in values(clusterc, lab.name)}
    assert shown["spec.provider"]["value"] == "metal"
    assert shown["spec.nodePools[gpu].role"]["origin"] == "spec"
    assert "spec.nodePools[gpu].name" not in shown


def test_no_path_is_shown_twice(clusterc: Clusterc, lab: Path) -> None:
    paths = [value["path"] for value in values(clusterc, lab.name)]
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize("path", ["spec.network.dns", "network.dns"])
def test_a_path_stands_for_all_below_it_with_and_without_spec(clusterc: Clusterc, lab: Path, path: str) -> None:
    paths = [value["path"] for value in values(clusterc, lab.name, path)]
    assert "spec.network.dns.replicas" in paths
    assert all(shown.removeprefix("spec.").startswith("network.dns.") for shown in paths)
    # What no spec can say has a path without it.
    assert all(shown.startswith(path) or path == "network.dns" for shown in paths)


def test_empty_brackets_stand_for_every_name(clusterc: Clusterc, lab: Path) -> None:
    paths = [value["path"] for value in values(clusterc, lab.name, "nodePools[].pods.max")]
    assert paths == ["spec.nodePools[gpu].pods.max", "spec.nodePools[cpu].pods.max"]


def test_json_has_the_place_of_what_the_spec_says(clusterc: Clusterc, lab: Path) -> None:
    line, column = place(lab, "flannel")
    assert values(clusterc, lab.name, "network.mode") == [
        {
            "path": "spec.network.mode",
            "value": "flannel",
            "origin": "spec",
            "why": "",
            "source": "",
            "follows": "",
            "span": {"file": "lab.yaml", "line": line, "column": column, "endColumn": column + len("flannel")},
            "changedBy": [],
        }
    ]


@pytest.fixture
def overlaid(lab: Path) -> Path:
    """Return a spec with an overlay over CoreDNS."""
    (lab.parent / "more.jsonnet").write_text("function(doc) doc { spec+: { replicas: 7 } }")
    with lab.open("a") as spec:
        spec.write("\n  overlays: [{kind: Deployment, name: coredns, jsonnet: more.jsonnet}]\n")
    return lab


CHANGED = "    changed to 7 by spec.overlays[0] in objects/kube-system/deployment-coredns.yaml"


def test_a_value_that_an_overlay_changed_says_so_and_no_other(clusterc: Clusterc, overlaid: Path) -> None:
    lines = clusterc("show", overlaid.name).out.splitlines()
    assert lines[lines.index(CHANGED) - 1] == "spec.network.dns.replicas = 2"
    assert lines.count(CHANGED) == 1
    assert CHANGED in clusterc("explain", "network.dns.replicas", overlaid.name).out.splitlines()


def test_json_has_what_an_overlay_changed(clusterc: Clusterc, overlaid: Path) -> None:
    (value,) = values(clusterc, overlaid.name, "network.dns.replicas")
    file = "objects/kube-system/deployment-coredns.yaml"
    change = {"overlay": "spec.overlays[0]", "file": file, "field": "spec.replicas", "value": 7}
    assert (value["value"], value["changedBy"]) == (2, [change])


def test_lint_evaluates_overlays(clusterc: Clusterc, overlaid: Path) -> None:
    assert clusterc("lint", overlaid.name).code == 0
    overlaid.write_text(overlaid.read_text().replace("kind: Deployment", "kind: Nope"))
    run = clusterc("lint", overlaid.name, "--format", "concise")
    assert (run.code, "CC0011" in run.out) == (1, True)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("network.podcidr", "did you mean spec.network.podCIDR"),
        ("nodePools[gpus].pods", "spec.nodePools has no gpus; it has gpu, cpu"),
        ("nodePools[0].pods", "spec.nodePools has no 0; it has gpu, cpu"),
        ("frobnicate", "has no value at frobnicate"),
        ("\x1b[31m", "\\x1b"),
    ],
)
def test_an_unknown_path_is_refused_with_what_comes_near(clusterc: Clusterc, lab: Path, path: str, said: str) -> None:
    run = clusterc("show", lab.name, path)
    assert (run.code, run.out) == (2, "")
    assert said in run.err


def test_a_field_without_a_value_is_no_mistake(clusterc: Clusterc, lab: Path) -> None:
    run = clusterc("show", lab.name, "network.peers", "--format", "json")
    assert (run.code, json.loads(run.out)) == (0, [])
    assert run.err == "lab.yaml says nothing at spec.network.peers; its default: none\n"


def test_a_field_that_a_pools_kubelets_take_from_the_base_is_shown_as_the_base_has_it(
    clusterc: Clusterc, lab: Path
) -> None:
    run = clusterc("show", lab.name, "nodePools[gpu].kubelet.kubeAPIQPS", "--why")
    assert run.out.startswith("kubelet.kubeAPIQPS = 50\n    default: ")
    own = clusterc("show", lab.name, "nodePools[gpu].kubelet.maxPods")
    assert own.out == "spec.nodePools[gpu].kubelet.maxPods = 32\n"


@pytest.mark.parametrize("spec", [*SHIPPED, ROOT / "tests/every_field.yaml"], ids=lambda spec: spec.stem)
def test_a_path_that_begins_with_spec_is_one_that_a_spec_may_say(spec: Path) -> None:
    checked = pipeline.read(spec, name=spec.name, root=ROOT)
    assert checked.source is not None
    decisions = settled(pipeline.understand(checked)[0].decisions.values(), checked.source)
    paths = {path for decision in decisions for path in (decision.path, decision.follows)}
    told = [path for path in paths if path.startswith("spec.")]
    assert len(told) > 50
    assert [path for path in told if isinstance(look_up(path), Unknown)] == []


def test_what_no_spec_can_say_is_shown_without_spec(clusterc: Clusterc, lab: Path) -> None:
    run = clusterc("show", lab.name, "controlPlane.apiServers.sysctls")
    lines = run.out.splitlines()
    assert lines
    assert all(line.startswith("controlPlane.apiServers.sysctls[") for line in lines)
    assert clusterc("show", lab.name, "network.dns.serviceAddress").out.startswith("network.dns.serviceAddress = ")


def test_a_spec_with_errors_is_not_shown(clusterc: Clusterc, lab: Path) -> None:
    lab.write_text(lab.read_text().replace("flannel", "flanel"))
    run = clusterc("show", lab.name)
    assert (run.code, run.out) == (1, "")
    assert "did you mean flannel?" in run.err


def test_a_spec_that_exceeds_a_limit_is_shown_with_the_limit(clusterc: Clusterc, lab: Path) -> None:
    lab.write_text(lab.read_text().replace("nodes: 8", "nodes: 5000"))
    run = clusterc("show", lab.name, "nodePools[gpu].nodes")
    assert run.code == 1
    assert "spec.nodePools[gpu].nodes" in run.out
    assert "CC1202 node-cidr-too-small" in run.err


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8", exclude_categories=["C"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc:,{}[]# -'\"0123", min_size=1), inner),
    max_leaves=8,
)


@given(plain)
def test_a_shown_value_reads_back_as_itself(value: object) -> None:
    source, findings = load_yaml(f"value: {flow(value)}\n", name="value.yaml")
    assert findings == ()
    assert source is not None
    assert source.data == {"value": value}
