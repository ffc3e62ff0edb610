"""Flags that a program is given, against those it knows: names, and the texts that each type takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from clusterc.diagnostics import shown
from clusterc.kubernetes import flag_text
from clusterc.kubernetes.problem import Fault, Problem, cure
from clusterc.kubernetes.tables import Flag, Tables

# As strconv.ParseBool, strconv.ParseInt with base 0, and time.ParseDuration read them.
_BOOLEANS = frozenset({"1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"})
_INTEGER = re.compile(r"[+-]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|[1-9][0-9]*|0)")
_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_DURATION = re.compile(r"[+-]?(0|(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)")


def _pairs(is_value: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda text: not text or all("=" in pair and is_value(pair.partition("=")[2]) for pair in text.split(","))


_INTEGERS = ("int", "int8", "int16", "int32", "int64")
_NATURALS = ("uint", "uint8", "uint16", "uint32", "uint64")
# What each type of pflag takes, and what that is called; texts of other types are the program's own matter.
_TYPES: dict[str, tuple[Callable[[str], bool], str]] = {
    "bool": (lambda text: text in _BOOLEANS, "true or false"),
    **dict.fromkeys(_INTEGERS, (lambda text: bool(_INTEGER.fullmatch(text)), "a whole number")),
    **dict.fromkeys(
        _NATURALS,
        (lambda text: not text.startswith("-") and bool(_INTEGER.fullmatch(text)), "a whole number of 0 or more"),
    ),
    **dict.fromkeys(("float32", "float64"), (lambda text: bool(_DECIMAL.fullmatch(text)), "a number")),
    "duration": (lambda text: bool(_DURATION.fullmatch(text)), "a duration such as 30s"),
    "mapStringBool": (_pairs(_BOOLEANS.__contains__), "a list such as NAME=true,OTHER=false"),
    **dict.fromkeys(
        ("mapStringString", "stringToString"), (_pairs(lambda _: True), "a list such as name=value,other=value")
    ),
}
# The programs say that it is a map of texts, since gates may be led by a component.
_OWN_TYPES = {"feature-gates": "mapStringBool"}


def flag_problems(tables: Tables, component: str, given: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what a component of this minor has against flags, given by name without dashes as plain values."""
    known = tables.flags(component)
    for name, value in given.items():
        flag = known.get(name)
        if flag is None:
            found = tables.elsewhere("flags", component, name)
            text = f"{component} of Kubernetes {tables.minor} has no flag {name}{found.said}"
            yield Problem(Fault.UNKNOWN, (name,), text, cure(name.lstrip("-"), known, found))
            continue
        yield from _value(component, name, value, flag)
        if flag.deprecated:
            text = f"{component} of Kubernetes {tables.minor} calls its flag {name} deprecated: {flag.deprecated}"
            yield Problem(Fault.DEPRECATED, (name,), text, "remove it")


def _value(component: str, name: str, value: Any, flag: Flag) -> Iterator[Problem]:
    takes, words = _TYPES.get(_OWN_TYPES.get(name, flag.type), (lambda _: True, ""))
    if not takes(flag_text(value)):
        text = f"{name} of {component} is {shown(value)}, not {words}"
        yield Problem(Fault.VALUE, (name,), text, f"write {words}")


def gates_in(text: str) -> dict[str, bool]:
    """Return the gates that the value of `--feature-gates` sets; what is none is left out.

    A gate may be led by its component, as in kube:WatchList=true.
    """
    pairs = (pair.strip().partition("=") for pair in text.split(","))
    return {
        name.rpartition(":")[2].strip(): value.strip() in {"1", "t", "T", "TRUE", "true", "True"}
        for name, equals, value in pairs
        if equals and value.strip() in _BOOLEANS
    }
