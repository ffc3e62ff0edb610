"""Cluster and capacity to documents: one module per kind of document, each a pure function.

The folder is the registry: every module here that does not start with an underscore has
`documents(cluster, capacity)`. An emitter places values; it decides none.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.document import Document


def emit(cluster: Cluster, capacity: Capacity) -> tuple[Document, ...]:
    """Return every document of a cluster, by path; two emitters may not claim one path."""
    found: dict[str, Document] = {}
    for name in emitters():
        for document in import_module(f"{__name__}.{name}").documents(cluster, capacity):
            if document.path in found:
                raise ValueError(f"two emitters claim {document.path}")
            found[document.path] = document
    return tuple(found[path] for path in sorted(found))


def emitters() -> list[str]:
    """Return the names of the emitters."""
    return sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))
