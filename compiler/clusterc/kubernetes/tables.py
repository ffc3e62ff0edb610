"""What the programs of one Kubernetes minor know, from the tables that were made of those programs.

A table is read when it is first asked for, and only that of the minor asked about: what other minors know and this one
does not stands in its own `elsewhere.json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from clusterc.bundled import folder
from clusterc.kubernetes import Minor
from clusterc.kubernetes.etcd import EtcdMinor

Node = dict[str, Any]


@cache
def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag of a program: its type by pflag's name, its default as text, and why it is deprecated, where it is."""

    type: str
    default: str = ""
    deprecated: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """A feature gate: ALPHA, BETA, GA or DEPRECATED; a locked one takes no other value than its default.

    `components` are those that know it; where there are none, all but kubeadm do.
    """

    stage: str
    default: bool
    locked: bool = False
    components: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where a name is known that is unknown here: `until` is the nearest minor before, `since` the nearest after."""

    until: str = ""
    since: str = ""

    @property
    def said(self) -> str:
        """Return the end of a sentence that says so; empty where no supported minor knows the name."""
        if self.until and self.since:
            return f": {self.until} and {self.since} have it"
        if self.until:
            return f": {self.until} is the last minor that has it"
        return f": {self.since} is the first minor that has it" if self.since else ""


@cache
def _flags(path: Path, component: str) -> Mapping[str, Flag]:
    return {name: Flag(**row) for name, row in _read(path).get(component, {}).items()}


@cache
def _gates(path: Path) -> Mapping[str, Gate]:
    return {name: Gate(**{**row, "components": tuple(row.get("components", ()))}) for name, row in _read(path).items()}


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one minor, in `folder`."""

    minor: Minor
    folder: Path

    def flags(self, component: str) -> Mapping[str, Flag]:
        """Return the flags of a component, such as kube-apiserver, by name."""
        return _flags(self.folder / "flags.json", component)

    def gates(self) -> Mapping[str, Gate]:
        """Return the feature gates by name."""
        return _gates(self.folder / "gates.json")

    def kind(self, name: str) -> Node | None:
        """Return the JSON Schema of a configuration kind, or None where there is none."""
        path = self.folder / "kinds" / f"{name}.json"
        return dict(_read(path)) if name.isalnum() and path.is_file() else None

    def kinds(self) -> tuple[str, ...]:
        """Return the names of the configuration kinds that have a schema."""
        return tuple(sorted(path.stem for path in (self.folder / "kinds").glob("*.json")))

    def object(self, api_version: str, kind: str) -> Node | None:
        """Return the JSON Schema of a kind of API object, or None where there is none."""
        table = _read(self.folder / "objects.json")
        found = table["kinds"].get(f"{api_version}/{kind}")
        return {"$defs": table["$defs"], **found} if found else None

    def served(self) -> Mapping[str, Mapping[str, Any]]:
        """Return what the API server serves by default: kinds by API version."""
        table: Mapping[str, Mapping[str, Any]] = _read(self.folder / "resources.json")
        return table

    def on_request(self) -> Mapping[str, Mapping[str, Any]]:
        """Return what the API server serves too if it is told to: kinds by API version."""
        table: Mapping[str, Mapping[str, Any]] = _read(self.folder / "resources-on-request.json")
        return table

    def elsewhere(self, what: str, of: str, name: str) -> Elsewhere:
        """Return where a name is known that is not known here.

        `what` is flags, of a component; fields, of a configuration kind, by path as in profiles[].plugins; objects, of
        a type of API objects; gates or apis, of nothing, the latter as API version and kind.
        """
        table = _read(self.folder / "elsewhere.json").get(what, {})
        return Elsewhere(**(table.get(of, {}) if of else table).get(name, {}))

    def api_elsewhere(self, api_version: str) -> Elsewhere:
        """Return where an API version is known, of whatever kind."""
        table = _read(self.folder / "elsewhere.json")["apis"]
        found = (Elsewhere(**row) for name, row in table.items() if name.rpartition("/")[0] == api_version)
        return next(found, Elsewhere())


def tables(minor: Minor) -> Tables:
    """Return the tables of a supported minor; nothing is read yet."""
    return Tables(minor, folder("schemas") / "kubernetes" / str(minor))


def etcd_keys(minor: EtcdMinor) -> Node:
    """Return the JSON Schema of the configuration file of a supported etcd."""
    return _closed({"type": "object", "properties": _read(folder("schemas") / "etcd" / str(minor) / "keys.json")})


def _closed(node: Node) -> Node:
    """Return a schema in which no mapping of known keys takes others: etcd ignores them, inside a block too."""
    if "properties" not in node:
        return node
    fields = {name: _closed(inner) for name, inner in node["properties"].items()}
    return {**node, "properties": fields, "additionalProperties": False}
