"""clusterc upgrade: from shipped specs and the real tables, with the exit codes of every command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.runs import Clusterc

ROOT = Path(__file__).resolve().parents[2]


def at(lab: Path, version: str, *more: str) -> Path:
    """Let the lab be of another release, with more lines at the end of the spec."""
    lab.write_text(lab.read_text().replace("version: 1.37.2", f"version: {version}") + "".join(f"{m}\n" for m in more))
    return lab


def test_an_upgrade_without_anything_broken_exits_0(clusterc: Clusterc, lab: Path) -> None:
    run = clusterc("upgrade", at(lab, "1.36.3"), "--to", "1.37")
    assert (run.code, run.err) == (0, "")
    lines = run.out.splitlines()
    assert lines[0] == "lab-10: Kubernetes 1.36.3 -> 1.37.2"
    assert "breaks: nothing" in lines
    assert any(line.split() == ["MemoryQoS", "off", "->", "on", "BETA"] for line in lines)
    assert any(line.split() == ["memoryThrottlingFactor", "0.9", "->", "none"] for line in lines)
    assert any(line.split() == ["etcd", "3.6.8", "->", "3.7.0"] for line in lines)
    assert any(line.split() == ["kubernetesVersion", "v1.36.3", "->", "v1.37.2"] for line in lines)


def test_what_breaks_is_shown_at_its_place_and_exits_1(clusterc: Clusterc, lab: Path) -> None:
    spec = at(lab, "1.36.3, featureGates: {GangScheduling: true}")
    run = clusterc("upgrade", spec, "--to", "1.37.2")
    assert run.code == 1
    lines = run.out.splitlines()
    line = next(number for number, text in enumerate(spec.read_text().splitlines(), 1) if "GangScheduling" in text)
    column = spec.read_text().splitlines()[line - 1].index("GangScheduling") + 1
    assert f"  {spec}:{line}:{column}: CC3111 unknown-gate" in lines
    assert "breaks: 1" in lines


def test_minors_are_taken_one_at_a_time(clusterc: Clusterc, lab: Path) -> None:
    spec = at(lab, "1.34.4", "  gangs: {scheduler: coscheduling}")
    run = clusterc("upgrade", spec, "--to", "1.37", "--format", "json")
    found = json.loads(run.out)
    assert run.code == 1
    assert [(step["from"], step["to"]) for step in found["steps"]] == [
        ("1.34.4", "1.35.4"),
        ("1.35.4", "1.36.3"),
        ("1.36.3", "1.37.2"),
    ]
    # scheduler-plugins has no release for 1.35, and what broke there is not said again.
    assert [[item["id"] for item in step["breaks"]] for step in found["steps"]] == [["CC4001"], [], []]
    first = {
        (change["area"], change["name"]): (change["from"], change["to"])
        for change in found["steps"][0]["changesByItself"]
    }
    assert first["KubeletConfiguration", "failCgroupV1"] == (False, True)
    assert first["feature gates", "OpportunisticBatching"] == (None, "on")


def test_several_steps_say_how_long_kubelets_may_wait(clusterc: Clusterc, lab: Path) -> None:
    run = clusterc("upgrade", at(lab, "1.35.4"), "--to", "1.37")
    assert run.out.splitlines()[0] == (
        "lab-10: Kubernetes 1.35.4 -> 1.37.2, in 2 steps: API servers go one minor at a time"
    )
    assert "three minors older" in run.out
    assert [line for line in run.out.splitlines() if line.startswith("1.3")] == ["1.35.4 -> 1.36.3", "1.36.3 -> 1.37.2"]


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("1.36", "1.36.3 is older than 1.37.2: Kubernetes does not go back"),
        ("1.38", "Kubernetes 1.38 is newer than what clusterc knows: 1.34 to 1.37"),
        ("latest", "'latest' is not a Kubernetes release; write it as 1.37 or 1.37.2"),
    ],
)
def test_where_there_is_no_way_it_is_bad_usage(clusterc: Clusterc, lab: Path, to: str, said: str) -> None:
    run = clusterc("upgrade", lab, "--to", to)
    assert (run.code, run.out) == (2, "")
    assert said in run.err
    assert "Traceback" not in run.err


def test_no_release_and_no_spec_are_bad_usage_and_a_broken_spec_is_findings(
    clusterc: Clusterc, lab: Path, tmp_path: Path
) -> None:
    assert clusterc("upgrade", lab).code == 2
    assert clusterc("upgrade", tmp_path / "gone.yaml", "--to", "1.37").code == 2
    lab.write_text(lab.read_text().replace("preset: lab", "preset: lob"))
    run = clusterc("upgrade", lab, "--to", "1.37")
    assert (run.code, run.out) == (1, "")
    assert "CC0006" in run.err


def test_a_cluster_that_is_there_has_nothing_to_do(clusterc: Clusterc, lab: Path) -> None:
    run = clusterc("upgrade", lab, "--to", "1.37")
    assert (run.code, run.out) == (0, "lab-10 is at 1.37.2: nothing to do\n")


def test_nothing_is_written(clusterc: Clusterc, lab: Path, tmp_path: Path) -> None:
    before = lab.read_bytes(), sorted(tmp_path.rglob("*"))
    clusterc("upgrade", at(lab, "1.37.2"), "--to", "1.37.9")
    assert (lab.read_bytes(), sorted(tmp_path.rglob("*"))) == before


@pytest.mark.parametrize("name", ["azure-overlay-5000", "flannel-300", "inference-200", "research-2500"])
def test_the_shipped_clusters_may_go_to_the_newest_minor(clusterc: Clusterc, name: str) -> None:
    run = clusterc("upgrade", ROOT / "clusters" / f"{name}.yaml", "--to", "1.37")
    assert run.code == 0, run.out
