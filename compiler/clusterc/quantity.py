"""Sizes with units: text to whole numbers of one base unit, and back.

Base units: bytes, nanoseconds, bits per second, millicores. Every function here is exact; a text that does not denote a
whole number of base units is refused.
"""

from __future__ import annotations

import re
from fractions import Fraction

NANOSECONDS = {
    "ns": 1,
    "us": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60 * 1_000_000_000,
    "h": 3600 * 1_000_000_000,
    "d": 86_400 * 1_000_000_000,
}
BYTES = {f"{prefix}i": 1024**power for power, prefix in enumerate("KMGTP", start=1)} | {
    "k": 10**3,
    "M": 10**6,
    "G": 10**9,
    "T": 10**12,
}
BITS_PER_SECOND = {"Mbps": 10**6, "Gbps": 10**9, "Tbps": 10**12}

# What no quantity takes more characters than; Python itself reads no number of 4,300 digits.
_LONGEST = 40
_TERM = re.compile(r"([0-9]+(?:\.[0-9]+)?)([A-Za-z]+)")


class QuantityError(ValueError):
    """A text is no quantity of the wanted kind; carries what to write instead."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.fix = fix


def _examples(units: dict[str, int]) -> str:
    return ", ".join(units)


def _parse(value: object, *, units: dict[str, int], what: str, likely: str, compound: bool = False) -> int:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise QuantityError(f"{value} has no unit; {what} needs one", f"did you mean {value}{likely}?")
    if not isinstance(value, str):
        raise QuantityError(f"{what} is a text with a unit, such as 8{likely}", f"units: {_examples(units)}")
    if len(value) > _LONGEST:
        raise QuantityError(f"{value[:_LONGEST]!r}... is not {what}", f"write a number and one of {_examples(units)}")
    terms = _TERM.findall(value)
    if not terms or "".join(number + unit for number, unit in terms) != value or (len(terms) > 1 and not compound):
        bare = re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", value)
        fix = f"did you mean {value}{likely}?" if bare else f"write a number and one of {_examples(units)}"
        raise QuantityError(f"{value!r} is not {what}", fix)
    total = Fraction(0)
    for number, unit in terms:
        if unit not in units:
            near = [known for known in units if known.lower() == unit.lower()] or list(units)
            raise QuantityError(f"{value!r} has the unknown unit {unit!r}", f"use one of {', '.join(near)}")
        total += Fraction(number) * units[unit]
    if total.denominator != 1:
        raise QuantityError(f"{value!r} is no whole number of the smallest unit", "use a smaller unit")
    return int(total)


def parse_bytes(value: object) -> int:
    """Return bytes: `8Gi` is 8,589,934,592."""
    return _parse(value, units=BYTES, what="a size in bytes", likely="Gi")


def parse_duration(value: object, *, likely: str = "s") -> int:
    """Return nanoseconds: `200us` is 200,000; `1h30m` is accepted, `7d` too. `likely` is the unit to suggest."""
    return _parse(value, units=NANOSECONDS, what="a duration", likely=likely, compound=True)


def parse_bandwidth(value: object) -> int:
    """Return bits per second: `32Gbps` is 32,000,000,000."""
    return _parse(value, units=BITS_PER_SECOND, what="a bandwidth", likely="Gbps")


def parse_cpu(value: object) -> int:
    """Return millicores: `2` is 2,000, `500m` is 500."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value * 1000
    if isinstance(value, str) and (match := re.fullmatch(rf"([0-9]{{1,{_LONGEST}}})m", value)):
        return int(match[1])
    found = value[:_LONGEST] if isinstance(value, str) else value
    raise QuantityError(f"{found!r} is not a number of CPUs", "write whole cores (8) or millicores (500m)")


def kubernetes_bytes(value: object) -> int | None:
    """Return the bytes that a component's own setting means, where a bare number counts bytes; None for no size."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(rf"[0-9]{{1,{_LONGEST}}}", value):
        return int(value)
    try:
        return parse_bytes(value)
    except QuantityError:
        return None


def format_bytes(count: int) -> str:
    """Return the shortest exact Kubernetes quantity of a number of bytes."""
    for unit, size in sorted(BYTES.items(), key=lambda item: -item[1]):
        if unit.endswith("i") and count and count % size == 0:
            return f"{count // size}{unit}"
    return str(count)


def format_duration(nanoseconds: int) -> str:
    """Return the shortest exact duration that Go's parser reads: hours at most, since it knows no days."""
    for unit in ("h", "m", "s", "ms", "us"):
        if nanoseconds and nanoseconds % NANOSECONDS[unit] == 0:
            return f"{nanoseconds // NANOSECONDS[unit]}{unit}"
    return f"{nanoseconds}ns" if nanoseconds else "0s"


def format_cpu(millicores: int) -> str:
    """Return a Kubernetes CPU quantity."""
    return str(millicores // 1000) if millicores % 1000 == 0 else f"{millicores}m"


def format_bandwidth(bits_per_second: int) -> str:
    """Return the shortest exact bandwidth."""
    for unit, size in sorted(BITS_PER_SECOND.items(), key=lambda item: -item[1]):
        if bits_per_second % size == 0:
            return f"{bits_per_second // size}{unit}"
    return f"{bits_per_second}bps"
