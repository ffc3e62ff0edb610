"""Whether the programs of this minor know the feature gates that are set, and let them be set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from clusterc.check._passed_on import passed_flags, said, tables_for
from clusterc.check._view import Mistake, View
from clusterc.diagnostics import Finding, Path, Severity

SOURCE = "the programs' own gates, read from each minor"
MISTAKES = {
    "unknown": Mistake("CC3111", "unknown-gate", SOURCE),
    "locked": Mistake("CC3112", "locked-gate", SOURCE),
    "deprecated": Mistake("CC3113", "deprecated-gate", SOURCE, Severity.WARNING),
    "default": Mistake("CC3114", "gate-at-default", SOURCE, Severity.WARNING),
}
FLAG = "feature-gates"
EVERY = ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet")


def findings(view: View) -> Iterator[Finding]:
    """Return every gate that is unknown, locked to its other value, deprecated, or as it is by default."""
    body = view.body
    yield from _gates(view, view.at("spec.kubernetes.featureGates"), body.kubernetes.feature_gates, of=EVERY)
    for i, pool in enumerate(body.node_pools):
        gates = pool.kubelet.get("featureGates")
        if isinstance(gates, dict):
            given = {name: value for name, value in gates.items() if isinstance(value, bool)}
            yield from _gates(view, view.at("spec.nodePools", i, "kubelet.featureGates"), given, of=("kubelet",))
    for component, flags, place in passed_flags(body):
        if FLAG in flags:
            from clusterc.kubernetes.flags import gates_in  # noqa: PLC0415 - few specs pass gates on

            yield from _gates(view, view.at(place, FLAG), gates_in(str(flags[FLAG])), of=(component,), as_flag=True)


def _gates(
    view: View, path: Path, given: Mapping[str, bool], *, of: tuple[str, ...], as_flag: bool = False
) -> Iterator[Finding]:
    """Yield what is wrong with gates; all the gates of a flag stand in its one value."""
    if tables := tables_for(view, given):
        from clusterc.kubernetes.gates import gate_problems  # noqa: PLC0415 - few specs set gates

        for problem in gate_problems(tables, given, of=of):
            yield from said(view, path, [replace(problem, path=()) if as_flag else problem], MISTAKES)
