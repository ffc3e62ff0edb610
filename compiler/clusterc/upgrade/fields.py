"""Fields of configuration files that nobody writes and that a program of another minor fills in otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from clusterc.diagnostics import path_name
from clusterc.kubernetes.tables import Node, Tables
from clusterc.model.upgrade import Change
from clusterc.upgrade.side import Side

_KINDS = (
    "KubeletConfiguration",
    "KubeSchedulerConfiguration",
    "KubeProxyConfiguration",
    "ClusterConfiguration",
    "InitConfiguration",
    "JoinConfiguration",
)
Trees = Mapping[str, Mapping[str, Any]]
_DEEPEST = 8


def field_changes(old: Tables, new: Tables, after: Side) -> Iterator[Change]:
    """Yield the fields whose default turns over in some file that leaves them out; new fields are new, not changed."""
    for kind in (*_KINDS, *(name for name in new.kinds() if name.endswith("Args"))):
        before, now, trees = old.kind(kind), new.kind(kind), _trees(kind, after)
        if not (before and now and trees):
            continue
        earlier, later = dict(_defaults(before)), dict(_defaults(now))
        for path in sorted(earlier.keys() & later.keys()):
            silent = [name for name, tree in trees.items() if not _says(tree, path)]
            if silent and earlier[path] != later[path]:
                where = "" if len(silent) == len(trees) else f"in {', '.join(silent)}"
                yield Change(kind, path_name(None, path), earlier[path], later[path], where)


def _defaults(schema: Node) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every field of a kind that is no list or map of others, with its default; None where it has none."""
    definitions = schema.get("$defs", {})

    def walk(node: Node, path: tuple[str, ...], given: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
        for name, field in node.get("properties", {}).items():
            above = given.get(name) if isinstance(given, dict) else None
            default = field.get("default", above)
            inner = definitions.get(field.get("$ref", "").removeprefix("#/$defs/"), field)
            if "properties" in inner and len(path) < _DEEPEST:
                yield from walk(inner, (*path, name), default)
            else:
                yield (*path, name), default

    yield from walk(schema, (), None)


def _says(tree: Any, path: tuple[str, ...]) -> bool:
    for step in path:
        if not isinstance(tree, Mapping) or step not in tree:
            return False
        tree = tree[step]
    return True


def _trees(kind: str, side: Side) -> Trees:
    """Return what is written of a kind, by what messages call each."""
    written = {doc.path: doc for doc in side.documents if isinstance(doc.body, dict)}
    if kind == "KubeletConfiguration":
        base = next((doc.body for doc in written.values() if doc.reader == "kubelet"), {})
        pools = [doc for doc in written.values() if doc.reader == "kubelet-dropin"]
        return {f"pool {doc.path.split('/')[1]}": _merged(base, doc.body) for doc in pools}
    if kind.endswith("Args"):
        return _arguments(kind.removesuffix("Args"), side.cluster.control_plane.scheduler)
    return {path: doc.body for path, doc in written.items() if doc.kind == kind and isinstance(doc.body, dict)}


def _merged(base: Any, over: Any) -> dict[str, Any]:
    """Return a configuration with a drop-in over it, as the kubelet merges them: maps merge, lists replace."""
    if not isinstance(base, dict):
        base = {}
    return {
        **base,
        **{name: _merged(base.get(name), value) if isinstance(value, dict) else value for name, value in over.items()},
    }


def _arguments(plugin: str, configuration: Mapping[str, Any]) -> Trees:
    """Return the arguments of a scheduler plugin in each profile; one that gives none leaves all of them alone."""
    found: dict[str, Mapping[str, Any]] = {}
    for profile in configuration.get("profiles") or [{}]:
        given = [entry["args"] for entry in profile.get("pluginConfig", ()) if entry.get("name") == plugin]
        found[f"profile {profile.get('schedulerName', 'default-scheduler')}"] = given[0] if given else {}
    return found
