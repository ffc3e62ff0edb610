"""What only some runs of the tests do is done by a rule of the Makefile."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()
READ = re.compile(r'environ(?:\.get\(|\[)"(CLUSTERC_[A-Z]+)"')


def read_by(folder: Path) -> dict[str, set[Path]]:
    """Return the tests' own variables of the environment, and the files that read each."""
    found: dict[str, set[Path]] = {}
    for path in folder.rglob("*.py"):
        for name in READ.findall(path.read_text()):
            found.setdefault(name, set()).add(path)
    return found


def test_every_variable_that_widens_the_tests_is_set_by_a_rule_that_runs_them() -> None:
    rule = MAKEFILE.partition("\nconformance-wide: .venv/.ready")[2].partition("\n\n")[0]
    read = read_by(ROOT / "tests" / "conformance")
    assert {"CLUSTERC_SPECS", "CLUSTERC_SEED", "CLUSTERC_WIDE"} <= {*read}
    assert {name for name in read if f" {name}=" not in rule.replace("\t", " ")} == set()
    tests = {path for paths in read.values() for path in paths if path.name.startswith("test_")}
    assert {path for path in tests if str(path.relative_to(ROOT)) not in rule} == set()
