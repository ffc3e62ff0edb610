"""Hand-written texts: each reader accepts a good one, and refuses the same one spoilt in a single place.

They show what shipped files cannot: kinds that no shipped cluster has, and mistakes that a component would pass over.
A sample that only newer minors accept says `since` which, and so does the third item of a spoilt copy that older ones
do not refuse. Flags are the newest minor's here: of the others, see test_flag_tables.py.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from conformance.conftest import UNPROVED, Judges
from conformance.minors import PATCH
from conformance.programs import MINORS, NEWEST
from conformance.trees import KUBERNETES_READERS, TREES, Request, at_minor, requests

SAMPLES = Path(__file__).resolve().parent / "samples"
FEWEST = 3


def _samples() -> dict[str, list[dict[str, Any]]]:
    tables = [tomllib.loads(path.read_text()) for path in sorted(SAMPLES.glob("*.toml"))]
    return {table["reader"]: table["sample"] for table in tables}


READERS = _samples()
KINDS = {request.reader: request.kind for tree in TREES for request in requests(tree)}
CASES = [
    (reader, number, minor)
    for reader, samples in READERS.items()
    for number, sample in enumerate(samples)
    for minor in (MINORS if reader in KUBERNETES_READERS else (NEWEST,))
    if minor >= sample.get("since", minor)
]


def _request(reader: str, minor: str, text: str, good: str) -> Request:
    named = re.search(r"(?m)^kind: (\w+)$", good)
    kind = named[1] if named else KINDS.get(reader, "flags" if reader.startswith("flags:") else reader)
    # kubeadm installs its own minor.
    return Request("samples", reader, kind, reader, text.replace(PATCH[NEWEST], PATCH[minor]), minor)


@pytest.mark.parametrize("reader", sorted({r.reader for tree in TREES for r in requests(tree)} - {*UNPROVED}))
def test_every_reader_of_a_shipped_file_has_samples(reader: str) -> None:
    assert reader in READERS


@pytest.mark.parametrize(("reader", "number", "minor"), CASES)
def test_a_good_text_is_accepted(reader: str, number: int, minor: str, judges: Judges) -> None:
    good = READERS[reader][number]["good"]
    request = _request(reader, minor, good, good)
    (verdict,) = judges.ask([(at_minor(reader, minor), request.text)])
    assert verdict.errors == ()
    judges.accept(request, verdict)


@pytest.mark.parametrize(("reader", "number", "minor"), CASES)
def test_every_spoilt_copy_is_refused(reader: str, number: int, minor: str, judges: Judges) -> None:
    sample = READERS[reader][number]
    good, spoilt = sample["good"], sample["spoilt"]
    assert len(spoilt) >= FEWEST
    assert {name: good.count(old) for name, (old, *_) in spoilt.items()} == dict.fromkeys(spoilt, 1)
    copies = {
        name: _request(reader, minor, good.replace(old, new), good)
        for name, (old, new, *since) in spoilt.items()
        if minor >= (since or [minor])[0]
    }
    verdicts = judges.ask([(at_minor(reader, minor), copy.text) for copy in copies.values()])
    assert [name for name, verdict in zip(copies, verdicts, strict=True) if verdict.accepted] == []
    for copy in copies.values():
        judges.refuse(copy)
