"""Documents, and parts of them, against what the program of a minor that reads them knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from clusterc.diagnostics import Path
from clusterc.kubernetes.embedded import embedded_problems
from clusterc.kubernetes.etcd import EtcdMinor
from clusterc.kubernetes.fields import kind_problems, object_problems
from clusterc.kubernetes.problem import Problem
from clusterc.kubernetes.schemas import schema_problems
from clusterc.kubernetes.served import object_problem
from clusterc.kubernetes.tables import Elsewhere, Node, Tables, etcd_keys


def part_problems(tables: Tables, kind: str, part: Any, *, at: Path = ()) -> Iterator[Problem]:
    """Yield what is wrong with a part of a configuration kind; `at` is where in it the part stands.

    Positions in lists are 0. What the whole lacks is not said. Paths lead from the part.
    """
    schema = tables.kind(kind)
    if schema is None:
        raise ValueError(f"there is no table of {kind} in Kubernetes {tables.minor}")
    tree = part
    for step in reversed(at):
        tree = {step: tree} if isinstance(step, str) else [tree]
    for problem in kind_problems(tables, kind, tree, schema, part=at):
        if problem.path[: len(at)] == at:
            yield replace(problem, path=problem.path[len(at) :])


def etcd_problems(minor: EtcdMinor, tree: Mapping[str, Any], *, part: Path | None = None) -> Iterator[Problem]:
    """Return what is wrong with etcd's configuration file, or with the `part` of it that was given."""
    return schema_problems(tree, etcd_keys(minor), of=f"etcd {minor}", known=_nowhere, part=part)


def document_problems(tables: Tables, tree: Mapping[str, Any]) -> tuple[Problem, ...] | None:
    """Return what is wrong with a whole document; None where no table says what may stand in it."""
    kind, api_version = str(tree.get("kind")), str(tree.get("apiVersion"))
    if schema := tables.kind(kind):
        return (*kind_problems(tables, kind, tree, schema), *embedded_problems(tables, kind, tree))
    if problem := object_problem(tables, api_version, kind):
        return (problem,)
    schema = tables.object(api_version, kind)
    return None if schema is None else tuple(object_problems(tables, kind, tree, schema))


def _nowhere(_path: Path, _node: Node) -> Elsewhere:
    return Elsewhere()
