"""A fixed number of specs, the same ones for the same seed, whatever else the process that asks has loaded."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded

from specs.basic import Plain
from specs.valid import specs


def sample(count: int, *, seed: int) -> list[Plain]:
    """Return valid specs, the smallest first.

    They are drawn by a process of its own: Hypothesis also draws constants that stand in the modules that are loaded.
    """
    found: list[Plain] = json.loads(
        subprocess.run(
            [sys.executable, "-m", "specs.sample", str(count), str(seed)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout
    )
    return found


def draw(count: int, seed: int) -> list[Plain]:
    """Return specs drawn by this process."""
    found: list[Plain] = []

    @seeded(seed)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(specs())
    def collect(data: Plain) -> None:
        found.append(data)

    collect()
    return found


if __name__ == "__main__":
    json.dump(draw(*map(int, sys.argv[1:])), sys.stdout)
