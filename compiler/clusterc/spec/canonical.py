"""The canonical text of a YAML spec: fields in the order of the language, two spaces a level, every comment kept.

Lines are moved with the comments above them, and indented. Quotes, flow collections, line breaks inside values and the
distance of comments stay as somebody wrote them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clusterc.diagnostics import Path
from clusterc.spec.cluster import Spec
from clusterc.spec.fields import fields_at
from clusterc.spec.parts import Part, Parts, take_apart


def canonical(text: str) -> str:
    """Return the canonical form of a text that is one YAML document; a canonical text is returned as it is.

    Raises NotFormattedError where it has a form that cannot be moved.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    taken = take_apart(text, _ranks)
    if taken is None:
        return text if text.endswith("\n") else f"{text}\n"
    head, parts = taken
    lines = [*_spaced([line.rstrip() for line in head], at_start=True), *_body(parts, 0)]
    return "\n".join(lines) + "\n"


def _ranks(path: Path) -> dict[str, int]:
    return {name: rank for rank, name in enumerate(fields_at(Spec, path))}


def _body(parts: Parts, indent: int) -> Iterator[str]:
    """Yield the lines of a block collection."""
    ordered = parts.parts if parts.items else sorted(parts.parts, key=lambda part: part.rank)
    for number, part in enumerate(ordered):
        yield from _spaced([" " * indent + line if line else "" for line in _above(part)], at_start=not number)
        yield from _part(part, indent)
    yield from _spaced([" " * indent + line if line else "" for line in parts.below], at_start=False)


def _above(part: Part) -> list[str]:
    """Return what stands above a part: above an item, also what stands above its first field."""
    first = _first(part.inside) if part.inside and part.head == "-" else None
    return [*part.above, *(line for line in (_above(first) if first else ()) if line)]


def _first(parts: Parts) -> Part:
    return parts.parts[0] if parts.items else min(parts.parts, key=lambda part: part.rank)


def _part(part: Part, indent: int) -> Iterator[str]:
    if part.inside and part.head == "-":
        first, *rest = list(_body(part.inside, indent + 2))[len(_lead(part.inside)) :]
        yield f"{' ' * indent}- {first[indent + 2 :]}"
        yield from rest
        return
    line = " " * indent + part.head
    if part.comment:
        column, comment = part.comment
        line = f"{line.ljust(column + indent) if column + indent > len(line) else f'{line}  '}{comment}"
    yield line
    yield from (" " * indent + further if further else "" for further in part.more)
    if part.inside:
        yield from _body(part.inside, indent + 2)


def _lead(parts: Parts) -> list[str]:
    """Return the lines that `_body` puts above the first part."""
    return _spaced(_above(_first(parts)), at_start=True)


def _spaced(lines: Sequence[str], *, at_start: bool) -> list[str]:
    """Return lines without two blank ones in a row, and without a blank one at the start of a collection."""
    kept: list[str] = []
    for line in lines:
        if line or (kept[-1] if kept else not at_start):
            kept.append(line)
    return kept
