"""Every file of every shipped tree is accepted by the program that reads it, and refused when spoilt.

The same specs are compiled for the minors that they are not shipped for, and the components of those minors read them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from conformance.conftest import UNPROVED, Judges, Trees
from conformance.hosts import PROGRAMS
from conformance.judges import MODULES
from conformance.programs import MINORS, NEWEST
from conformance.trees import (
    KUBERNETES_READERS,
    TREES,
    Request,
    depends_on_minor,
    for_reader,
    minor_of,
    misspelt,
    of_wrong_type,
    requests,
)

PROVED = [request for tree in TREES for request in requests(tree) if request.reader not in UNPROVED]
READERS = sorted({request.reader for request in PROVED})


def grouped() -> list[tuple[str, str]]:
    return sorted({(request.tree, request.reader) for request in PROVED})


def test_there_are_trees_of_every_minor() -> None:
    assert len(TREES) >= 8
    assert {minor_of(tree) for tree in TREES} == {*MINORS}


@pytest.mark.parametrize(("tree", "reader"), grouped())
def test_the_program_that_reads_a_file_accepts_it(tree: str, reader: str, judges: Judges, discovery: Path) -> None:
    _accepts([request for request in PROVED if (request.tree, request.reader) == (tree, reader)], judges, discovery)


@pytest.mark.parametrize("minor", MINORS)
def test_every_spec_compiles_to_what_the_programs_of_every_minor_accept(
    minor: str, trees: Trees, judges: Judges, discovery: Path
) -> None:
    _accepts(_proved(minor, trees), judges, discovery)


@pytest.mark.parametrize("minor", MINORS)
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("spoil", [misspelt, of_wrong_type])
def test_the_program_refuses_a_spoilt_key(
    spoil: Callable[[Request], str | None], reader: str, minor: str, trees: Trees, judges: Judges, discovery: Path
) -> None:
    if minor != NEWEST and not depends_on_minor(reader):
        return  # One program reads the files of every minor.
    read = _proved(minor, trees) if depends_on_minor(reader) else PROVED
    group = {request.text: request for request in read if request.reader == reader}
    spoilt = [replace(request, text=text) for request in group.values() if (text := spoil(request)) is not None]
    verdicts = judges.ask([for_reader(request, discovery) for request in spoilt])
    assert [request.path for request, verdict in zip(spoilt, verdicts, strict=True) if verdict.accepted] == []
    assert spoilt or spoil is of_wrong_type
    for request in spoilt:
        judges.refuse(request)


def test_every_reader_in_a_manifest_is_known_or_listed_as_unproved() -> None:
    named = {request.reader for tree in TREES for request in requests(tree)}
    known = {*PROGRAMS, *MODULES, *UNPROVED, *KUBERNETES_READERS}
    assert {reader for reader in named if not reader.startswith("flags:")} <= known


def _proved(minor: str, trees: Trees) -> list[Request]:
    return [request for tree in trees.of(minor) for request in requests(tree) if request.reader not in UNPROVED]


def _accepts(group: list[Request], judges: Judges, discovery: Path) -> None:
    verdicts = judges.ask([for_reader(request, discovery) for request in group])
    said = {
        f"{request.tree}: {request.path}": verdict.errors
        for request, verdict in zip(group, verdicts, strict=True)
        if verdict.errors
    }
    assert said == {}
    for request, verdict in zip(group, verdicts, strict=True):
        judges.accept(request, verdict)
