"""The last resort: Jsonnet functions over emitted documents, chosen by kind and name.

What an overlay changed says so: the document's owner gains its path, in the file's header and in the manifest. What it
made wrong is said too, where the tables of the minor know what may stand in the document.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from clusterc.diagnostics import Finding, Severity, Span
from clusterc.jsonnet import Failure, evaluate
from clusterc.kubernetes import Minor
from clusterc.kubernetes.problem import Fault, Problem
from clusterc.model.document import Change, Document, Form, Tree, Value
from clusterc.model.source import Source
from clusterc.overlay.changes import changes
from clusterc.overlay.refused import refused
from clusterc.spec.cluster import Overlay


@dataclass(frozen=True, slots=True)
class Overlaid:
    """The documents with every overlay applied in order, what that changed, and what went wrong."""

    documents: tuple[Document, ...]
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]


def apply(
    documents: Sequence[Document], overlays: Sequence[Overlay], source: Source, *, minor: Minor, path: Path, root: Path
) -> Overlaid:
    """Apply every overlay in order.

    `path` is the spec's file, which the overlays' files are relative to; `root` is the folder imports may not leave.
    """
    found = {document.path: document for document in documents}
    before: dict[str, list[Document]] = {}
    findings, done = list[Finding](), list[Change]()
    for number, overlay in enumerate(overlays):
        where = f"spec.overlays[{number}]"
        chosen = [document for document in found.values() if _is_meant(document, overlay)]
        if not chosen:
            kinds = sorted({document.kind for document in documents if isinstance(document.body, dict)})
            fix = f"kinds of this tree: {', '.join(kinds)}"
            message = _nothing(overlay, documents)
            findings.append(_finding("CC0011", "dangling-reference", message, where, source, fix=fix))
        for document in chosen:
            changed = _changed(document, overlay, where, source, path=path, root=root)
            if isinstance(changed, Finding):
                findings.append(changed)
            else:
                done += changes(where, document, changed)
                before.setdefault(document.path, []).append(document)
                found[document.path] = changed
    for name, states in before.items():
        findings += [_refused(*found_wrong, source) for found_wrong in refused((*states, found[name]), minor)]
    return Overlaid(tuple(found.values()), tuple(done), tuple(findings))


def _nothing(overlay: Overlay, documents: Sequence[Document]) -> str:
    """Return why an overlay is for no document."""
    emitted = [document for document in documents if document.kind == overlay.kind]
    if emitted and not any(isinstance(document.body, dict) for document in emitted):
        return f"{overlay.kind} is emitted as text, such as {emitted[0].path}, and overlays change trees of fields only"
    return f"no {overlay.kind}{f' named {overlay.name}' if overlay.name else ''} is emitted"


def _is_meant(document: Document, overlay: Overlay) -> bool:
    if not isinstance(document.body, dict) or document.kind != overlay.kind:
        return False
    metadata = document.body.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return overlay.name in {None, name, document.path}


def _changed(
    document: Document, overlay: Overlay, where: str, source: Source, *, path: Path, root: Path
) -> Document | Finding:
    program = f"(import {json.dumps(overlay.jsonnet)})({json.dumps(document.body)})"
    outcome = evaluate(program, file=path, root=root)
    if isinstance(outcome, Failure):
        inside = outcome.file if outcome.file and not outcome.file.endswith(path.name) else None
        span = Span(inside, outcome.line, outcome.column, outcome.column + 1) if inside else None
        message = f"{overlay.jsonnet}, over {document.path}: {outcome.message}"
        return _finding("CC0016", "jsonnet", message, f"{where}.jsonnet", source, fix=outcome.fix, span=span)
    body = json.loads(outcome)
    if not isinstance(body, dict):
        message = f"{overlay.jsonnet}, over {document.path}, returns no object"
        return _finding("CC0016", "jsonnet", message, f"{where}.jsonnet", source, fix="return the whole document")
    if spoilt := _spoilt(body, document):
        message = f"{overlay.jsonnet}, over {document.path}, {spoilt[0]}"
        return _finding("CC0016", "jsonnet", message, f"{where}.jsonnet", source, fix=spoilt[1])
    return replace(document, body=_ordered(body, document.body), owner=(*document.owner, where))


def _spoilt(body: Tree, document: Document) -> tuple[str, str] | None:
    """Return why a file cannot hold what an overlay made, and how to mend it."""
    old = document.body if isinstance(document.body, dict) else {}
    for name in ("kind", "apiVersion"):
        if name in old and body.get(name) is None:
            return f"loses {name}", "return the whole document"
    before, after = (tree.get("metadata") for tree in (old, body))
    if isinstance(before, dict) and (not isinstance(after, dict) or after.get("name") != before.get("name")):
        return f"renames {before.get('name')}", "keep metadata.name: the file is called by it, and others refer to it"
    if document.form is Form.TOML and (path := _first_null("", body)):
        return f"sets {path} to null, which TOML has not", "leave the field out: std.prune, or an object without it"
    return None


def _first_null(path: str, node: Value) -> str:
    """Return the path of the first null of a tree, or an empty text."""
    pairs = list(node.items()) if isinstance(node, dict) else list(enumerate(node)) if isinstance(node, list) else []
    for step, inner in pairs:
        where = f"{path}.{step}" if path else str(step)
        if found := where if inner is None else _first_null(where, inner):
            return found
    return ""


def _refused(document: Document, problem: Problem, source: Source) -> Finding:
    """Return the finding of a problem at the overlay that brought it, which is the document's last owner."""
    where = document.owner[-1]
    weighs = Severity.WARNING if problem.fault in {Fault.DEPRECATED, Fault.DEFAULT} else Severity.ERROR
    message = f"{where} makes {document.path} wrong: {problem.text}"
    found = _finding("CC0021", "overlaid-document", message, f"{where}.jsonnet", source, fix=problem.fix)
    return replace(found, severity=weighs)


def _ordered(new: Any, old: Any) -> Any:
    """Return a tree with its keys in the order they had; Jsonnet sorts them."""
    if isinstance(new, dict):
        before = old if isinstance(old, dict) else {}
        keys = [key for key in before if key in new] + [key for key in new if key not in before]
        ordered: Tree = {key: _ordered(new[key], before.get(key)) for key in keys}
        return ordered
    if isinstance(new, list):
        before_items = old if isinstance(old, list) else []
        pairs = zip(new, before_items + [None] * (len(new) - len(before_items)), strict=False)
        return [_ordered(item, was) for item, was in pairs]
    return new


def _finding(
    id_: str, name: str, message: str, path: str, source: Source, *, fix: str = "", span: Span | None = None
) -> Finding:
    steps = source.path(path)
    place = span or (source.span(steps) if steps else None)
    return Finding(id_, name, Severity.ERROR, message, source.file, path=path, span=place, fix=fix)
