"""A fixed number of specs, the same ones for the same seed."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded

from specs.basic import Plain
from specs.valid import specs


def sample(count: int, *, seed: int) -> list[Plain]:
    """Return valid specs, the smallest first."""
    found: list[Plain] = []

    @seeded(seed)
    @settings(max_examples=count, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(specs())
    def collect(data: Plain) -> None:
        found.append(data)

    collect()
    return found
