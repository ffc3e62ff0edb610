"""Trees built of drawn specs, as requests; which of them are refused, and the smallest specs that still are."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from clusterc import __version__, pipeline
from clusterc.write.commit import commit
from clusterc.write.plan import plan
from clusterc.yamltext import dump
from conformance.conftest import UNPROVED, Judges
from conformance.programs import PREFIX, MissingProgramError, Verdict
from conformance.trees import Request, for_reader, requests
from specs import Plain, checked
from specs.reduced import reduced
from specs.sample import sample

COUNT = int(os.environ.get("CLUSTERC_SPECS", "25"))
SEED = int(os.environ.get("CLUSTERC_SEED", "1"))
# Making a spec smaller takes a build and a question for each of its fields.
MOST_SHOWN = 3
# Comments name the cluster and the pool: without them, files that say the same are read once.
NAMED = re.compile(r"(?m)^# (Made by clusterc for|From) .*$")
# A program that stops takes the answers to a whole batch with it.
BATCH = 400

Text = tuple[str, str]
# A request, and the number of the spec that it is of.
Asked = tuple[int, Request]


@dataclass(frozen=True, slots=True)
class Refused:
    """A text that its program refuses: of which spec, where it stands, and why."""

    spec: int
    request: Request
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Specs, and what their trees ask of which program, by the specs' numbers."""

    specs: list[Plain]
    asked: list[Asked]


@cache
def drawn() -> Drawn:
    """Return the specs of this run, and what they compile to."""
    specs = sample(COUNT, seed=SEED)
    return Drawn(specs, [(number, request) for number, data in enumerate(specs) for request in built(data)])


def built(data: Plain) -> tuple[Request, ...]:
    """Return what some program here reads of a spec's tree; nothing where the spec has an error."""
    files = pipeline.build(checked(data)).files
    if not files:
        return ()
    bare = [replace(file, text=NAMED.sub(r"# \1", file.text)) for file in files]
    with tempfile.TemporaryDirectory(prefix=PREFIX) as folder:
        tree = Path(folder, "tree")
        commit(plan(tree, bare, tool_version=__version__))
        # Not kept, for there are many trees, each of them asked for once.
        return tuple(request for request in requests.__wrapped__(tree) if request.reader not in UNPROVED)


def refused(asked: Sequence[Asked], discovery: Path) -> list[Refused]:
    """Return what is refused, each text once."""
    texts: dict[Text, Asked] = {}
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


def once(asked: Sequence[Asked]) -> list[Asked]:
    """Return each text once, as the first spec has it that compiles to it."""
    texts: dict[tuple[str, str, str], Asked] = {}
    for number, request in asked:
        texts.setdefault((request.minor, request.reader, request.text), (number, request))
    return list(texts.values())


def shown(found: Sequence[Refused], ask: Callable[[Sequence[Asked]], list[Refused]]) -> str:
    """Return what is refused, and of each of the first kinds the smallest spec that `ask` still finds refused."""
    lines = [f"seed {SEED}, spec {each.spec}, {each.request.path}: {'; '.join(each.errors)}" for each in found]
    first = {(each.request.reader, each.request.kind): each for each in reversed(found)}
    return "\n".join([*lines, *(_smallest(each, ask) for each in [*first.values()][:MOST_SHOWN])])


def _smallest(each: Refused, ask: Callable[[Sequence[Asked]], list[Refused]]) -> str:
    last = [each]

    def fails(data: Plain) -> bool:
        found = ask([(0, request) for request in built(data) if _alike(request, each.request)])
        last[0] = found[0] if found else last[0]
        return bool(found)

    smallest = reduced(drawn().specs[each.spec], fails)
    return f"\n{each.request.reader} refuses {last[0].request.path}: {'; '.join(last[0].errors)}\n\n{dump(smallest)}"


def _alike(one: Request, other: Request) -> bool:
    return (one.reader, one.kind, one.minor) == (other.reader, other.kind, other.minor)
