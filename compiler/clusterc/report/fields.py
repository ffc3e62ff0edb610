"""A field of the spec language as a page for a terminal."""

from __future__ import annotations

import textwrap

from clusterc.report.style import PLAIN, Style
from clusterc.spec.reference import Field, Unknown


def page(field: Field, *, width: int, style: Style = PLAIN) -> str:
    """Return what a field means, what it may hold, and for a block one entry for each of its fields."""
    wide = max(40, width)
    lines = [style.bold(f"{field.path}.{field.passed_on}" if field.passed_on else field.path)]
    lines += textwrap.wrap(_sentence(field), wide, initial_indent="  ", subsequent_indent="  ")
    lines.append("")
    lines += _entry("type", field.type, wide, 9)
    lines += _entry("default", field.default or _without(field), wide, 9)
    if field.fields:
        column = max(len(inner.path) for inner in field.fields) + 1
        lines += ["", f"  {style.bold('fields')} (* must be given)"]
        for inner in field.fields:
            lines += _entry(f"{inner.path}{'*' if inner.required else ''}", inner.description, wide, column)
    return "\n".join(lines) + "\n"


def unknown(missing: Unknown) -> str:
    """Return why there is no page, and where to look instead."""
    known = f"{missing.parent} has no such field" if missing.parent else "a spec has no such field"
    advice = (
        f"did you mean {' or '.join(missing.near)}?" if missing.near else f"try `clusterc explain {missing.parent}`"
    )
    return f"{missing.path}: {known}; {advice}"


def _sentence(field: Field) -> str:
    return f"Passed on as it is, below {field.path}: {field.description}" if field.passed_on else field.description


def _without(field: Field) -> str:
    return "none: it must be given" if field.required else "none, or decided from the rest of the spec"


def _entry(name: str, text: str, width: int, column: int) -> list[str]:
    lead = f"  {name:<{column}} "
    return textwrap.wrap(text, width, initial_indent=lead, subsequent_indent=" " * len(lead)) or [lead.rstrip()]
