"""Jsonnet text to Source: the evaluated value, whose nodes have paths but no lines of their own."""

from __future__ import annotations

import json
from pathlib import Path

from clusterc.diagnostics import Finding, Span
from clusterc.jsonnet import Failure, evaluate
from clusterc.load.findings import text_error
from clusterc.model.source import Source


def load_jsonnet(text: str, *, path: Path, name: str, root: Path) -> tuple[Source | None, tuple[Finding, ...]]:
    """Return the value of a Jsonnet program; imports stay inside `root`, external variables do not exist."""
    outcome = evaluate(text, file=path, root=root)
    if isinstance(outcome, Failure):
        file = name if outcome.file in {None, str(path)} else str(outcome.file)
        span = Span(file, outcome.line, outcome.column, outcome.column + 1) if outcome.line else None
        return None, (text_error("CC0016", outcome.message, file=file, span=span, fix=outcome.fix),)
    return Source(name, text, json.loads(outcome)), ()
