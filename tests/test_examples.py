"""The shipped specs as examples: short, explained in one line, and no field that none of them needs goes unnoticed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clusterc.load import load

ROOT = Path(__file__).resolve().parents[1]
SPECS = sorted((ROOT / "clusters").glob("*.yaml"))
# What spec.md promises of sizes: ten nodes in under 40 lines, a 1,000-node training cluster in 60.
PROMISED_LINES = {"lab-10": 40, "host-network-1000": 60}


def fields(value: Any, path: str = "") -> Iterator[str]:
    """Yield the path of every scalar, with the items of a list counted as one."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from fields(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for item in value:
            yield from fields(item, f"{path}[]")
    else:
        yield path


def used(spec: Path) -> set[str]:
    source, findings = load(spec, name=spec.name, root=ROOT)
    assert source is not None, findings
    return set(fields(source.data))


def test_fields_and_lines_of_each_spec(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [(spec.stem, len(used(spec)), len(spec.read_text(encoding="utf-8").splitlines())) for spec in SPECS]
    table = "".join(f"{name:24}{count:>8}{lines:>8}\n" for name, count, lines in [("spec", "fields", "lines"), *rows])
    with capsys.disabled():
        sys.stdout.write(f"\n{table}")
    assert {name for name, _, lines in rows if lines >= PROMISED_LINES.get(name, 120)} == set()


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_a_shipped_spec_opens_with_one_comment_line_that_says_why_it_is_there(spec: Path) -> None:
    first, second, *_ = spec.read_text(encoding="utf-8").splitlines()
    assert first.startswith("# ")
    assert first.endswith(".")
    assert second == "apiVersion: clusterc.dev/v1alpha1"


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_the_last_part_of_a_spec_s_name_is_its_size(spec: Path) -> None:
    source, _ = load(spec, name=spec.name, root=ROOT)
    assert source is not None
    sizes = [pool["nodes"] for pool in source.data["spec"]["nodePools"]]
    most = sum(size if isinstance(size, int) else size["max"] for size in sizes)
    assert int(spec.stem.rpartition("-")[2]) == pytest.approx(most, rel=0.01)


def test_a_cluster_of_ten_nodes_starts_with_fewer_than_forty_lines(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    run("init", "small", "--nodes", "10", "-o", str(file))
    assert len(file.read_text(encoding="utf-8").splitlines()) < 40
    run("build", str(file), "-o", str(tmp_path / "out"))
    assert (tmp_path / "out" / "small" / "README.md").is_file()


def run(*arguments: str) -> None:
    subprocess.run([Path(sys.executable).with_name("clusterc"), *arguments], check=True, capture_output=True)
