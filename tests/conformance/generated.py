"""Trees built of drawn specs, as requests, and which of them are refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from clusterc import __version__, pipeline
from clusterc.write.commit import commit
from clusterc.write.plan import plan
from conformance.conftest import UNPROVED, Judges
from conformance.programs import MissingProgramError, Verdict
from conformance.trees import Request, for_reader, requests
from specs import Plain, checked

# Comments name the cluster and the pool: without them, files that say the same are read once.
NAMED = re.compile(r"(?m)^# (Made by clusterc for|From) .*$")
# A program that stops takes the answers to a whole batch with it.
BATCH = 400

Text = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Refused:
    """A text that its program refuses: of which spec, where it stands, and why."""

    spec: int
    request: Request
    errors: tuple[str, ...]


def built(data: Plain, folder: Path) -> tuple[Request, ...]:
    """Build a spec into a folder and return what some program here reads; nothing where the spec has an error."""
    files = pipeline.build(checked(data)).files
    if not files:
        return ()
    bare = [replace(file, text=NAMED.sub(r"# \1", file.text)) for file in files]
    commit(plan(folder, bare, tool_version=__version__))
    return tuple(request for request in requests(folder) if request.reader not in UNPROVED)


def refused(asked: Sequence[tuple[int, Request]], discovery: Path) -> list[Refused]:
    """Return what is refused, each text once."""
    texts: dict[Text, tuple[int, Request]] = {}
    for spec, request in asked:
        texts.setdefault(for_reader(request, discovery), (spec, request))
    verdicts = [(text, verdict) for batch in _batches(list(texts)) for text, verdict in _ask(batch)]
    return [Refused(*texts[text], verdict.errors) for text, verdict in verdicts if not verdict.accepted]


def _batches(texts: list[Text]) -> Iterator[list[Text]]:
    yield from (texts[start : start + BATCH] for start in range(0, len(texts), BATCH))


def _ask(batch: list[Text]) -> list[tuple[Text, Verdict]]:
    """Return the verdicts; where a program stops, that is its verdict on the text that stops it.

    Each batch has programs of its own, since one that has stopped answers nobody any more.
    """
    try:
        with closing(Judges()) as judges:
            return list(zip(batch, judges.ask(batch), strict=True))
    except MissingProgramError as error:
        if len(batch) == 1:
            return [(batch[0], Verdict((str(error),), "stopped"))]
    half = len(batch) // 2
    return [*_ask(batch[:half]), *_ask(batch[half:])]
