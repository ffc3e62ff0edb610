"""Plain trees as YAML for Kubernetes' own reader.

That reader (sigs.k8s.io/yaml over YAML 1.1) takes bare `y`, `no`, `on` for booleans and reads integers as Go does, so
`0o14` is 12. A text is therefore written bare only where no reader can take it for anything else; everything else is
quoted. The writer is total over dict, list, str, int, float, bool and None.
"""

from __future__ import annotations

import json
import re
from typing import Any

_WORD = re.compile(r"[A-Za-z/][A-Za-z0-9_./-]*(:[A-Za-z0-9_./-]+)*")
# Quantities and durations: digits followed by a unit cannot be a number to any reader ("1e3" and "0x1F" are no match).
_QUANTITY = re.compile(r"[1-9][0-9]*(\.[0-9]+)?(Ki|Mi|Gi|Ti|Pi|[mMGTs%h]|ms|us)")
_NOT_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})
# C1 controls and the line breaks of Unicode would end a line for some readers, and marks of direction would show it
# otherwise than it is read; JSON escapes keep them on it and in sight.
_HIDDEN = "\x00-\x08\x0b-\x1f\x7f-\xa0\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff"
_ESCAPED = re.compile(f"[{_HIDDEN}]")
_BLOCK = re.compile(f"[^{_HIDDEN}]*")


def dump(tree: Any) -> str:
    """Return the YAML text of a plain tree, keys in the order of the tree, with a final newline."""
    lines: list[str] = []
    _node(tree, "", "", lines)
    return "\n".join(lines) + "\n"


def _node(value: Any, lead: str, indent: str, lines: list[str]) -> None:
    """Write `value` behind `lead` (what already stands on its first line), further lines behind `indent`."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            _entry(f"{lead}{_scalar(key)}:", item, indent, lines)
            lead = indent
    elif isinstance(value, list) and value:
        for item in value:
            _node(item, f"{lead}- ", f"{indent}  ", lines)
            lead = indent
    elif isinstance(value, str) and "\n" in value:
        _text(lead, value, indent, lines)
    else:
        lines.append(lead + _scalar(value))


def _entry(lead: str, value: Any, indent: str, lines: list[str]) -> None:
    if (isinstance(value, dict) and value) or (isinstance(value, list) and value):
        lines.append(lead)
        _node(value, f"{indent}  ", f"{indent}  ", lines)
    elif isinstance(value, str) and "\n" in value:
        _text(f"{lead} ", value, f"{indent}  ", lines)
    else:
        lines.append(f"{lead} {_scalar(value)}")


def _text(lead: str, value: str, indent: str, lines: list[str]) -> None:
    """Write a text of several lines as a literal block where that keeps it exactly, else quoted on one line."""
    body = value.rstrip("\n")
    tail = len(value) - len(body)
    plain = _BLOCK.fullmatch(value) and body and not body.startswith((" ", "\n", "\t")) and "\r" not in value
    if not plain or any(line != line.rstrip() for line in body.split("\n")):
        lines.append(lead + _quoted(value))
        return
    lines.append(lead + {0: "|-", 1: "|"}.get(tail, "|+"))
    indent = indent or "  "
    lines.extend(indent + line if line else "" for line in body.split("\n"))
    lines.extend([""] * (tail - 1))


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return _string(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _float(value)
    if value in ({}, []):
        return "[]" if isinstance(value, list) else "{}"
    raise TypeError(f"{type(value).__name__} is no value of a plain tree")


def _float(value: float) -> str:
    if value.is_integer() and 0 < abs(value) < 2**53:
        return str(int(value))
    # Readers of YAML 1.1 take a mantissa without a point for a text.
    mantissa, e, exponent = repr(value).partition("e")
    return mantissa + (".0" if e and "." not in mantissa else "") + e + exponent


def _quoted(value: str) -> str:
    """Return a text in double quotes; a pair of escapes for one character is right in JSON and wrong in YAML."""
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(value, ensure_ascii=False))


def _string(value: str) -> str:
    if (_WORD.fullmatch(value) and value.lower() not in _NOT_WORDS) or _QUANTITY.fullmatch(value):
        return value
    if _ESCAPED.search(value) or "\n" in value or "\t" in value:
        return _quoted(value)
    return "'" + value.replace("'", "''") + "'"
