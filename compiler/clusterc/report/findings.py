"""Findings in each format: full (with the code around them), concise (one line each), json."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from clusterc.diagnostics import Finding, Severity, Span
from clusterc.report.style import PLAIN, Style

Texts = Mapping[str, str]
Lines = Mapping[str, Sequence[str]]
Render = Callable[[Sequence[Finding], Texts, Style], str]


# More of them help nobody; JSON has them all.
MOST_SHOWN = 200
LONGEST_LINE = 160


def full(findings: Sequence[Finding], texts: Texts, style: Style = PLAIN) -> str:
    """Return findings with the code they point at; `texts` holds the text of each file by its name."""
    lines = {file: text.split("\n") for file, text in texts.items()}
    shown = [_full(finding, lines, style) for finding in findings[:MOST_SHOWN]]
    return "\n".join([*shown, *_further(findings)])


def concise(findings: Sequence[Finding], _texts: Texts, style: Style = PLAIN) -> str:
    """Return one line for each finding: place, severity, id, name, message."""
    lines = (
        f"{place(finding)}: {style.severity(finding.severity)} {finding.id} {finding.name}: {clean(finding.message)}\n"
        for finding in findings[:MOST_SHOWN]
    )
    return "".join([*lines, *_further(findings)])


def _further(findings: Sequence[Finding]) -> list[str]:
    more = len(findings) - MOST_SHOWN
    return [f"... and {more:,} more; --format json has them all\n"] if more > 0 else []


def as_json(findings: Sequence[Finding], _texts: Texts, _style: Style = PLAIN) -> str:
    """Return a JSON list with one object for each finding; an unknown place is null."""
    text = json.dumps([as_object(finding) for finding in findings], indent=2, ensure_ascii=False) + "\n"
    # A name of a file that is no text of any alphabet.
    return re.sub("[\ud800-\udfff]", lambda half: f"\\u{ord(half[0]):04x}", text)


FORMATS: dict[str, Render] = {"full": full, "concise": concise, "json": as_json}


def place(finding: Finding) -> str:
    """Return file:line:column, or the file and the path where no line is known."""
    if finding.span:
        return _place(finding.span)
    file = clean(finding.file)
    return f"{file} ({clean(finding.path)})" if finding.path else file


def _place(span: Span) -> str:
    return f"{clean(span.file)}:{span.line}:{span.column}"


def clean(text: str, *, lines: bool = False) -> str:
    """Return a text that cannot steer a terminal: control characters are shown by their escapes.

    With `lines` tabs and ends of lines stay as they are.
    """
    keep = "\n\t" if lines else ""
    return "".join(
        char if char in keep or unicodedata.category(char)[0] != "C" else char.encode("unicode_escape").decode()
        for char in text
    )


def _full(finding: Finding, lines: Lines, style: Style) -> str:
    shown = [f"{style.bold(finding.id)} {finding.name}  {style.severity(finding.severity)}"]
    shown.append(f"{style.dim(' -->')} {place(finding)}")
    marks = [(finding.span, finding.label or finding.message, "^")] if finding.span else []
    marks += [(related.span, related.text, "-") for related in finding.related if related.span]
    marks = [mark for mark in marks if 0 < mark[0].line <= len(lines.get(mark[0].file, ()))]
    if marks:
        shown += _frame(marks, lines, style, finding.severity)
    if finding.label or not any(mark == "^" for _, _, mark in marks):
        shown.append(f"   {clean(finding.message)}")
    notes = [("numbers", finding.numbers), ("fix", finding.fix), ("source", finding.source)]
    notes += [(clean(related.path) or "see", related.text) for related in finding.related if not related.span]
    shown += [f"   {style.dim('=')} {name}: {clean(text)}" for name, text in notes if text]
    return "\n".join(shown) + "\n"


def _frame(marks: list[tuple[Span, str, str]], lines: Lines, style: Style, severity: Severity) -> list[str]:
    """Return the marked lines in the order of the file, each with what is wrong below it."""
    width = max(len(str(span.line)) for span, _, _ in marks)
    bar = style.dim("|")
    shown, last, file = [f"{' ' * width} {bar}"], 0, marks[0][0].file
    for span, text, mark in sorted(marks, key=lambda item: (item[0].file != marks[0][0].file, item[0].line)):
        if span.file != file:
            shown.append(f"{style.dim(' ::')} {_place(span)}")
        elif last and span.line > last + 1:
            shown.append("...")
        file, last = span.file, span.line
        code, lead, length = _cut(lines[span.file][span.line - 1].removesuffix("\r"), span)
        pointer = style.mark(mark * length, severity) if mark == "^" else style.dim(mark * length)
        shown.append(f"{span.line:>{width}} {bar} {code}")
        shown.append(f"{' ' * width} {bar} {lead}{pointer} {clean(text)}")
    return shown


def _cut(line: str, span: Span) -> tuple[str, str, int]:
    """Return what a screen shows of a line around a span, what leads to the span below it, and the span's cells."""
    first, last = span.column - 1, span.end_column - 1
    start = max(0, first - LONGEST_LINE // 2) if len(line) > LONGEST_LINE else 0
    end = start + LONGEST_LINE
    before, inside, after = (
        clean(part, lines=True)
        for part in (line[start:first], line[first : min(last, end)], line[min(last, end) : end])
    )
    before = ("..." if start else "") + before
    lead = "".join("\t" if char == "\t" else " " * _cells(char) for char in before)
    code = before + inside + after + ("..." if len(line) > end else "")
    return code, lead, max(1, sum(map(_cells, inside)))


def _cells(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WF" else 0 if unicodedata.combining(char) else 1


def as_object(finding: Finding) -> dict[str, Any]:
    """Return a finding as plain data; an unknown place is null."""
    return {
        "id": finding.id,
        "name": finding.name,
        "severity": finding.severity.value,
        "message": finding.message,
        "file": finding.file,
        "path": finding.path,
        "span": _span(finding.span),
        "numbers": finding.numbers,
        "number": finding.number,
        "limit": finding.limit,
        "fix": finding.fix,
        "source": finding.source,
        "related": [
            {"path": related.path, "text": related.text, "span": _span(related.span)} for related in finding.related
        ],
    }


def _span(span: Span | None) -> dict[str, Any] | None:
    if span is None:
        return None
    return {"file": span.file, "line": span.line, "column": span.column, "endColumn": span.end_column}


def summary(findings: Sequence[Finding]) -> str:
    """Return how many findings of each severity there are, in words."""
    counts = [(severity, sum(1 for finding in findings if finding.severity is severity)) for severity in Severity]
    parts = [f"{count} {severity.value}{'s' * (count > 1)}" for severity, count in counts if count]
    return ", ".join(parts) or "no findings"
