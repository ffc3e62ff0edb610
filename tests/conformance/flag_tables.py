"""Flags of the older minors, read by the tables that their whole programs gave: CI has no time to build those."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from conformance.programs import Verdict

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas" / "kubernetes"
DURATION = r"[+-]?0|[+-]?(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+"
FLOAT = r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?"
BOOLEAN = r"1|0|t|f|true|false|T|F|TRUE|FALSE|True|False"
FORMS = {"bool": BOOLEAN, "duration": DURATION, "float32": FLOAT, "float64": FLOAT}
# What the widths of Go's integers hold; int is 64 bits wide on every machine that runs Kubernetes.
RANGES = {
    "int": (-(2**63), 2**63 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint": (0, 2**64 - 1),
}


def _address(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


def _fits(kind: str, value: str) -> bool:
    if kind == "ip":
        return _address(value)
    if kind in RANGES:
        lowest, highest = RANGES[kind]
        return bool(re.fullmatch(r"[+-]?\d+", value)) and lowest <= int(value) <= highest
    return kind not in FORMS or bool(re.fullmatch(FORMS[kind], value))


def read_flags(component: str, minor: str, text: str) -> Verdict:
    """Return the verdict of a minor's tables on a JSON list of `--name=value`."""
    said = [complaint for flag in json.loads(text) for complaint in _complaints(component, minor, flag)]
    return Verdict(tuple(said), f"{component} {minor} (its table of flags and feature gates)")


def _complaints(component: str, minor: str, flag: str) -> Iterator[str]:
    name, _, value = flag.removeprefix("--").partition("=")
    entry = _table(minor, "flags")[component].get(name)
    if entry is None:
        yield f"unknown flag: --{name}"
    elif not _fits(entry["type"], value):
        yield f"invalid argument {value!r} for --{name}: it is of type {entry['type']}"
    elif name == "feature-gates":
        yield from _gate_complaints(component, minor, value)


def _gate_complaints(component: str, minor: str, value: str) -> Iterator[str]:
    for gate, _, state in (pair.partition("=") for pair in value.split(",") if pair):
        entry = _table(minor, "gates").get(gate)
        if entry is None or component not in entry.get("components", [component]):
            yield f"unrecognized feature gate: {gate}"
        elif not re.fullmatch(BOOLEAN, state):
            yield f"invalid value of {gate}: {state!r}"
        elif entry.get("locked") and (state.lower() in {"true", "t", "1"}) != entry["default"]:
            yield f"cannot set feature gate {gate} to {state}: it is locked"


@cache
def _table(minor: str, name: str) -> Any:
    return json.loads((SCHEMAS / minor / f"{name}.json").read_text(encoding="utf-8"))
