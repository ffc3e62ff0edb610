"""systemd itself says when the calendars of backups come: after each period, at the multiples of it since 1970."""

from __future__ import annotations

import re
import subprocess
from datetime import datetime
from itertools import pairwise

import pytest

from clusterc.calendar import every
from conformance.programs import debian_program


@pytest.mark.parametrize("seconds", [1, 7, 20, 60, 900, 5400, 3600, 7200, 36 * 3600, 86_400, 172_800, 7000])
def test_systemd_comes_back_after_the_period_and_at_the_multiples_of_it(seconds: int) -> None:
    calendar, period = every(seconds)
    command = [debian_program("systemd-analyze", "systemd"), "calendar", "--iterations=5", calendar]
    run = subprocess.run(command, check=True, capture_output=True, text=True, env={"TZ": "UTC"})
    shown = re.findall(r"\w{3} (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC", run.stdout)
    moments = [int(datetime.fromisoformat(f"{text}+00:00").timestamp()) for text in dict.fromkeys(shown)]
    assert len(moments) == 5
    assert all(moment % period == 0 for moment in moments)
    assert {later - first for first, later in pairwise(moments)} == {period}
