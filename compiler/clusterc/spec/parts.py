"""A YAML text as parts that can be moved: each field or item with the comments above it and the lines of its value."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from clusterc.diagnostics import Path

Ranks = Callable[[Path], Mapping[str, int]]
BLOCK_SCALARS = ("|", ">")
SPACE = " \t\n"


class NotFormattedError(ValueError):
    """A form of YAML that cannot be moved; carries its line, from 1 on."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a mapping, or item of a list.

    `above` holds comments and blank lines. `head` is the first line, without its indent and its comment; `more` are the
    further lines of a value, relative to the indent. `comment` is the comment behind the head and its column, relative
    to the indent. `rank` is the place of the field in its block.
    """

    head: str
    rank: int = 0
    above: tuple[str, ...] = ()
    comment: tuple[int, str] | None = None
    more: tuple[str, ...] = ()
    inside: Parts | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one block collection, and the comments below the last one."""

    parts: tuple[Part, ...]
    below: tuple[str, ...] = ()
    items: bool = False


def take_apart(text: str, ranks: Ranks) -> tuple[tuple[str, ...], Parts] | None:
    r"""Return the lines above the first field, and the parts of the document; None where it has no lines to move.

    `text` must be one YAML document with `\n` at its line ends; `ranks` gives the order of the fields at a path.
    Raises NotFormattedError.
    """
    root = YAML(typ="safe", pure=True).compose(text)
    if _is_literal(root):
        raise NotFormattedError("what a text ends with depends on the lines below it", root.start_mark.line + 1)
    if not _is_block(root):
        return None
    reader = _Reader(text, ranks)
    first = reader.line(root.start_mark.index)
    return tuple(reader.lines[:first]), reader.parts(root, (), first, len(reader.lines) - 1)


class _Reader:
    """Takes one text apart. Lines and columns count from 0, as the marks of the nodes do."""

    def __init__(self, text: str, ranks: Ranks) -> None:
        self._text, self._ranks = text, ranks
        self.lines = text.split("\n")
        self._starts = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def line(self, index: int) -> int:
        """Return the line that an index lies in."""
        return bisect_right(self._starts, index) - 1

    def parts(self, node: Node, path: Path, first: int, last: int) -> Parts:
        """Return the parts of a block collection that has the lines `first` to `last` to itself."""
        is_list = isinstance(node, SequenceNode)
        pairs = [(item, item) for item in node.value] if is_list else node.value
        ranks = {} if is_list else self._ranks(path)
        column = node.start_mark.column
        found = []
        for position, (key, value) in enumerate(pairs):
            start = self._dash_line(key, column, first) if is_list else self.line(key.start_mark.index)
            stop = self.line(pairs[position + 1][0].start_mark.index) if position + 1 < len(pairs) else last + 1
            end = self._last_line(key, value)
            end += self._deeper(end + 1, stop, column) if _is_block(value) else 0
            step = position if is_list else key.value
            part = self._item(value, (*path, step), start, end, column) if is_list else None
            part = part or self._field(key, value, (*path, step), start, end)
            above = (*_stripped(self.lines[first:start]), *part.above)
            found.append(replace(part, above=above, rank=ranks.get(str(step), len(ranks))))
            first = end + 1
        while last >= first and not self.lines[last].strip():
            last -= 1
        return Parts(tuple(found), _stripped(self.lines[first : last + 1]), is_list)

    def _field(self, key: Node, value: Node, path: Path, start: int, end: int) -> Part:
        colon = self._text.find(":", key.end_mark.index)
        lead = self.lines[start][: key.start_mark.column]
        if _is_empty(key) or self._text[key.end_mark.index : colon].strip() or lead.strip(" -"):
            raise NotFormattedError("a key is not written as `key: value`", start + 1)
        name, column = f"{self._slice(key)}:", key.start_mark.column
        if not _is_block(value):
            return self._value(name, value, colon + 1, column)
        comment = self._comment(colon + 1, column)
        return Part(name, comment=comment, inside=self.parts(value, path, start + 1, end))

    def _item(self, value: Node, path: Path, start: int, end: int, column: int) -> Part:
        dash = self._starts[start] + column
        if not _is_block(value):
            return self._value("-", value, dash + 1, column)
        apart = self.line(value.start_mark.index) > start
        comment = self._comment(dash + 1, column) if apart else None
        inside = self.parts(value, path, start + apart, end)
        return Part("-", above=(comment[1],) if comment else (), inside=inside)

    def _value(self, name: str, value: Node, at: int, column: int) -> Part:
        """Return a part whose value, behind the colon or dash before `at`, is a scalar or a flow collection."""
        if _is_empty(value):
            return Part(name, comment=self._comment(at, column))
        start, stop = value.start_mark.index, self._value_end(value)
        above = tuple(line.strip() for line in self._text[at:start].split("\n") if "#" in line)
        first, last = self.line(start), self.line(stop - 1)
        if first == last:
            return Part(f"{name} {self._flow(value)}", above=above, comment=self._comment(stop, column))
        head = self._text[start : self._starts[first + 1]].rstrip()
        more = tuple(_relative(line, column) for line in self.lines[first + 1 : last + 1])
        return Part(f"{name} {head}", above=above, more=more)

    def _comment(self, at: int, column: int) -> tuple[int, str] | None:
        """Return the comment between `at` and the end of its line."""
        line = self.line(at)
        rest = self._text[at : self._starts[line + 1] - 1]
        return (at + rest.index("#") - self._starts[line] - column, rest.strip()) if rest.strip() else None

    def _flow(self, node: Node) -> str:
        """Return a value of one line with its spaces in order; what has an unusual form stays as it is."""
        raw = self._slice(node).rstrip()
        if isinstance(node, ScalarNode):
            return raw
        inner = node.value if isinstance(node, SequenceNode) else [part for pair in node.value for part in pair]
        if raw[0] not in "[{" or "?" in raw or any(_is_empty(part) for part in inner):
            return raw
        if isinstance(node, SequenceNode):
            return f"[{', '.join(self._flow(item) for item in node.value)}]"
        return f"{{{', '.join(f'{self._slice(key)}: {self._flow(item)}' for key, item in node.value)}}}"

    def _slice(self, node: Node) -> str:
        return self._text[node.start_mark.index : node.end_mark.index]

    def _dash_line(self, item: Node, column: int, first: int) -> int:
        """Return the line, from `first` on, of the dash before an item; the item may start further down."""
        if _is_empty(item):
            raise NotFormattedError("an item of a list is empty", first + 1)
        while self.lines[first][column : column + 1] != "-" or self.lines[first][:column].strip(" -"):
            first += 1
        return first

    def _value_end(self, node: Node) -> int:
        """Return the index behind a value, which has no part in the blank lines below it."""
        raw, start = self._slice(node), int(node.start_mark.index)
        if _is_literal(node) and not _ends_by_itself(node.value, raw.partition("\n")[0].partition("#")[0]):
            raise NotFormattedError("what a text ends with depends on the lines below it", self.line(start) + 1)
        return start + len(raw.rstrip(SPACE))

    def _last_line(self, key: Node, value: Node) -> int:
        while _is_block(value):
            key, value = value.value[-1] if isinstance(value, MappingNode) else (value.value[-1],) * 2
        return self.line(key.end_mark.index if _is_empty(value) else self._value_end(value) - 1)

    def _deeper(self, first: int, stop: int, column: int) -> int:
        """Return how many of the lines before `stop` go with what stands above: up to the last deeper comment."""
        count = 0
        for number, line in enumerate(self.lines[first:stop], start=1):
            if line.strip() and len(line) - len(line.lstrip(" ")) <= column:
                break
            count = number if line.strip() else count
        return count


def _is_block(node: Any) -> bool:
    return isinstance(node, MappingNode | SequenceNode) and not node.flow_style


def _is_empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.start_mark.index == node.end_mark.index


def _is_literal(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.style in BLOCK_SCALARS


def _ends_by_itself(value: str, indicators: str) -> bool:
    """Return whether a block scalar ends with its last line that is not blank, wherever it stands in a file."""
    body = value.rstrip(SPACE)
    end = value[len(body) :].lstrip(" \t")
    return "+" not in indicators and end == ("\n" if body and "-" not in indicators else "")


def _stripped(lines: list[str]) -> tuple[str, ...]:
    return tuple(line.strip() for line in lines)


def _relative(line: str, column: int) -> str:
    return line[min(column, len(line) - len(line.lstrip(" "))) :]
