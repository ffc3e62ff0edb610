"""systemd calendars: of a weekly or daily time of day that is moved, as `Sun,Wed *-*-* 23:30:00 UTC`; of a period."""

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


def every(seconds: int) -> tuple[str, int]:
    """Return the calendar of the longest period that divides a time and a day, minute or hour evenly; and that period.

    It begins at midnight in UTC, as whole days since 1970 do, so that each multiple of the time is among its moments.
    """
    for unit, below, form in _PERIODS:
        steps = [step for step in range(unit // below, 0, -1) if unit // below % step == 0]
        period = next((step * below for step in steps if seconds % (step * below) == 0), None)
        if period:
            count = period // below
            step = "*" if count == 1 else "00" if period == unit else f"00/{count}"
            return f"*-*-* {form.format(step)} UTC", period
    return "*-*-* *:*:* UTC", 1


# A day in hours, an hour in minutes, a minute in seconds.
_PERIODS = ((_DAY_SECONDS, 3600, "{}:00:00"), (3600, 60, "*:{}:00"), (60, 1, "*:*:{}"))


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
