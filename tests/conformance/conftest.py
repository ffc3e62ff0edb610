"""What the run learns goes to docs/conformance.md."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance import hosts
from conformance.programs import ETCD_36, ETCD_37, KUBERNETES, NODE, Module, Verdict, ask

HERE = Path(__file__).resolve().parent
REPORT = HERE.parents[1] / "docs" / "conformance.md"
UNPROVED: dict[str, str] = tomllib.loads((HERE / "unproved.toml").read_text())
MODULES: dict[str, Module] = {
    **dict.fromkeys(("corefile", "cni", "containerd-hosts", "flannel"), NODE),
    "etcd-3.6": ETCD_36,
    "etcd-3.7": ETCD_37,
}


class Judges:
    """Every program that reads, by the name that the manifest calls it."""

    def __init__(self) -> None:
        self.accepted: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.refused: dict[tuple[str, str], int] = defaultdict(int)
        self.samples: dict[str, int] = defaultdict(int)
        self._known: dict[tuple[str, str], Verdict] = {}

    def ask(self, requests: list[tuple[str, str]]) -> list[Verdict]:
        """Return the verdict on each (reader, text); one text is read once."""
        fresh = [request for request in dict.fromkeys(requests) if request not in self._known]
        by_module: dict[Module, list[tuple[str, str]]] = defaultdict(list)
        for reader, text in fresh:
            if reader in hosts.PROGRAMS:
                self._known[reader, text] = hosts.PROGRAMS[reader](text)
            else:
                by_module[MODULES.get(reader, KUBERNETES)].append((reader, text))
        for module, group in by_module.items():
            self._known |= dict(zip(group, ask(module, group), strict=True))
        return [self._known[request] for request in requests]


@pytest.fixture(scope="session")
def judges(request: pytest.FixtureRequest) -> Iterator[Judges]:
    judges = Judges()
    yield judges
    if _complete(request.session):
        REPORT.write_text(report(judges), encoding="utf-8")


def _complete(session: pytest.Session) -> bool:
    # A run of some of the tests knows too little for the report, and one that failed has nothing to report.
    wanted = {path for path in HERE.rglob("test_*.py") if path.parent.name != "scale"}
    chosen = {item.path for item in session.items} >= wanted
    return chosen and not session.config.option.keyword and session.testsfailed == 0


@pytest.fixture(scope="session")
def discovery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file that stands for the one a human supplies, since kubeadm looks whether it is there."""
    file = tmp_path_factory.mktemp("kubernetes") / "discovery.conf"
    file.write_text("apiVersion: v1\nkind: Config\n")
    return file


def report(judges: Judges) -> str:
    """Return what was read by which program, how many spoilt copies it refused, and what no program here can read."""
    rows = [
        f"| {kind} | {reader} | {', '.join(sorted(programs))} | {judges.refused[kind, reader]} |"
        for (kind, reader), programs in sorted(judges.accepted.items())
    ]
    samples = [f"| {reader} | {number} |" for reader, number in sorted(judges.samples.items())]
    unproved = [f"| {reader} | {reason} |" for reader, reason in sorted(UNPROVED.items())]
    return "\n".join(
        [
            "# Conformance",
            "",
            "Written by `make conformance`: what the real programs accepted of the trees under `output/`, and how many",
            "spoilt copies of them (a misspelt key, a value out of range, a wrong type) the same programs refused.",
            "Those of Kubernetes 1.37.2 read the files of every minor; those of the older minors do not run here.",
            "",
            "| kind of file | reader | accepted by | spoilt copies refused |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
            "## Hand-written samples",
            "",
            "Each reader also accepted the good texts in `tests/conformance/samples/` and refused this many spoilt",
            "copies of them: mistakes that a component would pass over, and kinds that no shipped cluster has.",
            "",
            "| reader | spoilt copies refused |",
            "| --- | --- |",
            *samples,
            "",
            "## Unproved",
            "",
            "| reader | why no program here reads it |",
            "| --- | --- |",
            *unproved,
            "",
        ]
    )
