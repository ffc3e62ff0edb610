"""What an overlay changed in a document, field by field."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.differences import differences
from clusterc.model.document import Change, Document


def changes(overlay: str, before: Document, after: Document) -> Iterator[Change]:
    """Yield every field that differs between a document and what an overlay made of it."""
    for field, old, new in differences(before.body, after.body):
        yield Change(overlay, before.path, before.owner, field, old, new)
