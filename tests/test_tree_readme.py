"""The numbers in a tree's README are those that `clusterc capacity` prints, in as many columns as differ."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clusterc.model.capacity import Capacity
from clusterc.pipeline import read, understand
from clusterc.report.capacity import as_text

ROOT = Path(__file__).resolve().parents[1]
SPECS = sorted((ROOT / "clusters").glob("*.yaml"))
WIDE = 200


def rows(spec: Path) -> list[list[str]]:
    """Return the cells of the README's table of numbers, its head first."""
    readme = (ROOT / "output" / spec.stem / "README.md").read_text()
    section = readme.partition("## Numbers\n")[2].partition("\n## ")[0]
    table = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("|")]
    return [table[0], *table[2:]]


def capacity(spec: Path) -> Capacity:
    return understand(read(spec, name=spec.name, root=ROOT))[1]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_every_number_is_printed_by_the_command_too(spec: Path) -> None:
    printed = re.sub(r" {2,}", "  ", as_text(spec.stem, capacity(spec), width=WIDE))
    _, *numbers = rows(spec)
    assert len(numbers) > 5
    for name, *cells in numbers:
        assert f"  {name}  {'  '.join(cells)}\n" in printed


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_no_two_columns_are_alike_and_each_says_which_size_it_is(spec: Path) -> None:
    head, *numbers = rows(spec)
    columns = list(zip(*(cells for _, *cells in numbers), strict=True))
    assert len(columns) == len(set(columns))
    named = " ".join(head)
    if len(columns) > 1:
        assert all(named.count(size) == 1 for size in ("at the least", "on an ordinary day", "at the most"))
    else:
        assert re.fullmatch(r"[\d,]+ nodes", named)
