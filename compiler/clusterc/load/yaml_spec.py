"""YAML text to Source, event by event, so that depth, size and every place stay under our control."""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from clusterc.diagnostics import Finding, Path, Related, Span
from clusterc.load.findings import text_error
from clusterc.model.source import Source
from clusterc.scalars import Ambiguous, refuse_other_keys, resolve

DEEPEST = 40
MOST_NODES = 50_000


def load_yaml(text: str, *, name: str) -> tuple[Source | None, tuple[Finding, ...]]:
    """Return the one document of a YAML text."""
    builder = _Builder(name)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
    except _StopError as stop:
        return None, (*builder.findings, stop.finding)
    except MarkedYAMLError as error:
        return None, (*builder.findings, _syntax(error, name))
    except YAMLError as error:
        return None, (*builder.findings, text_error("CC0001", str(error), file=name, span=None))
    if builder.documents == 0 or builder.data is None:
        message = "the file holds no cluster spec"
        fix = "`clusterc init` writes one to start from"
        return None, (*builder.findings, text_error("CC0013", message, file=name, span=None, fix=fix))
    source = Source(name, text, builder.data, builder.values, builder.keys, frozenset(builder.doubtful))
    return source, tuple(builder.findings)


class _StopError(Exception):
    """The text cannot be read any further."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


_ADVICE = (
    ("found character '\\t'", "a tab stands where indentation must be spaces", "indent with spaces"),
    ("mapping values are not allowed", "a second ': ' in one plain value", "quote the value, or break the line"),
    ("could not find expected ':'", "a key without a colon", "write `key: value`"),
    ("expected <block end>", "the indentation fits no open block", "align it with its siblings"),
    ("did not find expected <document start>", "text after the end of the document", "remove it, or indent it"),
    ("found undefined alias", "an alias without its anchor", "define the anchor before it is used"),
    ("unexpected end of stream", "the text ends inside a quoted value or a bracket", "close it"),
    ("expected ',' or", "a bracket is not closed", "close it, or separate its items with commas"),
)


def _syntax(error: MarkedYAMLError, name: str) -> Finding:
    mark = error.problem_mark or error.context_mark
    span = _span(name, mark, mark) if mark is not None else None
    opened = error.context_mark
    related: tuple[Related, ...] = ()
    if mark is not None and opened is not None and (opened.line, opened.column) != (mark.line, mark.column):
        related = (Related(path="", text="it starts here", span=_span(name, opened, opened)),)
    problem = " ".join(part for part in (error.problem, error.context) if part)
    for pattern, message, fix in _ADVICE:
        if pattern in problem:
            return text_error("CC0001", message, file=name, span=span, fix=fix, related=related)
    message = f"this is not YAML: {error.problem or problem}"
    return text_error("CC0001", message, file=name, span=span, related=related)


def _span(name: str, start: Any, end: Any) -> Span:
    """Return the place between two marks (0-based); what runs over a line's end counts as one character."""
    last = end.column if end.line == start.line else start.column + 1
    return Span(name, start.line + 1, start.column + 1, max(last, start.column + 1) + 1)


class _Open:
    """A collection that is not closed yet."""

    __slots__ = ("first_keys", "is_map", "node", "path", "pending", "start")

    def __init__(self, node: Any, path: Path, start: Any) -> None:
        self.node, self.path, self.start = node, path, start
        self.is_map = isinstance(node, dict)
        self.pending: str | None = None
        self.first_keys: dict[str, Span] = {}


class _Builder:
    """Builds plain data from events, and notes where every node stands."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.documents = 0
        self.nodes = 0
        self.data: Any = None
        self.values: dict[Path, Span] = {}
        self.keys: dict[Path, Span] = {}
        self.findings: list[Finding] = []
        self.doubtful: set[Path] = set()
        self._stack: list[_Open] = []

    def take(self, event: Event) -> None:
        """Take the next event of the parser."""
        if isinstance(event, DocumentStartEvent):
            self._document(event)
        elif isinstance(event, ScalarEvent):
            self._scalar(event)
        elif isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            self._open(event)
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            self._close(event)
        elif isinstance(event, AliasEvent):
            fix = "repeat the value, or write the spec in Jsonnet"
            self._stop("CC0001", f"anchors and aliases (*{event.anchor}) are not part of the spec language", event, fix)

    def _stop(self, id_: str, message: str, event: Event, fix: str) -> None:
        raise _StopError(text_error(id_, message, file=self.name, span=self._place(event), fix=fix))

    def _place(self, event: Event) -> Span:
        return _span(self.name, event.start_mark, event.end_mark)

    def _document(self, event: DocumentStartEvent) -> None:
        self.documents += 1
        if self.documents > 1:
            self._stop("CC0013", "a second document starts here", event, "one file describes one cluster")
        if event.version is not None or event.tags:
            self._stop("CC0001", "directives (%YAML, %TAG) are not part of the spec language", event, "remove it")

    def _count(self, event: Any) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            self._stop("CC0015", f"the file has more than {MOST_NODES:,} values", event, "name a cluster spec")
        if event.tag is not None and event.tag != "!":
            tag = event.tag.replace("tag:yaml.org,2002:", "!!", 1)
            self._stop("CC0001", f"tags ({tag}) are not part of the spec language", event, "remove the tag")
        if event.anchor is not None:
            fix = "repeat the value, or write the spec in Jsonnet"
            self._stop("CC0001", f"anchors and aliases (&{event.anchor}) are not part of the spec language", event, fix)

    def _scalar(self, event: ScalarEvent) -> None:
        self._count(event)
        if self._stack and self._stack[-1].is_map and self._stack[-1].pending is None:
            self._key(self._stack[-1], event)
            return
        if event.style:
            self._add(event.value, self._place(event))
            return
        try:
            self._add(resolve(event.value), self._nonempty(event))
        except Ambiguous as trap:
            self._ambiguous(trap, event, fix=trap.fix)
            self.doubtful.add(self._add(event.value, self._place(event)))

    def _nonempty(self, event: ScalarEvent) -> Span:
        """Return the place of a value; where nothing is written, that of the key it lacks behind."""
        owner = self._stack[-1] if self._stack else None
        if event.value or owner is None or owner.pending is None:
            return self._place(event)
        return self.keys[(*owner.path, owner.pending)]

    def _ambiguous(self, trap: Ambiguous, event: ScalarEvent, *, fix: str) -> None:
        self.findings.append(text_error("CC0009", str(trap), file=self.name, span=self._place(event), fix=fix))

    def _key(self, owner: _Open, event: ScalarEvent) -> None:
        key, span = event.value, self._place(event)
        if not event.style:
            try:
                refuse_other_keys(key)
            except Ambiguous as trap:
                self._ambiguous(trap, event, fix=f"write {trap.quoted}: keys are texts")
        if key in owner.first_keys:
            related = Related(path="", text="the first one", span=owner.first_keys[key])
            message = f"{key} is given twice in one mapping"
            fix = "keep one of them"
            self.findings.append(
                text_error("CC0003", message, file=self.name, span=span, fix=fix, related=(related,)),
            )
        owner.first_keys.setdefault(key, span)
        owner.pending = key
        self.keys.setdefault((*owner.path, key), span)

    def _open(self, event: Any) -> None:
        self._count(event)
        if len(self._stack) >= DEEPEST:
            self._stop("CC0015", f"more than {DEEPEST} levels of nesting", event, "name a cluster spec")
        if self._stack and self._stack[-1].is_map and self._stack[-1].pending is None:
            self._stop("CC0001", "a key must be one plain word", event, "write `key: value`")
        node: Any = {} if isinstance(event, MappingStartEvent) else []
        path = self._add(node, self._place(event))
        self._stack.append(_Open(node, path, event.start_mark))

    def _close(self, event: Event) -> None:
        done = self._stack.pop()
        start, end = done.start, event.end_mark
        if start.line == end.line:
            self.values[done.path] = _span(self.name, start, end)

    def _add(self, value: Any, span: Span) -> Path:
        if not self._stack:
            self.data = value
            self.values[()] = span
            return ()
        owner = self._stack[-1]
        if owner.is_map:
            step: str | int = owner.pending or ""
            owner.node.setdefault(step, value)
            owner.pending = None
        else:
            step = len(owner.node)
            owner.node.append(value)
        path = (*owner.path, step)
        self.values.setdefault(path, span)
        return path
