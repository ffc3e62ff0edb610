"""Whatever drawn specs compile to is accepted by the programs that read it.

A run of CI draws the same specs each time, so that a pull request is judged by what it changes and not by its luck;
`make conformance-wide` draws more of them from another seed each time, and its failures name the seed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from clusterc.diagnostics import Severity
from conformance.conftest import UNPROVED
from conformance.generated import COUNT, drawn, refused, shown
from conformance.programs import MINORS
from conformance.trees import TREES, requests
from specs import checked

FEW = 25


def test_every_drawn_spec_is_built() -> None:
    assert len(drawn().specs) == COUNT
    left = {*range(COUNT)} - {number for number, _ in drawn().asked}
    wrong = {number: checked(drawn().specs[number]).findings for number in left}
    assert {
        number: [each for each in found if each.severity is Severity.ERROR] for number, found in wrong.items()
    } == {}


def test_drawn_specs_ask_every_reader_of_shipped_files() -> None:
    shipped = {request.reader for tree in TREES for request in requests(tree)} - {*UNPROVED}
    # Of the files of single network plugins a small sample may have none.
    wanted = shipped if COUNT > FEW else shipped - {"kubectl-patch", "helm-cilium"}
    assert {request.reader for _, request in drawn().asked} >= wanted


def test_drawn_specs_ask_the_programs_of_every_minor() -> None:
    assert {request.minor for _, request in drawn().asked} == {*MINORS}


def test_every_program_accepts_what_drawn_specs_compile_to(discovery: Path) -> None:
    found = refused(drawn().asked, discovery)
    if found:
        pytest.fail(shown(found, lambda asked: refused(asked, discovery)), pytrace=False)
