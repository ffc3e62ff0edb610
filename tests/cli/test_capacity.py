"""`clusterc capacity`: what a cluster needs, and what breaks first."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from clusterc import pipeline
from clusterc.amounts import amount, percent
from clusterc.cli._set import parse, with_settings
from clusterc.report.table import Row, lines

if TYPE_CHECKING:
    from cli.runs import Clusterc

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def research(tmp_path: Path) -> Path:
    return Path(shutil.copy(ROOT / "clusters/research-7500.yaml", tmp_path / "research.yaml"))


def tree(clusterc: Clusterc, *arguments: str | Path) -> dict[str, Any]:
    run = clusterc("capacity", *arguments, "--format", "json")
    assert run.code == 0, run.err
    found: dict[str, Any] = json.loads(run.out)
    return found


def cells(out: str, name: str) -> list[str]:
    """Return the cells of the row of a name."""
    line = next(line for line in out.splitlines() if line.strip().startswith(name))
    return re.split(r"\s{2,}", line.strip())[1:]


def test_quantities_stand_in_a_column_for_each_size(clusterc: Clusterc, research: Path) -> None:
    out = clusterc("capacity", research.name).out
    assert out.startswith("research-7500: nodes: 50 at the least, 7,500 on an ordinary day, 7,500 at the\nmost\n")
    assert cells(out, "needs at this many nodes") == ["50", "7,500"]
    assert cells(out, "Renewals of node leases") == ["5/s", "750/s"]


def test_a_fixed_cluster_has_one_column(clusterc: Clusterc, lab: Path) -> None:
    out = clusterc("capacity", lab.name).out
    assert out.startswith("lab-10: 10 nodes\n")
    assert cells(out, "Renewals of node leases") == ["1/s"]


def test_what_breaks_first_is_said_in_a_sentence_of_three_sizes_in_order(clusterc: Clusterc, research: Path) -> None:
    limits = [limit for limit in tree(clusterc, research.name)["limits"] if limit["breaksAt"] is not None]
    assert limits == sorted(limits, key=lambda limit: limit["breaksAt"])
    sentence = " ".join(clusterc("capacity", research.name).out.rpartition("\n\n")[2].split())
    held = [limit for limit in limits if not limit["followsNodes"]]
    sizes = sorted({limit["breaksAt"] for limit in held})[:3]
    assert re.findall(r"at ([\d,]+) nodes", sentence) == [f"{size:,}" for size in sizes]
    for limit in limits:
        assert (limit["name"] in sentence) is (limit in held and limit["breaksAt"] in sizes), limit["name"]
    assert sentence.count("(the pools may get there)") == sum(size <= 7500 for size in sizes)


def test_limits_that_are_reached_together_are_named_together(clusterc: Clusterc, tmp_path: Path) -> None:
    spec = Path(shutil.copy(ROOT / "clusters/upstream-5000.yaml", tmp_path / "upstream.yaml"))
    sentence = " ".join(clusterc("capacity", spec.name).out.rpartition("\n\n")[2].split())
    envelope = "Nodes that upstream supports, Pods that upstream supports, Containers that upstream supports and "
    assert envelope in sentence.partition(" at 5,001 nodes")[0]
    assert "DNS queries" not in sentence


def test_head_room_has_demand_supply_and_share(clusterc: Clusterc, research: Path) -> None:
    assert cells(clusterc("capacity", research.name).out, "Node addresses") == ["7,500", "8,187", "8,188", "92 %"]


def test_quantities_that_are_zero_are_left_out_unless_explained(clusterc: Clusterc, lab: Path) -> None:
    zero = [item["name"] for item in tree(clusterc, lab.name)["quantities"] if not any(item["values"].values())]
    assert zero
    assert not any(f"  {name} " in clusterc("capacity", lab.name).out for name in zero)
    explained = clusterc("capacity", lab.name, "--explain", COLUMNS="100").out
    assert all(f"  {name} " in explained for name in zero)


def test_explain_adds_formula_inputs_source_and_confidence(clusterc: Clusterc, research: Path) -> None:
    quantity = next(item for item in tree(clusterc, research.name)["quantities"] if item["id"] == "etcd-history-bytes")
    out = " ".join(clusterc("capacity", research.name, "--explain").out.split())
    assert f"= {quantity['formula']} with" in out
    assert all(f"({item['origin']})" in out for item in quantity["inputs"])
    assert f"source: {quantity['source']} confidence: {quantity['confidence']}" in out


def test_set_reckons_with_another_value_and_leaves_the_spec_alone(clusterc: Clusterc, lab: Path) -> None:
    before = lab.read_text()
    after = tree(clusterc, lab.name, "--set", "nodePools[gpu].nodes={min: 1, max: 100}")
    assert after["nodes"] == {"min": 3, "desired": 102, "max": 102}
    assert lab.read_text() == before


def test_settings_leave_the_source_that_they_change_as_it_was(lab: Path) -> None:
    checked = pipeline.read(lab, name=lab.name, root=lab.parent)
    assert checked.source is not None
    before = json.dumps(checked.source.data)
    changed = with_settings(checked, [parse("nodePools[gpu].nodes=20"), parse("scale.churn=3")])
    assert changed.source is not None
    assert changed.source.data["spec"]["scale"] == {"churn": 3}
    assert json.dumps(checked.source.data) == before


def test_set_makes_the_blocks_on_its_way_and_may_be_repeated(clusterc: Clusterc, lab: Path) -> None:
    settings = ("--set", "scale.services=7", "--set", "spec.nodePools[cpu].nodes=5", "--set", "scale.churn=3")
    after = tree(clusterc, lab.name, *settings)
    demand = {limit["id"]: limit["demand"]["max"] for limit in after["limits"]}
    assert (demand["service-addresses"], after["nodes"]["max"]) == (7, 13)


def test_compare_shows_what_changes_side_by_side(clusterc: Clusterc, lab: Path) -> None:
    out = clusterc("capacity", lab.name, "--set", "nodePools[gpu].nodes=18", "--compare").out
    assert cells(out, "Nodes ") == ["10", "20", "+100 %"]
    assert cells(out, "Renewals of node leases") == ["1/s", "2/s", "+100 %"]
    assert "Machines that join at once" in out
    assert not re.search(r"^  Pods of a machine, gpu", out, re.MULTILINE)
    assert "Before. What breaks first" in out
    assert "After. What breaks first" in out


def test_compare_names_what_comes_and_goes(clusterc: Clusterc, lab: Path) -> None:
    pool = "nodePools[cpu]={name: new, role: general, machine: {cpu: 32, memory: 128Gi}, nodes: 2}"
    out = clusterc("capacity", lab.name, "--set", pool, "--compare").out
    assert cells(out, "Pods of a machine, cpu") == ["30", "-", "gone"]
    assert cells(out, "Pods of a machine, new") == ["-", "30", "new"]


def test_compare_as_json_has_both_sides(clusterc: Clusterc, lab: Path) -> None:
    both = tree(clusterc, lab.name, "--set", "nodePools[gpu].nodes=18", "--compare")
    assert (both["before"]["nodes"]["max"], both["after"]["nodes"]["max"]) == (10, 20)


@pytest.mark.parametrize(
    ("setting", "place", "said"),
    [
        ("controlPlane.etcd.quota=8", "--set controlPlane.etcd.quota:1:1", "did you mean 8Gi?"),
        ("network={mode: flannel, foo: 1}", "--set network:1:17", "spec.network has no field foo"),
        ("network.mdoe=x", "--set network.mdoe:1:1", "did you mean mode?"),
        ("provider=014", "--set provider:1:1", "an octal number to some readers"),
        ("network.mode={a", "--set network.mode:1:3", "a bracket is not closed"),
    ],
)
def test_a_setting_that_is_wrong_is_a_finding_at_its_place(
    clusterc: Clusterc, lab: Path, setting: str, place: str, said: str
) -> None:
    run = clusterc("capacity", lab.name, "--set", setting)
    assert (run.code, run.out) == (1, "")
    assert f" --> {place}\n" in run.err
    assert said in run.err


def test_a_limit_that_a_setting_exceeds_is_reckoned_with_and_shown_at_both_of_its_places(
    clusterc: Clusterc, lab: Path
) -> None:
    run = clusterc("capacity", lab.name, "--set", "nodePools[gpu].nodes=5000")
    assert run.code == 1
    assert cells(run.out, "Node addresses") == ["5,002", "254", "255", "1,969 %"]
    assert " --> lab.yaml:14:15\n" in run.err
    assert "has addresses for 254 machines" in run.err
    assert " :: --set nodePools[gpu].nodes:1:1\n" in run.err


def test_the_example_of_the_help_page_is_reckoned(clusterc: Clusterc, research: Path) -> None:
    setting = re.search(r"--set\s+(nodePools\S+=\d+)", clusterc("capacity", "--help").out)
    assert setting
    for extra in ((), ("--compare",)):
        run = clusterc("capacity", research.name, "--set", setting[1], *extra)
        assert run.code == 1
        assert "9,500" in run.out
        assert "CC1202 node-cidr-too-small" in run.err


def test_a_setting_may_mend_what_is_wrong(clusterc: Clusterc, lab: Path) -> None:
    lab.write_text(lab.read_text().replace("nodes: 8", "nodes: 500"))
    assert clusterc("capacity", lab.name).code == 1
    run = clusterc("capacity", lab.name, "--set", "nodePools[gpu].nodes=8")
    assert (run.code, run.err) == (0, "")


@pytest.mark.parametrize("file", sorted((ROOT / "tests/broken").glob("*.yaml")), ids=lambda file: file.stem)
def test_a_broken_spec_is_reckoned_with_or_refused_for_what_means_nothing(file: Path) -> None:
    checked = pipeline.read(file, name=file.name, root=file.parent)
    again = pipeline.resolved(checked)
    assert set(checked.findings) <= set(again.findings)
    if again.cluster is not None:
        assert pipeline.understand(again)[1].limits
    else:
        assert any(re.match("CC(00|10|.1)", finding.id) for finding in checked.findings)


@pytest.mark.parametrize("command", ["capacity", "show"])
def test_a_spec_without_meaning_is_a_finding_and_no_bad_usage(clusterc: Clusterc, lab: Path, command: str) -> None:
    lab.write_text(lab.read_text().replace("nodes: 8", "nodes: many"))
    run = clusterc(command, lab.name)
    assert (run.code, run.out) == (1, "")
    assert "mend its errors first" in run.err


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("", "write it as PATH=VALUE"),
        ("=", "write it as PATH=VALUE"),
        ("network.mode", "write it as PATH=VALUE"),
        ("network.mode=", 'there is no value after "="'),
        ("nodePools[gp].nodes=5", "spec.nodePools has no gp; it has gpu, cpu"),
        ("nodePools[0].nodes=5", "spec.nodePools has no 0; it has gpu, cpu"),
        ("nodePools[gpu].nodes.max=5", "spec.nodePools[gpu].nodes is 8 and has nothing inside it"),
    ],
)
def test_a_setting_that_says_nothing_is_bad_usage(clusterc: Clusterc, lab: Path, setting: str, said: str) -> None:
    run = clusterc("capacity", lab.name, "--set", setting)
    assert (run.code, run.out) == (2, "")
    assert said in run.err


def test_what_has_no_name_is_called_by_its_position(clusterc: Clusterc, lab: Path) -> None:
    lab.write_text(lab.read_text().replace(":6443 #", ":6443\n    apiServers: {hosts: [a, b, c]}\n    #"))
    assert clusterc("capacity", lab.name, "--set", "controlPlane.apiServers.hosts[0]=d").code == 0


def test_compare_without_set_is_bad_usage(clusterc: Clusterc, lab: Path) -> None:
    run = clusterc("capacity", lab.name, "--compare")
    assert (run.code, run.out) == (2, "")
    assert "--compare needs --set" in run.err


@pytest.mark.parametrize("columns", [60, 80, 100])
def test_tables_fit_the_terminal(clusterc: Clusterc, research: Path, columns: int) -> None:
    for extra in ((), ("--explain",), ("--set", "scale.churn=50", "--compare")):
        run = clusterc("capacity", research.name, *extra, COLUMNS=str(columns))
        parted = [line for line in run.out.splitlines() if " " in line.strip()]  # an address is never broken
        assert max(map(len, parted)) <= columns


def test_colours_set_off_what_is_exceeded_without_moving_a_column(clusterc: Clusterc, research: Path) -> None:
    plain = clusterc("capacity", research.name, "--color", "never").out
    coloured = clusterc("capacity", research.name, "--color", "always").out
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert re.search(r"Nodes that upstream supports .*\x1b\[31m *150 %", coloured)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0, "bytes", "0 B"),
        (999, "bytes", "999 B"),
        (1_500, "bytes", "1.5 kB"),
        (20_000, "bytes", "20 kB"),
        (70e9, "bytes", "70 GB"),
        (0.0, "bytes", "0 B"),
        (2**20, "bytes", "1 MiB"),
        (2**20 + 1, "bytes", "1.05 MB"),
        (8 * 1024**3, "bytes", "8 GiB"),
        (1536 * 1024**2, "bytes", "1.5 GiB"),
        (1_400_000, "bytes/s", "1.4 MB/s"),
        (0, "s", "0 s"),
        (0.25, "s", "250 ms"),
        (119, "s", "119 s"),
        (120, "s", "2 min"),
        (7_200, "s", "2 h"),
        (172_800, "s", "2 d"),
        (0.17, "1/s", "0.17/s"),
        (750, "1/s", "750/s"),
        (100, "pods/s", "100/s"),
        (75, "times", "75x"),
        (7_500, "nodes", "7,500"),
        (9_999_999, "series", "9,999,999"),
        (10_000_000, "series", "10 M"),
        (32_650_000, "series", "32.6 M"),
    ],
)
def test_a_number_is_written_in_a_unit_that_fits(value: float, unit: str, text: str) -> None:
    assert amount(value, unit) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(0, 10, "0 %"), (1, 1000, "< 1 %"), (1, 100, "1 %"), (3, 2, "150 %"), (0, 0, "0 %"), (1, 0, "over")],
)
def test_a_share_is_written_in_percent(part: float, whole: float, text: str) -> None:
    assert percent(part, whole) == text


def test_a_long_name_goes_on_below_and_its_cells_stay_in_line() -> None:
    rows = [Row("  a name that is long enough to be broken", ["1", "22"]), Row("  short", ["333", "4"])]
    assert lines(rows, width=30) == [
        "  a name that is long    1  22",
        "    enough to be",
        "    broken",
        "  short                333   4",
    ]


def test_nothing_is_no_value_to_reckon_with(clusterc: Clusterc, lab: Path) -> None:
    run = clusterc("capacity", lab.name, "--set", "spec.scale=null")
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("clusterc: --set spec.scale: null is no value; ")
