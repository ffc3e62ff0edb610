"""The scripts that look after etcd, run by sh with an etcdctl that answers as 3.6 and 3.7 do."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from clusterc import pipeline
from clusterc.emit import emit

ROOT = Path(__file__).resolve().parents[2]
# Members as etcd prints them: hexadecimal in lists, decimal in the fields of a status; the last is still a learner.
MEMBERS = ("8e9e05c52164694d", "f8934c42ae83b109", "5bb88815aa547407", "1000000000000001")
LISTED = "".join(
    f"{id_}, started, etcd-{number}, https://e{number}:2380, https://e{number}:2379, {str(number == 3).lower()}\n"
    for number, id_ in enumerate(MEMBERS)
)
FAKE = """\
#!/bin/sh
case "$*" in
*"endpoint status"*) cat "{folder}/status" ;;
*"member list"*) cat "{folder}/members" ;;
*"snapshot save"*) for last; do :; done; echo saved > "$last"; echo "snapshot save" >> "{folder}/log" ;;
*"snapshot status"*) ;;
*) echo "$*" | sed 's/.*timeout=10m //' >> "{folder}/log" ;;
esac
"""


@dataclass(frozen=True, slots=True)
class Machine:
    """A member's machine: its scripts, with programs that stand in for etcd's."""

    folder: Path

    def run(self, script: str, *arguments: str, now: int = 0) -> list[str]:
        """Run a script at a time of the clock, and return what etcd was asked to do."""
        (self.folder / "log").write_text("")
        (self.folder / "date").write_text(f'#!/bin/sh\ncase "$*" in *%s*) echo {now} ;; *) echo {now:012} ;; esac\n')
        (self.folder / "date").chmod(0o755)
        path = f"{self.folder}:/usr/bin:/bin"
        subprocess.run(["sh", self.folder / script, *arguments], check=True, env={"PATH": path}, capture_output=True)
        return (self.folder / "log").read_text().splitlines()

    def is_member(self, number: int, *, leader: int) -> None:
        """Say which member this machine is, and which one leads."""
        fields = {"MemberID": int(MEMBERS[number], 16), "Leader": int(MEMBERS[leader], 16)}
        (self.folder / "status").write_text("".join(f'"{name}" : {value}\n' for name, value in fields.items()))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    spec = ROOT / "clusters/research-7500.yaml"
    cluster, capacity = pipeline.understand(pipeline.read(spec, name=spec.name, root=ROOT))
    for document in emit(cluster, capacity):
        if document.path.startswith("etcd/main/") and document.kind == "Script":
            text = str(document.body).replace("/usr/local/bin", str(tmp_path))
            (tmp_path / Path(document.path).name).write_text(text)
    for program in ("etcdctl", "etcdutl"):
        (tmp_path / program).write_text(FAKE.format(folder=tmp_path))
        (tmp_path / program).chmod(0o755)
    (tmp_path / "members").write_text(LISTED)
    return Machine(tmp_path)


@pytest.mark.parametrize(
    ("self", "leader", "asked"),
    [
        (0, 1, ["defrag"]),
        (1, 1, [f"move-leader {MEMBERS[0]}", "defrag"]),
        (0, 0, [f"move-leader {MEMBERS[1]}", "defrag"]),
    ],
)
def test_a_member_that_leads_hands_over_to_one_that_votes_before_it_is_defragmented(
    machine: Machine, self: int, leader: int, asked: list[str]
) -> None:
    machine.is_member(self, leader=leader)
    assert machine.run("etcd-defragment.sh") == asked


def test_a_single_member_is_defragmented_without_an_heir(machine: Machine) -> None:
    (machine.folder / "members").write_text(LISTED.splitlines(keepends=True)[0])
    machine.is_member(0, leader=0)
    assert machine.run("etcd-defragment.sh") == ["defrag"]


def test_in_every_interval_one_member_saves_and_all_take_turns(machine: Machine, tmp_path: Path) -> None:
    saved: list[int] = []
    for turn in range(8):
        for number in range(4):
            machine.is_member(number, leader=0)
            arguments = (str(tmp_path / f"member-{number}"), "9", "3600", "3600")
            if machine.run("etcd-backup.sh", *arguments, now=turn * 3600 + 60):
                saved.append(number)
        assert len(saved) == turn + 1
    assert sorted(saved[:4]) == [0, 1, 2, 3]
    assert saved[4:] == saved[:4]


def test_a_timer_that_fires_several_times_in_a_turn_saves_once(machine: Machine, tmp_path: Path) -> None:
    (machine.folder / "members").write_text(LISTED.splitlines(keepends=True)[0])
    machine.is_member(0, leader=0)
    # A snapshot each 90 minutes, of a timer that fires each half hour, a little late.
    runs = [
        machine.run("etcd-backup.sh", str(tmp_path / "kept"), "9", "5400", "1800", now=moment * 1800 + 2)
        for moment in range(9)
    ]
    assert [bool(run) for run in runs] == [True, False, False] * 3


def test_a_member_keeps_only_the_newest_snapshots(machine: Machine, tmp_path: Path) -> None:
    (machine.folder / "members").write_text(LISTED.splitlines(keepends=True)[0])
    machine.is_member(0, leader=0)
    for turn in range(5):
        machine.run("etcd-backup.sh", str(tmp_path / "kept"), "2", "3600", "3600", now=turn * 3600)
    names = sorted(path.name for path in (tmp_path / "kept").iterdir())
    assert names == [f"main-{turn * 3600:012}.db" for turn in (3, 4)]


@pytest.mark.parametrize("tree", ["flannel-300", "lab-10"])
def test_a_restore_begins_by_stopping_what_looks_after_etcd_on_its_own(tree: str) -> None:
    spec = ROOT / f"clusters/{tree}.yaml"
    documents = emit(*pipeline.understand(pipeline.read(spec, name=spec.name, root=ROOT)))
    runbook = next(str(document.body) for document in documents if document.path.endswith("RESTORE.md"))
    timers = "systemctl {} etcd-backup.timer etcd-defragment.timer\n"
    assert runbook.index(timers.format("stop")) < min(
        runbook.index(moved) for moved in ("mv /var/lib/etcd", "snapshot restore")
    )
    if "systemctl stop etcd\n" in runbook:
        assert runbook.index(timers.format("stop")) < runbook.index("systemctl stop etcd\n")
    assert runbook.index("snapshot restore") < runbook.index(timers.format("start"))
