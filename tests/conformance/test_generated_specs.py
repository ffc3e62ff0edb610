"""Whatever drawn specs compile to is accepted by the programs that read it.

A run of CI draws the same specs each time, so that a pull request is judged by what it changes and not by its luck;
`make conformance-wide` draws more of them from another seed each time, and its failures name the seed.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from clusterc.yamltext import dump
from conformance.conftest import UNPROVED
from conformance.generated import Refused, built, refused
from conformance.trees import TREES, Request, requests
from specs import Plain
from specs.reduced import reduced
from specs.sample import sample

COUNT = int(os.environ.get("CLUSTERC_SPECS", "25"))
SEED = int(os.environ.get("CLUSTERC_SEED", "1"))
# Making a spec smaller takes a build and a question for each of its fields.
MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Drawn:
    """Specs, and what their trees ask of which program, by the specs' numbers."""

    specs: list[Plain]
    asked: list[tuple[int, Request]]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    folder = tmp_path_factory.mktemp("generated")
    specs = sample(COUNT, seed=SEED)
    asked = [(number, request) for number, data in enumerate(specs) for request in built(data, folder / str(number))]
    shutil.rmtree(folder)
    return Drawn(specs, asked)


def test_every_drawn_spec_is_built(drawn: Drawn) -> None:
    assert len(drawn.specs) == COUNT
    assert {number for number, _ in drawn.asked} == set(range(COUNT))


def test_drawn_specs_ask_every_reader_of_shipped_files(drawn: Drawn) -> None:
    shipped = {request.reader for tree in TREES for request in requests(tree)} - {*UNPROVED}
    assert {request.reader for _, request in drawn.asked} >= shipped


def test_drawn_specs_ask_the_programs_of_every_minor(drawn: Drawn) -> None:
    assert {request.minor for _, request in drawn.asked} == {"1.34", "1.35", "1.36", "1.37"}


def test_every_program_accepts_what_drawn_specs_compile_to(drawn: Drawn, discovery: Path, tmp_path: Path) -> None:
    found = refused(drawn.asked, discovery)
    if found:
        lines = [f"seed {SEED}, spec {each.spec}, {each.request.path}: {'; '.join(each.errors)}" for each in found]
        shown = [explain(each, drawn, discovery, tmp_path) for each in first_of_each_reader(found)]
        pytest.fail("\n".join([*lines, *shown]), pytrace=False)


def first_of_each_reader(found: list[Refused]) -> list[Refused]:
    return list({each.request.reader: each for each in reversed(found)}.values())[:MOST_SHOWN]


def explain(each: Refused, drawn: Drawn, discovery: Path, folder: Path) -> str:
    """Return the smallest spec found that the same reader refuses, and its own words on it."""
    last = [each]

    def fails(data: Plain) -> bool:
        tree = folder / "smaller"
        asked = [(0, request) for request in built(data, tree) if request.reader == each.request.reader]
        shutil.rmtree(tree, ignore_errors=True)
        requests.cache_clear()
        found = refused(asked, discovery)
        last[0] = found[0] if found else last[0]
        return bool(found)

    smallest = reduced(drawn.specs[each.spec], fails)
    return f"\n{each.request.reader} refuses {last[0].request.path}: {'; '.join(last[0].errors)}\n\n{dump(smallest)}"
