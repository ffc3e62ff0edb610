"""Hand-written texts: each reader accepts a good one, and refuses the same one spoilt in a single place.

They show what shipped files cannot: kinds that no shipped cluster has, and mistakes that a component would pass over.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from conformance.conftest import UNPROVED, Judges
from conformance.trees import TREES, requests

SAMPLES = Path(__file__).resolve().parent / "samples"
FEWEST = 3


def _samples() -> dict[str, list[dict[str, Any]]]:
    tables = [tomllib.loads(path.read_text()) for path in sorted(SAMPLES.glob("*.toml"))]
    return {table["reader"]: table["sample"] for table in tables}


READERS = _samples()
CASES = [(reader, number) for reader, samples in READERS.items() for number in range(len(samples))]


@pytest.mark.parametrize("reader", sorted({r.reader for tree in TREES for r in requests(tree)} - {*UNPROVED}))
def test_every_reader_of_a_shipped_file_has_samples(reader: str) -> None:
    assert reader in READERS


@pytest.mark.parametrize(("reader", "number"), CASES)
def test_a_good_text_is_accepted(reader: str, number: int, judges: Judges) -> None:
    (verdict,) = judges.ask([(reader, READERS[reader][number]["good"])])
    assert verdict.errors == ()


@pytest.mark.parametrize(("reader", "number"), CASES)
def test_every_spoilt_copy_is_refused(reader: str, number: int, judges: Judges) -> None:
    good, spoilt = READERS[reader][number]["good"], READERS[reader][number]["spoilt"]
    assert len(spoilt) >= FEWEST
    assert {name: good.count(old) for name, (old, _) in spoilt.items()} == dict.fromkeys(spoilt, 1)
    copies = [(reader, good.replace(old, new)) for old, new in spoilt.values()]
    verdicts = judges.ask(copies)
    assert [name for name, verdict in zip(spoilt, verdicts, strict=True) if verdict.accepted] == []
    judges.samples[reader] += len(spoilt)
