"""Findings in each format: full (with the code around them), concise (one line each), json."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from clusterc.diagnostics import Finding, Severity, Span
from clusterc.report.style import PLAIN, Style

Texts = Mapping[str, str]
Render = Callable[[Sequence[Finding], Texts, Style], str]


def full(findings: Sequence[Finding], texts: Texts, style: Style = PLAIN) -> str:
    """Return findings with the code they point at; `texts` holds the text of each file by its name."""
    return "\n".join(_full(finding, texts, style) for finding in findings)


def concise(findings: Sequence[Finding], _texts: Texts, style: Style = PLAIN) -> str:
    """Return one line for each finding: place, severity, id, name, message."""
    lines = (
        f"{place(finding)}: {style.severity(finding.severity)} {finding.id} {finding.name}: {clean(finding.message)}\n"
        for finding in findings
    )
    return "".join(lines)


def as_json(findings: Sequence[Finding], _texts: Texts, _style: Style = PLAIN) -> str:
    """Return a JSON list with one object for each finding; an unknown place is null."""
    return json.dumps([as_object(finding) for finding in findings], indent=2, ensure_ascii=False) + "\n"


FORMATS: dict[str, Render] = {"full": full, "concise": concise, "json": as_json}


def place(finding: Finding) -> str:
    """Return file:line:column, or the file and the path where no line is known."""
    span = finding.span
    if span:
        return f"{span.file}:{span.line}:{span.column}"
    return f"{finding.file} ({finding.path})" if finding.path else finding.file


def clean(text: str) -> str:
    """Return a text that cannot steer a terminal: control characters are shown by their escapes."""
    return "".join(
        char if char in "\n\t" or unicodedata.category(char)[0] != "C" else char.encode("unicode_escape").decode()
        for char in text
    )


def _full(finding: Finding, texts: Texts, style: Style) -> str:
    lines = [f"{style.bold(finding.id)} {finding.name}  {style.severity(finding.severity)}"]
    lines.append(f"{style.dim(' -->')} {place(finding)}")
    marks = [(finding.span, finding.label or finding.message, "^")] if finding.span else []
    marks += [(related.span, related.text, "-") for related in finding.related if related.span]
    if marks:
        lines += _frame(marks, texts, style, finding.severity)
    if not finding.span or finding.label:
        lines.append(f"   {clean(finding.message)}")
    notes = [("numbers", finding.numbers), ("fix", finding.fix), ("source", finding.source)]
    notes += [(related.path or "see", related.text) for related in finding.related if not related.span]
    lines += [f"   {style.dim('=')} {name}: {clean(text)}" for name, text in notes if text]
    return "\n".join(lines) + "\n"


def _frame(marks: list[tuple[Span, str, str]], texts: Texts, style: Style, severity: Severity) -> list[str]:
    """Return the marked lines in the order of the file, each with what is wrong below it."""
    width = max(len(str(span.line)) for span, _, _ in marks)
    bar = style.dim("|")
    lines, last, file = [f"{' ' * width} {bar}"], 0, marks[0][0].file
    for span, text, mark in sorted(marks, key=lambda item: (item[0].file != marks[0][0].file, item[0].line)):
        source = texts.get(span.file, "").splitlines()
        if not 0 < span.line <= len(source):
            continue
        if span.file != file:
            lines.append(f"{style.dim(' ::')} {span.file}:{span.line}:{span.column}")
        elif last and span.line > last + 1:
            lines.append("...")
        file = span.file
        code = source[span.line - 1]
        lead = "".join("\t" if char == "\t" else " " * _cells(char) for char in code[: span.column - 1])
        cells = sum(_cells(char) for char in code[span.column - 1 : span.end_column - 1])
        under = mark * max(1, cells)
        pointer = style.mark(under, severity) if mark == "^" else style.dim(under)
        lines.append(f"{span.line:>{width}} {bar} {clean(code)}")
        lines.append(f"{' ' * width} {bar} {lead}{pointer} {clean(text)}")
        last = span.line
    return lines


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
