"""What a document holds for other readers than its own: flags, feature gates, and documents inside the document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from clusterc.diagnostics import Path
from clusterc.kubernetes.fields import kind_problems
from clusterc.kubernetes.flags import flag_problems, gates_in
from clusterc.kubernetes.gates import gate_problems
from clusterc.kubernetes.problem import Problem
from clusterc.kubernetes.tables import Tables

# Where kubeadm's files hold flags of other programs.
_ARGUMENTS = (
    ("ClusterConfiguration", "kube-apiserver", ("apiServer", "extraArgs")),
    ("ClusterConfiguration", "kube-controller-manager", ("controllerManager", "extraArgs")),
    ("ClusterConfiguration", "kube-scheduler", ("scheduler", "extraArgs")),
    ("InitConfiguration", "kubelet", ("nodeRegistration", "kubeletExtraArgs")),
    ("JoinConfiguration", "kubelet", ("nodeRegistration", "kubeletExtraArgs")),
)
_HAS_GATES = {"KubeletConfiguration": "kubelet", "KubeProxyConfiguration": "kube-proxy"}


def embedded_problems(tables: Tables, kind: str, tree: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with what a configuration file holds beside its own fields."""
    for of, component, (block, arguments) in _ARGUMENTS:
        if of == kind:
            yield from _flags(tables, component, tree.get(block), (block, arguments))
    gates = tree.get("featureGates")
    if kind in _HAS_GATES and isinstance(gates, dict):
        for problem in gate_problems(tables, _booleans(gates), of=(_HAS_GATES[kind],)):
            yield replace(problem, path=("featureGates", *problem.path))
    if kind == "AdmissionConfiguration":
        yield from _plugins(tables, tree)


def _flags(tables: Tables, component: str, block: Any, path: Path) -> Iterator[Problem]:
    for i, argument in _items(block, str(path[-1])):
        name, value = str(argument.get("name")), argument.get("value")
        problems = [*flag_problems(tables, component, {name: value})]
        if name == "feature-gates":
            problems += gate_problems(tables, gates_in(str(value)), of=(component,))
        for problem in problems:
            yield replace(problem, path=(*path, i))


def _booleans(gates: Mapping[str, Any]) -> dict[str, bool]:
    return {name: on for name, on in gates.items() if isinstance(on, bool)}


def _plugins(tables: Tables, tree: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with the configurations of admission plugins."""
    for i, plugin in _items(tree, "plugins"):
        name, value = f"{plugin.get('name')}Configuration", plugin.get("configuration")
        schema = tables.kind(name)
        if schema is not None and isinstance(value, dict):
            for problem in kind_problems(tables, name, value, schema):
                yield replace(problem, path=("plugins", i, "configuration", *problem.path))


def _items(tree: Any, name: str) -> list[tuple[int, Mapping[str, Any]]]:
    """Return the mappings of a list with their positions, and nothing where there is no such list."""
    found = tree.get(name) if isinstance(tree, dict) else None
    return [(i, item) for i, item in enumerate(found if isinstance(found, list) else ()) if isinstance(item, dict)]
