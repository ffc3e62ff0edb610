"""`tests/conformance/install-packages` brings every program that the conformance tests ask Debian for."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = (ROOT / "tests" / "conformance" / "install-packages").read_text()


def test_the_script_brings_what_the_tests_ask_for() -> None:
    sources = "".join(path.read_text() for path in (ROOT / "tests" / "conformance").rglob("*.py"))
    asked = set(re.findall(r'debian_program\("([^"]+)", "([^"]+)"\)', sources)) - {("nosuchprogram", "nosuchpackage")}
    assert len(asked) >= 4
    brought = set(re.findall(r"([a-z-]+):([a-z-]+)", SCRIPT))
    assert asked - brought == set()


def test_make_runs_the_script() -> None:
    rule = (ROOT / "Makefile").read_text().partition("\nconformance:")[2].partition("\n\n")[0]
    assert "tests/conformance/install-packages" in rule
