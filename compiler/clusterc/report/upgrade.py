"""An upgrade as text and JSON: what breaks, what changes by itself, and what clusterc writes differently."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from clusterc.diagnostics import Finding
from clusterc.model.upgrade import Change, Rewritten, Step, Upgrade
from clusterc.report.findings import as_object, clean, place
from clusterc.report.style import PLAIN, Style
from clusterc.report.values import flow

# The text names this many changes of a file; JSON has all of them.
MOST_CHANGES = 8
SKEW = (
    "Kubelets may be up to three minors older than the API servers and never newer: "
    "those of {} may wait until the last step is done."
)


def as_text(upgrade: Upgrade, *, width: int, style: Style = PLAIN) -> str:
    """Return the steps of an upgrade, each in groups, as people read them."""
    if not upgrade.steps:
        return f"{upgrade.cluster} is at {upgrade.after}: nothing to do\n"
    lines = [f"{upgrade.cluster}: Kubernetes {upgrade.before} -> {upgrade.after}"]
    if len(upgrade.steps) > 1:
        lines[0] += f", in {len(upgrade.steps)} steps: API servers go one minor at a time"
        lines += textwrap.wrap(SKEW.format(_minor(upgrade.before)), width)
    for step in upgrade.steps:
        lines.append("")
        if len(upgrade.steps) > 1:
            lines += [style.bold(f"{step.before} -> {step.after}"), ""]
        lines += _step(step, width, style)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _minor(release: str) -> str:
    return ".".join(release.split(".")[:2])


def _step(step: Step, width: int, style: Style) -> Iterator[str]:
    for title, findings in (("breaks", step.breaks), ("warns", step.warns)):
        if findings or title == "breaks":
            yield style.bold(f"{title}: {len(findings) or 'nothing'}")
        for finding in findings:
            yield from _finding(finding, width, style)
    yield style.bold(f"changes by itself: {len(step.by_itself) or 'nothing'}")
    for area, changes in groupby(step.by_itself, key=lambda change: change.area):
        yield f"  {area}"
        yield from _changes(list(changes), "    ")
    yield style.bold(f"clusterc writes differently: {_files(step.written)}")
    for _, alike in groupby(sorted(step.written, key=_likeness), key=_likeness):
        yield from _rewritten(list(alike), style)


def _finding(finding: Finding, width: int, style: Style) -> Iterator[str]:
    name = style.mark(finding.id, finding.severity)
    yield f"  {place(finding)}: {name} {finding.name}"
    for text in (finding.message, f"fix: {finding.fix}" if finding.fix else ""):
        yield from textwrap.wrap(
            clean(text, lines=True), max(40, width), initial_indent="    ", subsequent_indent="      "
        )


def _changes(changes: Sequence[Change], indent: str) -> Iterator[str]:
    longest = max((len(change.name) for change in changes), default=0)
    values = [f"{_value(change.before)} -> {_value(change.after)}" for change in changes]
    wide = max((len(value) for value in values), default=0)
    for change, value in zip(changes, values, strict=True):
        yield clean(f"{indent}{change.name:<{longest}}  {value:<{wide}}  {change.note}")


def _value(value: Any) -> str:
    return "none" if value is None else value if isinstance(value, str) and value else flow(value)


def _files(files: Sequence[Rewritten]) -> str:
    return f"{len(files)} file{'s' * (len(files) != 1)}" if files else "nothing"


def _likeness(file: Rewritten) -> tuple[str, ...]:
    """Return what files have in common that are shown together: files of several pools change alike."""
    said = [f"{change.name} {change.before!r} {change.after!r}" for change in file.changes]
    return (str(file.before), str(file.after), file.impact, *said, "" if said else file.path)


def _rewritten(files: Sequence[Rewritten], style: Style) -> Iterator[str]:
    word = "" if files[0].before and files[0].after else "gone" if files[0].before else "new"
    for file in files:
        yield f"  {file.path}  {style.dim(word or file.impact)}"
    changes = files[0].changes
    yield from _changes(changes[:MOST_CHANGES], "    ")
    if len(changes) > MOST_CHANGES:
        yield f"    and {len(changes) - MOST_CHANGES} more"


def as_json(upgrade: Upgrade) -> str:
    """Return an upgrade as a JSON object; what is absent is null."""
    tree = {
        "cluster": upgrade.cluster,
        "from": upgrade.before,
        "to": upgrade.after,
        "steps": [_object(step) for step in upgrade.steps],
    }
    return json.dumps(tree, indent=2, ensure_ascii=False) + "\n"


def _object(step: Step) -> dict[str, Any]:
    return {
        "from": step.before,
        "to": step.after,
        "breaks": [as_object(finding) for finding in step.breaks],
        "warns": [as_object(finding) for finding in step.warns],
        "changesByItself": [_change(change) for change in step.by_itself],
        "writesDifferently": [
            {
                "path": file.path,
                "change": "changed" if file.before and file.after else "removed" if file.before else "added",
                "impact": file.impact,
                "owner": list(file.owner),
                "changes": [_change(change) for change in file.changes],
            }
            for file in step.written
        ],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "area": change.area,
        "name": change.name,
        "from": change.before,
        "to": change.after,
        "note": change.note,
    }
