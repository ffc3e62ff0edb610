"""What is wrong between the parts of a spec, and with what was decided from them. One module is one question.

The folders are the registries. Every module here that does not start with an underscore has `findings(view)` and looks
at a spec before anything is resolved; every module in `decided/` has `findings(view, cluster)` and runs once a spec
has no errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules

from clusterc.check import decided
from clusterc.check._view import View
from clusterc.diagnostics import Finding, Path, Severity
from clusterc.model.cluster import Cluster
from clusterc.model.source import Source
from clusterc.spec.cluster import Spec

# Mistakes of the language itself, and values passed on that a program would not take.
_WITHOUT_MEANING = re.compile("CC(00|10|.1)..")


def is_resolvable(findings: Iterable[Finding]) -> bool:
    """Return whether every part of a spec means something, whatever is wrong between the parts.

    A limit that is exceeded, or two parts that contradict each other, leave each value its meaning.
    """
    return not any(_WITHOUT_MEANING.fullmatch(each.id) for each in findings if each.severity is Severity.ERROR)


def check_spec(spec: Spec, source: Source, *, broken: tuple[Path, ...] = ()) -> tuple[Finding, ...]:
    """Return what is wrong between the parts of a spec.

    `broken` holds the paths that were left out because of a finding, as the source has them: what only echoes one of
    those is not said.
    """
    view = View(spec, source, broken)
    return tuple(finding for name in checks() for finding in import_module(name).findings(view))


def check_cluster(cluster: Cluster, spec: Spec, source: Source) -> tuple[Finding, ...]:
    """Return what is wrong with what was decided from a spec without errors."""
    view = View(spec, source)
    return tuple(finding for name in decided_checks() for finding in import_module(name).findings(view, cluster))


def checks() -> list[str]:
    """Return the modules that look at a spec."""
    return _modules(__name__, list(__path__))


def decided_checks() -> list[str]:
    """Return the modules that look at what was decided."""
    return _modules(decided.__name__, list(decided.__path__))


def _modules(package: str, path: list[str]) -> list[str]:
    found = (module for module in iter_modules(path) if not (module.ispkg or module.name.startswith("_")))
    return sorted(f"{package}.{module.name}" for module in found)
