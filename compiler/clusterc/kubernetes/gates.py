"""Feature gates that are set, against those that the programs of a minor know; nearly all share one list."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from clusterc.kubernetes.problem import Fault, Problem, cure
from clusterc.kubernetes.tables import Gate, Tables

# Every program takes these two for all gates of a stage.
_STAGES = frozenset({"AllAlpha", "AllBeta"})


def gate_problems(tables: Tables, given: Mapping[str, bool], *, of: Collection[str]) -> Iterator[Problem]:
    """Yield what the programs `of` this minor have against gates: unknown and locked ones keep them from starting."""
    known = tables.gates()
    for name, value in given.items():
        gate = known.get(name)
        lacking = [] if gate is None else [program for program in of if program not in (gate.components or of)]
        if name in _STAGES:
            continue
        if gate is None:
            found = tables.elsewhere("gates", "", name)
            text = f"Kubernetes {tables.minor} has no feature gate {name}{found.said}"
            yield Problem(Fault.UNKNOWN, (name,), text, cure(name, known, found))
        elif lacking:
            text = f"{' and '.join(lacking)} of Kubernetes {tables.minor} cannot set the feature gate {name}"
            fix = f"remove it; only {' and '.join(gate.components)} can"
            yield Problem(Fault.UNKNOWN, (name,), text, fix)
        else:
            yield from _known(tables, name, gate, value=value)


def _known(tables: Tables, name: str, gate: Gate, *, value: bool) -> Iterator[Problem]:
    usual = on_or_off(value=gate.default)
    if gate.locked and value != gate.default:
        text = f"{name} is locked {usual} in Kubernetes {tables.minor}: no program starts with {str(value).lower()}"
        yield Problem(Fault.LOCKED, (name,), text, "remove it")
    elif value == gate.default:
        text = f"{name} is {usual} by default in Kubernetes {tables.minor}"
        fix = "remove it: a gate that says nothing new stops every program once a minor drops its name"
        yield Problem(Fault.DEFAULT, (name,), text, fix)
    elif gate.stage == "DEPRECATED":
        text = f"the feature gate {name} is deprecated in Kubernetes {tables.minor}"
        yield Problem(Fault.DEPRECATED, (name,), text, "remove it before the minor that drops its name")


def on_or_off(*, value: bool) -> str:
    """Return what a gate is."""
    return "on" if value else "off"
