"""Numbers as people read them: three digits that count, in a unit that fits."""

from __future__ import annotations

_BYTES = ("B", "kB", "MB", "GB", "TB", "PB")
_BINARY = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
_RATES = ("B/s", "kB/s", "MB/s", "GB/s", "TB/s")
_TIMES = ((172_800, 86_400, "d"), (7_200, 3_600, "h"), (120, 60, "min"), (1, 1, "s"), (0, 0.001, "ms"))
_COUNTED = 10_000_000
_MIB = 1024**2


def amount(value: float, unit: str) -> str:
    """Return a value with its unit; what is merely counted has none, since its name says it.

    Base units are those of the capacity model: bytes, bytes/s, s, 1/s, times; all else counts. Bytes are decimal, as
    published figures are; whole MiB are what somebody was given, and stay as they were written.
    """
    if unit == "bytes":
        return _scaled(value, 1024, _BINARY) if value and not value % _MIB else _scaled(value, 1000, _BYTES)
    if unit == "bytes/s":
        return _scaled(value, 1000, _RATES)
    if unit == "s":
        return _time(value)
    if unit == "times":
        return f"{_digits(value)}x"
    return _count(value) + ("/s" if unit.endswith("/s") else "")


def percent(part: float, whole: float) -> str:
    """Return a share of a whole; nothing of nothing is none of it."""
    if not whole:
        return "0 %" if not part else "over"
    share = 100 * part / whole
    return f"{share:,.0f} %" if share >= 1 or not share else "< 1 %"


def _scaled(value: float, step: int, units: tuple[str, ...]) -> str:
    power = 0
    while abs(value) >= step and power < len(units) - 1:
        value, power = value / step, power + 1
    return f"{_digits(value)} {units[power]}"


def _time(seconds: float) -> str:
    if not seconds:
        return "0 s"
    size, unit = next((size, unit) for least, size, unit in _TIMES if seconds >= least)
    return f"{_digits(seconds / size)} {unit}"


def _count(value: float) -> str:
    return _digits(value) if abs(value) < _COUNTED else f"{_digits(value / 1e6)} M"


def _digits(value: float) -> str:
    places = 0 if abs(value) >= 100 or value == int(value) else 1 if abs(value) >= 10 else 2
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if places else text
