"""Findings about the text itself, before it means anything."""

from __future__ import annotations

from clusterc.diagnostics import Finding, Related, Severity, Span

NAMES = {
    "CC0001": "syntax",
    "CC0003": "repeated-key",
    "CC0009": "ambiguous-value",
    "CC0010": "unreadable-text",
    "CC0013": "not-one-spec",
    "CC0015": "too-large",
    "CC0016": "jsonnet",
}


def text_error(
    id_: str, message: str, *, file: str, span: Span | None, fix: str = "", related: tuple[Related, ...] = ()
) -> Finding:
    """Return an error about the text."""
    return Finding(
        id=id_,
        name=NAMES[id_],
        severity=Severity.ERROR,
        message=message,
        file=file,
        span=span,
        fix=fix,
        related=related,
    )
