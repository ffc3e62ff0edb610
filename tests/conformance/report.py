"""What the run learns, as docs/conformance.md: which program accepted and refused what."""

from __future__ import annotations

from conformance.judges import Judges
from conformance.minors import PATCH
from conformance.programs import MINORS
from conformance.trees import depends_on_minor

FEWEST = 3
HEAD = """\
# Conformance

Written by `make conformance`: how many texts the real programs accepted, of the trees under `output/`, of the same
specs compiled for every other minor, and of `tests/conformance/samples/`; and how many spoilt copies of them (a
misspelt key, a value out of range, a wrong type) the same programs refused. One text counts once.
"""
KUBERNETES = """
## Kubernetes

Each file is read by the components of its own minor. Of the older minors, flags are read by the tables under
`schemas/kubernetes/` that the whole programs of those minors gave, and everything else by the components' own code.
`api-server` is a kube-apiserver 1.37.2 that runs with the tree's own flags and serves what that minor serves; what it
answers to a dry run must hold all that was sent.

"""
OTHERS = """
## Everything else

"""
UNPROVED = """
## Unproved

| reader | why no program here reads it |
| --- | --- |
"""


def report(judges: Judges, unproved: dict[str, str]) -> str:
    """Return the page."""
    reasons = "".join(f"| {reader} | {reason} |\n" for reader, reason in sorted(unproved.items()))
    return HEAD + KUBERNETES + _by_minor(judges) + OTHERS + _others(judges) + UNPROVED + reasons


def _by_minor(judges: Judges) -> str:
    head = " | ".join(f"{PATCH[minor]}: accepted | refused" for minor in MINORS)
    rows = [f"| kind of file | reader | {head} |", "| --- | --- |" + " ---: | ---: |" * len(MINORS)]
    for kind, reader in sorted({(kind, reader) for kind, reader, _ in judges.read if depends_on_minor(reader)}):
        cells = [f"{len(texts)}" for minor in MINORS for texts in judges.read.get((kind, reader, minor), ((), ()))]
        rows.append(f"| {kind} | {reader} | {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def _others(judges: Judges) -> str:
    rows = ["| kind of file | reader | accepted by | spoilt copies refused |", "| --- | --- | --- | ---: |"]
    for (kind, reader), programs in sorted(judges.accepted.items()):
        if not depends_on_minor(reader):
            rows.append(f"| {kind} | {reader} | {', '.join(sorted(programs))} | {judges.refused[kind, reader]} |")
    return "\n".join(rows) + "\n"


def hardly_refused(judges: Judges) -> list[str]:
    """Return the kinds of which a program has refused fewer spoilt copies than shows that it can."""
    by_minor = {
        f"{kind} ({reader}, {minor})": len(refused)
        for (kind, reader, minor), (_, refused) in judges.read.items()
        if depends_on_minor(reader)
    }
    others = {f"{kind} ({reader})": judges.refused[kind, reader] for kind, reader in judges.accepted}
    return sorted(f"{what}: {count}" for what, count in {**others, **by_minor}.items() if count < FEWEST)
