"""Columns that line up: names to the left, numbers to the right, long names on lines of their own."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Paint = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Row:
    """A name and its cells; `paint` sets off the last cell once its width is known, `notes` stand below."""

    name: str
    cells: Sequence[str] = ()
    paint: Paint = str
    notes: Sequence[str] = ()


def lines(rows: Sequence[Row], *, width: int) -> list[str]:
    """Return rows of the same number of cells as lines; rows without cells are headings over the whole width."""
    count = max((len(row.cells) for row in rows), default=0)
    widths = [max(len(row.cells[i]) for row in rows if row.cells) for i in range(count)]
    taken = sum(column + 2 for column in widths)
    longest = max((len(row.name) for row in rows if row.cells), default=0)
    room = max(16, min(longest, width - taken))
    return [line for row in rows for line in _row(row, widths, room, width)]


def _row(row: Row, widths: list[int], room: int, width: int) -> list[str]:
    if not row.cells:
        return [row.paint(row.name)]
    indent = " " * (len(row.name) - len(row.name.lstrip()))
    name = textwrap.wrap(row.name.strip(), room, initial_indent=indent, subsequent_indent=f"{indent}  ")
    cells = [f"{cell:>{column}}" for cell, column in zip(row.cells, widths, strict=True)]
    cells[-1] = row.paint(cells[-1])
    first = "".join((f"{(name or [''])[0]:<{room}}", *(f"  {cell}" for cell in cells)))
    notes = [line for note in row.notes for line in _note(note, width)]
    return [first.rstrip(), *name[1:], *notes]


def _note(text: str, width: int) -> list[str]:
    # Sources are copied from a terminal: an address that is too long stays whole.
    whole = textwrap.TextWrapper(max(40, width), "      ", "        ", break_long_words=False, break_on_hyphens=False)
    return whole.wrap(text)
