"""Whether what the spec passes on to a component contradicts what the language says itself, and reckons with."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.check._view import Mistake, View
from clusterc.diagnostics import Finding
from clusterc.model.cluster import Cluster
from clusterc.model.decision import Decision
from clusterc.quantity import QuantityError, parse_duration

TWICE = Mistake("CC0020", "said-otherwise")


def findings(view: View, cluster: Cluster) -> Iterator[Finding]:
    """Return every setting that is passed on with another value than the field of the language has."""
    for decision in cluster.decisions.values():
        if decision.instead_of is not None and not _same(decision.value, decision.instead_of):
            yield _contradiction(view, decision, cluster.decisions[decision.follows])


def _same(one: object, other: object) -> bool:
    try:
        return parse_duration(one) == parse_duration(other)
    except QuantityError:
        return _text(one) == _text(other)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _contradiction(view: View, decision: Decision, field: Decision) -> Finding:
    source = view.source
    said = source.path(field.path) is not None
    verb = "says" if said else "is by default"
    return view.finding(
        TWICE,
        source.nearest(decision.path),
        f"{decision.path} is {_text(decision.value)}, but {field.path} {verb} {_text(field.value)}",
        fix=f"say it in {field.path} alone, which everything else is reckoned with",
        related=(view.related_to(_text(field.value), field.path),) if said else (),
    )
