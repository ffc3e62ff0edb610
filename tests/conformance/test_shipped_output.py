"""Every file of every shipped tree is accepted by the program that reads it, and refused with a key misspelt."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.conftest import MODULES, UNPROVED, Judges
from conformance.hosts import PROGRAMS
from conformance.trees import TREES, Request, for_reader, misspelt, requests

PROVED = [request for tree in TREES for request in requests(tree) if request.reader not in UNPROVED]


def grouped() -> list[tuple[str, str]]:
    return sorted({(request.tree, request.reader) for request in PROVED})


def test_there_are_trees() -> None:
    assert len(TREES) >= 8


@pytest.mark.parametrize(("tree", "reader"), grouped())
def test_the_program_that_reads_a_file_accepts_it(tree: str, reader: str, judges: Judges, discovery: Path) -> None:
    group = [request for request in PROVED if (request.tree, request.reader) == (tree, reader)]
    verdicts = judges.ask([for_reader(request, discovery) for request in group])
    refused = {request.path: verdict.errors for request, verdict in zip(group, verdicts, strict=True) if verdict.errors}
    assert refused == {}
    for request, verdict in zip(group, verdicts, strict=True):
        judges.accepted[request.kind, request.reader].add(verdict.read_by)


@pytest.mark.parametrize("reader", sorted({request.reader for request in PROVED}))
def test_the_program_refuses_a_misspelt_key(reader: str, judges: Judges, discovery: Path) -> None:
    group = {request.text: request for request in PROVED if request.reader == reader}
    spoilt = [(request, text) for request in group.values() if (text := misspelt(request)) is not None]
    assert spoilt
    asked = [for_reader(Request(r.tree, r.path, r.kind, r.reader, text), discovery) for r, text in spoilt]
    accepted = [r.path for (r, _), verdict in zip(spoilt, judges.ask(asked), strict=True) if verdict.accepted]
    assert accepted == []
    for request, _ in spoilt:
        judges.refused[request.kind, reader] += 1


def test_every_reader_in_a_manifest_is_known_or_listed_as_unproved() -> None:
    named = {request.reader for tree in TREES for request in requests(tree)}
    kubernetes = {"api-object", "kubelet", "kubelet-dropin", "kube-proxy", "kube-scheduler", "kubeadm", "audit-policy"}
    known = {*PROGRAMS, *MODULES, *UNPROVED, *kubernetes, "admission-configuration"}
    assert {reader for reader in named if not reader.startswith("flags:")} <= known
