"""systemd calendars moved by a time: past midnight to the next day, and not at all where that is not certain."""

from __future__ import annotations

import pytest

from clusterc.calendar import every, later

HOUR = 3600


@pytest.mark.parametrize(
    ("calendar", "seconds", "expected"),
    [
        ("Sun *-*-* 02:00:00 UTC", 0, "Sun *-*-* 02:00:00 UTC"),
        ("Sun *-*-* 02:00:00 UTC", 30, "Sun *-*-* 02:00:30 UTC"),
        ("Sun *-*-* 23:50:00 UTC", HOUR, "Mon *-*-* 00:50:00 UTC"),
        ("Sat,Sun 23:30", HOUR, "Mon,Sun 00:30:00"),
        ("Mon..Wed 23:30", HOUR, "Tue,Wed,Thu 00:30:00"),
        ("Fri..Mon 12:00", HOUR, "Fri..Mon 13:00:00"),
        ("Mon 23:00", 50 * HOUR, "Thu 01:00:00"),
        ("Mon..Wed..Fri 23:00", HOUR, None),
        ("23:30", HOUR, "00:30:00"),
        ("*-*-01 02:00:00", HOUR, "*-*-01 03:00:00"),
        ("*-*-01 23:30:00", HOUR, None),
        ("weekly", HOUR, None),
        ("Sun 02,04:00", HOUR, None),
        ("Someday 02:00", HOUR, None),
        ("Sun 24:00", 0, None),
        ("Sun 02:60", 0, None),
    ],
)
def test_a_calendar_is_moved(calendar: str, seconds: int, expected: str | None) -> None:
    assert later(calendar, seconds) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (3600, ("*-*-* *:00:00 UTC", 3600)),
        (7200, ("*-*-* 00/2:00:00 UTC", 7200)),
        (21_600, ("*-*-* 00/6:00:00 UTC", 21_600)),
        (86_400, ("*-*-* 00:00:00 UTC", 86_400)),
        (2 * 86_400, ("*-*-* 00:00:00 UTC", 86_400)),
        (36 * HOUR, ("*-*-* 00/12:00:00 UTC", 12 * HOUR)),
        (5 * HOUR, ("*-*-* *:00:00 UTC", HOUR)),
        (5400, ("*-*-* *:00/30:00 UTC", 1800)),
        (900, ("*-*-* *:00/15:00 UTC", 900)),
        (60, ("*-*-* *:*:00 UTC", 60)),
        (7000, ("*-*-* *:*:00/20 UTC", 20)),
        (7, ("*-*-* *:*:* UTC", 1)),
    ],
)
def test_a_period_is_the_longest_of_a_calendar_that_divides_a_time(seconds: int, expected: tuple[str, int]) -> None:
    assert every(seconds) == expected
    assert seconds % expected[1] == 0
