"""The JSON Schema of the spec language: what editors complete and hover, and what `explain` reads.

Generated from the models and then said in the terms of somebody who writes a spec: sizes and their defaults have units,
and a field that may be left out is left out, not null. Refresh the committed file by
`clusterc schema > schemas/cluster.schema.json`.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Iterator
from typing import Any, get_args

from pydantic.json_schema import WithJsonSchema

from clusterc import quantity
from clusterc.spec import base
from clusterc.spec.cluster import API_VERSION, Spec, Version
from clusterc.spec.control_plane import EtcdRelease
from clusterc.spec.operations import Day

Node = dict[str, Any]
ID = f"https://{API_VERSION}/cluster.schema.json"

# Scalars that a text stands for: the type, what it is called, and how a value of the model is written again.
_TEXTS: tuple[tuple[Any, str, Callable[[Any], object]], ...] = (
    (base.Bytes, f"size in {', '.join(quantity.BYTES)}", quantity.format_bytes),
    (base.Duration, f"duration in {', '.join(quantity.NANOSECONDS)}", quantity.format_duration),
    (base.Pause, f"duration in {', '.join(quantity.NANOSECONDS)}", quantity.format_duration),
    (base.Latency, f"duration in {', '.join(quantity.NANOSECONDS)}", quantity.format_duration),
    (base.Milliseconds, f"duration in {', '.join(quantity.NANOSECONDS)}", quantity.format_duration),
    (base.Days, f"duration in {', '.join(quantity.NANOSECONDS)}", quantity.format_duration),
    (base.Bandwidth, f"bandwidth in {', '.join(quantity.BITS_PER_SECOND)}", quantity.format_bandwidth),
    (base.Cpu, "cores, or millicores as in 500m", quantity.format_cpu),
    (base.CIDR, "IPv4 range", str),
    (base.CIDRv6, "IPv6 range", str),
    (base.Share, "number or share, quoted", str),
    (base.Name, "name of lower-case letters, digits and inner dashes", str),
    (base.PoolName, "name of lower-case letters, digits and inner dashes", str),
    (Version, "Kubernetes release", str),
    (EtcdRelease, "etcd release", str),
    (Day, "date as in 2027-06-30", str),
)


def cluster_schema() -> Node:
    """Return the JSON Schema (draft 2020-12) of a cluster spec, as a tree of its own."""
    schema = copy.deepcopy(Spec.model_json_schema())
    definitions: Node = schema.pop("$defs")
    for block in (schema, *definitions.values()):
        for field in block.get("properties", {}).values():
            _mend(field, definitions)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": ID, "title": "clusterc cluster"}
    return head | {key: value for key, value in schema.items() if key != "title"} | {"$defs": definitions}


def _mend(field: Node, definitions: Node) -> None:
    """Say one field as its reader needs it; pydantic's own title only repeats the name."""
    field.pop("title", None)
    if field.get("default") in (None, [], {}) or isinstance(field.get("default"), dict):
        field.pop("default", None)
    _drop_null(field)
    _name_keys(field)
    for node in _nodes(field):
        _name_text(node)
        _number(node)
    if "description" not in field and "$ref" in field:
        field["description"] = definition(field, definitions)["description"]


def _drop_null(field: Node) -> None:
    branches = [branch for branch in field.get("anyOf", ()) if branch != {"type": "null"}]
    if len(branches) == 1:
        del field["anyOf"]
        field |= branches[0] | field
    elif branches:
        field["anyOf"] = branches


def _name_keys(field: Node) -> None:
    """Say what the keys of a mapping are like apart from what it maps them to, and refuse all others."""
    for pattern, inner in field.pop("patternProperties", {}).items():
        field["additionalProperties"] = inner
        field["propertyNames"] = {"pattern": pattern, **field.get("propertyNames", {})}


def _number(node: Node) -> None:
    """Say a number as JSON Schema does, where pydantic leaves a union of both kinds and bounds of its own."""
    if node.get("anyOf") == [{"type": "integer"}, {"type": "number"}]:
        del node["anyOf"]
        node["type"] = "number"
    for ours, theirs in (("ge", "minimum"), ("le", "maximum"), ("gt", "exclusiveMinimum")):
        if ours in node:
            node[theirs] = node.pop(ours)


def _name_text(node: Node) -> None:
    for kind, title, show in _TEXTS:
        shape = next(mark for mark in get_args(kind) if isinstance(mark, WithJsonSchema)).json_schema or {}
        if all(node.get(key) == value for key, value in shape.items()):
            node["title"] = title
            if "default" in node:
                node["default"] = show(node["default"])
            return


def _nodes(node: Node) -> Iterator[Node]:
    """Yield a schema and those of what it holds, definitions aside."""
    yield node
    for inner in (*node.get("anyOf", ()), node.get("items"), node.get("additionalProperties")):
        if isinstance(inner, dict):
            yield from _nodes(inner)


def definition(node: Node, definitions: Node) -> Node:
    """Return what a node refers to, or the node itself."""
    name = node.get("$ref", "").removeprefix("#/$defs/")
    found: Node = definitions[name] if name else node
    return found


def text() -> str:
    """Return the schema as the committed file has it."""
    import json  # noqa: PLC0415 - `explain` needs no JSON

    return json.dumps(cluster_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
