"""Plain YAML scalars to values, refusing those that readers of YAML 1.1, YAML 1.2 and Go disagree about."""

from __future__ import annotations

import re
from typing import Any

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
# A number of more digits is none that a spec needs, and none that a decimal number can hold.
_LONGEST_NUMBER = 300
_YES_NO = {
    "y": "true", "yes": "true", "on": "true", "true": "true",
    "n": "false", "no": "false", "off": "false", "false": "false",
}  # fmt: skip
_OCTAL = re.compile(r"[-+]?0[oO]?[0-7]+")
_SOME = "to some readers of YAML and a text to others"
_NUMBERS = (
    (re.compile(r"[-+]?[0-9][0-9_]*(\.[0-9]*)?[eE][-+]?[0-9]+"), f"a number in scientific notation {_SOME}"),
    (re.compile(r"[-+]?0[oO][0-7]+"), f"an octal number {_SOME}"),
    (_OCTAL, "an octal number to some readers of YAML and a decimal number or a text to others"),
    (re.compile(r"[-+]?0[0-9]+"), f"a number with a leading zero {_SOME}"),
    (re.compile(r"[-+]?0[xX][0-9a-fA-F]+"), f"a hexadecimal number {_SOME}"),
    (re.compile(r"[-+]?0[bB][01]+"), f"a binary number {_SOME}"),
    (re.compile(r"[-+]?[0-9][0-9_]*_[0-9_]*"), f"a number with underscores {_SOME}"),
    (re.compile(r"[-+]?[0-9]+(:[0-5]?[0-9])+(\.[0-9]*)?"), f"a number to the base 60 {_SOME}"),
    (re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"), "no finite number"),
    (re.compile(r"\+[0-9]+|[-+]?\.[0-9]+|[-+]?[0-9]+\."), f"a number {_SOME}"),
)


class Ambiguous(ValueError):  # noqa: N818 - it names a property of the text
    """A plain scalar that not every reader takes for the same value; `instead` is what to write for the value."""

    def __init__(self, message: str, text: str, instead: str = "") -> None:
        super().__init__(message)
        self.quoted = f'"{text}"'
        self.fix = f"write {instead}, or {self.quoted} for the text" if instead else f"write {self.quoted} for the text"


def resolve(text: str) -> Any:
    """Return the value of a plain scalar; raises Ambiguous where readers disagree."""
    if text in {"", "~", "null"}:
        return None
    if text in {"true", "false"}:
        return text == "true"
    if len(text) <= _LONGEST_NUMBER:
        if _INTEGER.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return float(text)
    _refuse_other_spellings(text)
    return text


def refuse_other_keys(text: str) -> None:
    """Raise Ambiguous where a plain key is no text to every reader: they are texts in a spec."""
    value = resolve(text)
    if text and not isinstance(value, str):
        what = {bool: "a boolean", type(None): "null"}.get(type(value), "a number")
        raise Ambiguous(f"the key {text} is {what} to some readers of YAML and a text to others", text)


def _refuse_other_spellings(text: str) -> None:
    if text.lower() in _YES_NO:
        raise Ambiguous(f"{text} is a boolean {_SOME}", text, _YES_NO[text.lower()])
    if text.lower() == "null":
        raise Ambiguous(f"{text} is null {_SOME}", text, "null")
    for pattern, what in _NUMBERS:
        if pattern.fullmatch(text):
            raise Ambiguous(f"{text} is {what}", text, _plain(text))


def _plain(text: str) -> str:
    """Return a number in plain digits, as the reader who takes it for one has it."""
    sign, digits = "-" if text.startswith("-") else "", text.lstrip("+-").replace("_", "").lower()
    if re.fullmatch(r"0x[0-9a-f]{1,12}|0o[0-7]{1,12}|0b[01]{1,40}", digits):
        return f"{sign}{int(digits, 0)}"
    if re.fullmatch(r"0[0-7]{1,12}", digits):
        octal, decimal = int(digits, 8), int(digits)
        return f"{sign}{decimal}" + (f" (or {sign}{octal}, if octal is meant)" if octal != decimal else "")
    if re.fullmatch(r"[0-9]{1,12}", digits):
        return f"{sign}{int(digits)}"
    if match := re.fullmatch(r"([0-9]{1,12})e\+?([0-9])", digits):
        return f"{sign}{int(match[1]) * 10 ** int(match[2])}"
    if re.fullmatch(r"\.[0-9]+|[0-9]+\.", digits):
        return f"{sign}{digits.removesuffix('.') if digits[0] != '.' else '0' + digits}"
    return "a finite number" if digits in {".inf", ".nan"} else "the number in plain digits"
