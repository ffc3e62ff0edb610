"""What overlays made of a document that the program which reads it refuses or discourages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clusterc.kubernetes import Minor
from clusterc.kubernetes.documents import document_problems, etcd_problems
from clusterc.kubernetes.etcd import etcd_minor_of
from clusterc.kubernetes.problem import Problem
from clusterc.kubernetes.tables import tables
from clusterc.model.document import Document


def refused(states: Sequence[Document], minor: Minor) -> Iterator[tuple[Document, Problem]]:
    """Yield what is wrong with the last state of a document and was not with the first.

    `states` are the document as emitted and after each overlay; each problem comes with the state that brought it.
    """
    problems = _problems(states[-1], minor)
    if not problems:
        return
    earlier = [set(_problems(state, minor)) for state in states[:-1]]
    for problem in problems:
        first = next((i for i, known in enumerate(earlier) if problem in known), len(earlier))
        if first:
            yield states[first], problem


def _problems(document: Document, minor: Minor) -> tuple[Problem, ...]:
    if not isinstance(document.body, dict):
        return ()
    if document.kind == "EtcdConfiguration":
        # A document's reader is etcd of a minor.
        return tuple(etcd_problems(etcd_minor_of(f"{document.reader.removeprefix('etcd-')}.0"), document.body))
    return document_problems(tables(minor), document.body) or ()
