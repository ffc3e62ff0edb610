"""Trees built of drawn specs, as requests; and a refused spec made smaller while it is still refused."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

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

Step = str | int


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


def refused(asked: Sequence[tuple[int, Request]], judges: Judges, discovery: Path) -> list[Refused]:
    """Return what is refused, each text once."""
    texts: dict[tuple[str, str], tuple[int, Request]] = {}
    for spec, request in asked:
        texts.setdefault(for_reader(request, discovery), (spec, request))
    found = []
    for batch in _batches(list(texts)):
        for text, verdict in zip(batch, _ask(batch, judges), strict=True):
            if not verdict.accepted:
                found.append(Refused(*texts[text], verdict.errors))
    return found


def _batches(texts: list[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    yield from (texts[start : start + BATCH] for start in range(0, len(texts), BATCH))


def _ask(batch: list[tuple[str, str]], judges: Judges) -> list[Verdict]:
    """Return the verdicts; where the program stops, that is its verdict on the text which stops it."""
    try:
        return judges.ask(batch)
    except MissingProgramError as error:
        if len(batch) == 1:
            return [Verdict((str(error),), "stopped")]
    half = len(batch) // 2
    return [*_ask(batch[:half], judges), *_ask(batch[half:], judges)]


def reduced(data: Plain, fails: Callable[[Plain], bool]) -> Plain:
    """Return a spec that still fails, without every field and item that it fails without."""
    smaller = True
    while smaller:
        smaller = False
        for path in list(_paths(data)):
            candidate = _without(data, path)
            if candidate is not None and fails(candidate):
                data, smaller = candidate, True
    return data


def _paths(node: Any, path: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """Yield every path, what holds others before what it holds, and the last items of a list first."""
    keys: list[Step] = list(node) if isinstance(node, dict) else [*range(len(node))][::-1]
    yield from ((*path, key) for key in keys)
    yield from (
        deeper for key in keys if isinstance(node[key], dict | list) for deeper in _paths(node[key], (*path, key))
    )


def _without(data: Plain, path: tuple[Step, ...]) -> Plain | None:
    """Return a copy without what stands at a path; None where nothing stands there any more."""
    changed = copy.deepcopy(data)
    node: Any = changed
    try:
        for step in path[:-1]:
            node = node[step]
        del node[path[-1]]
    except (KeyError, IndexError, TypeError):
        return None
    return changed
