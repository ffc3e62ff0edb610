"""What is wrong with a spec at one release and was not at those before."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clusterc.diagnostics import Finding, Severity
from clusterc.kubernetes.served import object_problem
from clusterc.kubernetes.tables import tables
from clusterc.upgrade.side import Side

_RELEASE = re.compile(r"1\.\d+(\.\d+)?")


def broken(after: Side, known: tuple[Finding, ...]) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Return the errors and the warnings that come with a release."""
    seen = {_identity(finding) for finding in known}
    new = [finding for finding in (*after.findings, *_not_served(after)) if _identity(finding) not in seen]
    errors = tuple(finding for finding in new if finding.severity is Severity.ERROR)
    return errors, tuple(finding for finding in new if finding.severity is Severity.WARNING)


def _identity(finding: Finding) -> tuple[str, str, str]:
    """Return what makes two findings of different releases the same: all but the release that they name."""
    return finding.id, finding.path, _RELEASE.sub("", finding.message)


def _not_served(side: Side) -> Iterator[Finding]:
    """Yield the emitted objects whose API version the release lacks; those of overlays are findings already."""
    known = tables(side.minor)
    for document in side.documents:
        if document.reader != "api-object" or not isinstance(document.body, dict):
            continue
        problem = object_problem(known, str(document.body.get("apiVersion")), str(document.body.get("kind")))
        if problem and not any(owner.startswith("spec.overlays") for owner in document.owner):
            text = f"{document.path}: {problem.text}"
            yield Finding("CC8001", "api-version-gone", Severity.ERROR, text, side.source.file, fix=problem.fix)
