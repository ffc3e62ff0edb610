"""Documents, and parts of them, against what the program of a minor that reads them knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from clusterc.diagnostics import Path
from clusterc.kubernetes.flags import flag_problems
from clusterc.kubernetes.gates import gate_problems
from clusterc.kubernetes.problem import Problem
from clusterc.kubernetes.schemas import schema_problems
from clusterc.kubernetes.served import object_problem
from clusterc.kubernetes.tables import Elsewhere, Node, Tables, etcd_keys

# Where kubeadm's files hold flags of other programs.
_ARGUMENTS: tuple[tuple[str, str, Path], ...] = (
    ("ClusterConfiguration", "kube-apiserver", ("apiServer", "extraArgs")),
    ("ClusterConfiguration", "kube-controller-manager", ("controllerManager", "extraArgs")),
    ("ClusterConfiguration", "kube-scheduler", ("scheduler", "extraArgs")),
    ("InitConfiguration", "kubelet", ("nodeRegistration", "kubeletExtraArgs")),
    ("JoinConfiguration", "kubelet", ("nodeRegistration", "kubeletExtraArgs")),
)
_HAS_GATES = {"KubeletConfiguration": "kubelet", "KubeProxyConfiguration": "kube-proxy"}


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
    for problem in _against(tables, kind, tree, schema, part=at):
        if problem.path[: len(at)] == at:
            yield replace(problem, path=problem.path[len(at) :])


def etcd_problems(release: str, part: Mapping[str, Any], *, whole: bool = False) -> Iterator[Problem] | None:
    """Return what is wrong with keys of etcd's configuration file; None where the release's keys are not known."""
    schema = etcd_keys(release)
    if schema is None:
        return None
    minor = ".".join(release.removeprefix("v").split(".")[:2])
    return schema_problems(part, schema, of=f"etcd {minor}", known=_nowhere, part=None if whole else ())


def document_problems(tables: Tables, tree: Mapping[str, Any]) -> tuple[Problem, ...] | None:
    """Return what is wrong with a whole document; None where no table says what may stand in it."""
    kind, api_version = str(tree.get("kind")), str(tree.get("apiVersion"))
    if schema := tables.kind(kind):
        problems = [*_against(tables, kind, tree, schema), *_embedded(tables, kind, tree)]
        return (*problems, *_flags(tables, kind, tree), *_gates(tables, kind, tree))
    if problem := object_problem(tables, api_version, kind):
        return (problem,)
    schema = tables.object(api_version, kind)
    if schema is None:
        return None

    def known(path: Path, node: Node) -> Elsewhere:
        name = next((name for name, definition in schema["$defs"].items() if definition == node), "")
        return tables.elsewhere("objects", name, str(path[-1])) if name else Elsewhere()

    return tuple(schema_problems(tree, schema, of=f"{kind} of Kubernetes {tables.minor}", known=known))


def _against(tables: Tables, kind: str, tree: Any, schema: Node, *, part: Path | None = None) -> Iterator[Problem]:
    """Yield what is wrong with a configuration kind."""

    def known(path: Path, _: Node) -> Elsewhere:
        whose, at = _arguments_of(tree, path) or (kind, path)
        name = "".join("[]" if isinstance(step, int) else f".{step}" for step in at)
        return tables.elsewhere("fields", whose, name.removeprefix("."))

    return schema_problems(tree, schema, of=f"{kind} of Kubernetes {tables.minor}", known=known, part=part)


def _arguments_of(tree: Any, path: Path) -> tuple[str, Path] | None:
    """Return the kind of a scheduler plugin's arguments and the path inside them, for a path that leads there."""
    names = tuple(step for step in path[:5] if isinstance(step, str))
    if names != ("profiles", "pluginConfig", "args") or len(path) == len(names) + 2:
        return None
    return f"{tree['profiles'][path[1]]['pluginConfig'][path[3]].get('name')}Args", path[5:]


def _nowhere(_path: Path, _node: Node) -> Elsewhere:
    return Elsewhere()


def _embedded(tables: Tables, kind: str, tree: Any) -> Iterator[Problem]:
    """Yield what is wrong with the configurations of admission plugins, which are documents inside the document."""
    if kind != "AdmissionConfiguration":
        return
    for i, plugin in _items(tree, "plugins"):
        name, value = f"{plugin.get('name')}Configuration", plugin.get("configuration")
        schema = tables.kind(name)
        if schema is not None and isinstance(value, dict):
            for problem in _against(tables, name, value, schema):
                yield replace(problem, path=("plugins", i, "configuration", *problem.path))


def _items(tree: Any, name: str) -> list[tuple[int, Mapping[str, Any]]]:
    """Return the mappings of a list with their positions, and nothing where there is no such list."""
    found = tree.get(name) if isinstance(tree, dict) else None
    return [(i, item) for i, item in enumerate(found if isinstance(found, list) else ()) if isinstance(item, dict)]


def _flags(tables: Tables, kind: str, tree: Mapping[str, Any]) -> Iterator[Problem]:
    for of, component, path in _ARGUMENTS:
        block = tree.get(str(path[0]))
        if of != kind or not isinstance(block, dict):
            continue
        for i, argument in _items(block, str(path[1])):
            given = {str(argument.get("name")): argument.get("value")}
            for problem in flag_problems(tables, component, given):
                yield replace(problem, path=(*path, i))


def _gates(tables: Tables, kind: str, tree: Mapping[str, Any]) -> Iterator[Problem]:
    given = tree.get("featureGates")
    if kind in _HAS_GATES and isinstance(given, dict):
        gates = {name: on for name, on in given.items() if isinstance(on, bool)}
        for problem in gate_problems(tables, gates, of=(_HAS_GATES[kind],)):
            yield replace(problem, path=("featureGates", *problem.path))
