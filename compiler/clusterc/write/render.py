"""Documents to text, each in its own form, with two stable lines that say where to edit."""

from __future__ import annotations

import json
from typing import cast

from clusterc.model.document import Document, File, Form, Tree
from clusterc.yamltext import dump


def render(document: Document, *, cluster: str) -> File:
    """Return the file of a document; `cluster` is named in its first line."""
    return File(
        path=document.path,
        text=_text(document, cluster),
        kind=document.kind,
        reader=document.reader,
        owner=document.owner,
        impact=document.impact,
    )


def _text(document: Document, cluster: str) -> str:
    header = (
        f"Made by clusterc for {cluster}. Edit the spec and build again, not this file.",
        f"From {', '.join(document.owner)}.",
    )
    body = document.body
    if document.form is Form.JSON:
        return json.dumps(body, indent=2, ensure_ascii=False) + "\n"
    if document.form is Form.MARKDOWN:
        return str(body)
    if document.form is Form.TOML:
        import tomli_w  # noqa: PLC0415 - only pools with a container runtime need it

        return _comment(header, "# ") + tomli_w.dumps(cast("Tree", body))
    if document.form is Form.YAML:
        # The separator comes first: kubeadm takes comments before it for a document of their own, and refuses that.
        return "---\n" + _comment(header, "# ") + dump(body)
    return _with_header(str(body), header)


def _comment(lines: tuple[str, ...], lead: str) -> str:
    return "".join(f"{lead}{line}\n" for line in lines)


def _with_header(text: str, header: tuple[str, ...]) -> str:
    """Put the header first, or second in a script, whose first line names its interpreter."""
    if text.startswith("#!"):
        first, _, rest = text.partition("\n")
        return f"{first}\n{_comment(header, '# ')}{rest}"
    return _comment(header, "# ") + text
