"""Specs that say anything the JSON Schema allows, whether or not its parts fit together.

Values are drawn from the schema itself, so that a field added to the language is drawn without further ado. Names come
from short lists: what one part refers to, another part often has.
"""

from __future__ import annotations

import copy
from functools import cache

from hypothesis import strategies as st

from clusterc.spec.schema import cluster_schema, definition
from specs.basic import Plain, Strategy
from specs.valid import specs

# What a text says, by the beginning of the schema's title for it.
TEXTS = {
    "size in": ("0Ki", "1Ki", "512Mi", "1.5Gi", "8Gi", "2Ti", "9000Pi"),
    "duration in": ("0s", "1ns", "200us", "100ms", "30s", "90s", "5m", "1h30m", "30d", "9999999h"),
    "bandwidth in": ("1Mbps", "12.5Gbps", "3.2Tbps"),
    "cores": ("0m", "500m"),
    "IPv4 range": ("10.0.0.0/8", "10.64.0.0/10", "10.128.0.0/16", "192.168.0.0/24", "127.0.0.0/8", "0.0.0.0/0"),
    "IPv6 range": ("fd00:10:64::/48", "fd00:10:32::/112", "::/0", "fd00::1/128"),
    "number or share": ("0%", "10%", "500%", "1", "999999"),
    "name of": ("a", "b", "gpu", "default", "kube-system", "kube-flannel", "balloon", "7", "x" * 40),
    "Kubernetes release": ("1.34", "1.35.4", "1.36.3", "v1.37.2", "1.33.0", "1.38"),
    "date": ("2026-01-01", "2030-12-31"),
}
WORDS = (
    *("a", "b", "gpu", "10.0.0.1", "fd00::1", "[fd00::1]:6443", "api.internal:443", "h100-sxm5-80gb", "m5.large"),
    *("/etc/x.yaml", "../x", "a b", "é\n", "%", "1g.10gb", "group:a", "serviceaccount:a:b", "3.6.16", "CC3001", "0"),
)
INTEGERS = (0, 1, 2, 3, 7, 100, 5_000, 65_535, 1_000_000)
ANYTHING = st.sampled_from(["text", "", 0, -1, 1.5, True, [], {}, ["a"], {"name": "a"}, [{"name": "a"}], "1Gi"])
KEYS = st.sampled_from(["a", "maxPods", "kubeReserved", "feature-gates", "profiles", "example.com/a"])
SIBLINGS, FURTHER_FIELDS, ALTERATIONS = 2, 5, 3


@cache
def loose_specs() -> st.SearchStrategy[Plain]:
    """Return specs as the schema has them."""
    return _value(_schema())


@st.composite
def altered_specs(draw: st.DrawFn) -> Plain:
    """Return valid specs of which up to three fields say something else that the schema allows."""
    data = copy.deepcopy(draw(specs()))
    for _ in range(draw(st.integers(1, ALTERATIONS))):
        _alter(draw, data["spec"], "Body")
    return data


def _alter(draw: st.DrawFn, block: Plain, owner: str) -> None:
    """Give one field of a block, or of a block inside it, another value; `owner` is the schema's name of the block."""
    properties = _schema()["$defs"][owner]["properties"]
    name = draw(st.sampled_from(sorted(properties)))
    inside, inner = _block_inside(properties[name]), block.get(name)
    if inside and isinstance(inner, list) and inner:
        inner = draw(st.sampled_from(inner))
    if inside and isinstance(inner, dict) and draw(st.integers(0, 3)):
        _alter(draw, inner, inside)
    else:
        block[name] = draw(_field(owner, name))


def _block_inside(node: Plain) -> str | None:
    """Return the name of the block that a field holds, by itself or as the items of a list."""
    nodes = (node, node.get("items", {}), *node.get("anyOf", ()))
    return next((each["$ref"].rpartition("/")[2] for each in nodes if "$ref" in each), None)


@cache
def _schema() -> Plain:
    return cluster_schema()


@cache
def _field(owner: str, name: str) -> Strategy:
    return _value(_schema()["$defs"][owner]["properties"][name])


def _value(node: Plain) -> Strategy:
    node = definition(node, _schema()["$defs"])
    if "anyOf" in node:
        return st.one_of([_value(branch) for branch in node["anyOf"]])
    if "enum" in node or "const" in node:
        return st.sampled_from(node.get("enum") or [node["const"]])
    kind = node["type"]
    if kind == "array":
        return st.lists(_value(node["items"]), min_size=node.get("minItems", 0), max_size=SIBLINGS)
    if kind == "object":
        return _block(node) if "properties" in node else _mapping(node)
    if kind == "string":
        return _text(node)
    return st.booleans() if kind == "boolean" else _number(node, kind)


def _block(node: Plain) -> Strategy:
    """Return blocks with their required fields and a few of the others: with half of them a spec would be huge."""
    fields = {name: _value(field) for name, field in node["properties"].items()}
    wanted = {name: fields.pop(name) for name in node.get("required", ())}
    if not fields:
        return st.fixed_dictionaries(wanted)
    further = st.lists(st.sampled_from(sorted(fields)), max_size=FURTHER_FIELDS, unique=True)
    return further.flatmap(lambda names: st.fixed_dictionaries(wanted | {name: fields[name] for name in names}))


def _mapping(node: Plain) -> Strategy:
    inner = node.get("additionalProperties")
    return st.dictionaries(KEYS, _value(inner) if isinstance(inner, dict) else ANYTHING, max_size=SIBLINGS)


def _text(node: Plain) -> Strategy:
    title = node.get("title", "")
    return st.sampled_from(next((texts for start, texts in TEXTS.items() if title.startswith(start)), WORDS))


def _number(node: Plain, kind: str) -> Strategy:
    least, most = node.get("minimum", -5), node.get("maximum", 10_000_000)
    whole = st.sampled_from([number for number in (least, *INTEGERS, most) if least <= number <= most])
    return whole if kind == "integer" else whole | st.just(least + 0.5)
