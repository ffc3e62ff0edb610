"""systemd calendars, as far as a weekly or daily time of day can be moved: `Sun,Wed *-*-* 23:30:00 UTC`."""

from __future__ import annotations

import re

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY_SECONDS = 86_400
_CALENDAR = re.compile(
    r"(?:(?P<days>[A-Za-z]+(?:(?:,|\.\.)[A-Za-z]+)*)\s+)?"
    r"(?:(?P<date>[*\d.,/~-]+-[*\d.,/~-]+)\s+)?"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2}))?"
    r"(?:\s+(?P<zone>[A-Za-z][A-Za-z0-9_+/-]*))?"
)


def later(calendar: str, seconds: int) -> str | None:
    """Return a calendar moved by so many seconds, past midnight to the next day; None where it has another form.

    One with a date of its own, such as the first of a month, is moved within its day only.
    """
    match = _CALENDAR.fullmatch(calendar.strip())
    if match is None:
        return None
    clock = int(match["hour"]) * 3600 + int(match["minute"]) * 60 + int(match["second"] or 0)
    if clock >= _DAY_SECONDS or int(match["minute"]) > 59 or int(match["second"] or 0) > 59:
        return None
    days_on, clock = divmod(clock + seconds, _DAY_SECONDS)
    days = _days(match["days"])
    if days is None or (days_on and match["date"] not in {None, "*-*-*"}):
        return None
    moved = [_DAYS[(day + days_on) % 7] for day in days]
    named = match["days"] if not days_on else ",".join(sorted(moved, key=_DAYS.index))
    time = f"{clock // 3600:02d}:{clock // 60 % 60:02d}:{clock % 60:02d}"
    return " ".join(part for part in (named, match["date"], time, match["zone"]) if part)


def _days(text: str | None) -> list[int] | None:
    """Return the days of the week that a text names, none where it names none; None where it has another form."""
    found: list[int] = []
    for part in text.split(",") if text else ():
        ends = part.split("..")
        if len(ends) > 2 or not set(ends) <= set(_DAYS):
            return None
        first, last = _DAYS.index(ends[0]), _DAYS.index(ends[-1])
        found += [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    return found
