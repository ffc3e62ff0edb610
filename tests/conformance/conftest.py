"""The programs that read, for all tests of a run; what the run learns goes to docs/conformance.md."""

from __future__ import annotations

import signal
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from conformance.judges import MODULES, Judges
from conformance.minors import build_all
from conformance.report import hardly_refused, report
from conformance.trees import TREES, minor_of

HERE = Path(__file__).resolve().parent
REPORT = HERE.parents[1] / "docs" / "conformance.md"
UNPROVED: dict[str, str] = tomllib.loads((HERE / "unproved.toml").read_text())
BEFORE = pytest.StashKey[Any]()
__all__ = ["MODULES", "UNPROVED", "Judges"]


def pytest_configure(config: pytest.Config) -> None:
    """Let SIGTERM end a run as Ctrl-C does, so that nothing is left behind."""
    config.stash[BEFORE] = signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let SIGTERM do again what it did before."""
    signal.signal(signal.SIGTERM, config.stash[BEFORE])


@pytest.fixture(scope="session")
def judges(request: pytest.FixtureRequest) -> Iterator[Judges]:
    judges = Judges()
    request.config.stash[SPEED] = judges
    yield judges
    judges.close()
    if _complete(request.session):
        assert hardly_refused(judges) == []
        _write(report(judges, UNPROVED))


SPEED = pytest.StashKey[Judges]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if SPEED in config.stash:
        terminalreporter.section("what each program read")
        for line in config.stash[SPEED].speed():
            terminalreporter.write_line(line)


def _complete(session: pytest.Session) -> bool:
    # A run of some of the tests knows too little for the report, and one that failed has nothing to report.
    wanted = {path for path in HERE.rglob("test_*.py") if path.parent.name != "scale"}
    chosen = {item.path for item in session.items} >= wanted
    return chosen and not session.config.option.keyword and session.testsfailed == 0


def _write(text: str) -> None:
    if REPORT.read_text(encoding="utf-8") != text:
        REPORT.write_text(text, encoding="utf-8")
        pytest.fail(f"{REPORT.name} was not that of this run and is written anew: commit it")


@pytest.fixture(scope="session")
def discovery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file that stands for the one a human supplies, since kubeadm looks whether it is there."""
    file = tmp_path_factory.mktemp("kubernetes") / "discovery.conf"
    file.write_text("apiVersion: v1\nkind: Config\n")
    return file


@pytest.fixture(scope="session")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Trees:
    return Trees(tmp_path_factory)


class Trees:
    """The shipped trees of a minor, and the shipped specs compiled for it."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._folders = folders
        self.of = cache(self._of)

    def _of(self, minor: str) -> list[Path]:
        shipped = [tree for tree in TREES if minor_of(tree) == minor]
        names = {tree.name for tree in shipped}
        compiled = build_all(minor, self._folders.mktemp(f"trees-{minor}"))
        return shipped + [tree for tree in compiled if tree.name not in names]
