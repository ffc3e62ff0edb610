"""Spec to findings: what is wrong between its parts, before anything is resolved. One module is one question.

The folder is the registry: every module here that does not start with an underscore has `findings(view)`.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from clusterc.check._view import View
from clusterc.diagnostics import Finding, Path
from clusterc.model.source import Source
from clusterc.spec.cluster import Spec


def check_spec(spec: Spec, source: Source, *, broken: tuple[Path, ...] = ()) -> tuple[Finding, ...]:
    """Return what is wrong between the parts of a spec.

    `broken` holds the paths that were left out because of a finding, as the source has them: what only echoes one of
    those is not said.
    """
    view = View(spec, source, broken)
    return tuple(finding for name in checks() for finding in import_module(f"{__name__}.{name}").findings(view))


def checks() -> list[str]:
    """Return the names of the checks."""
    return sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))
