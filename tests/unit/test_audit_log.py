"""The audit log lasts as long as is said, or `show --why` says how long it lasts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clusterc import pipeline
from specs.minimal import minimal
from specs.reading import checked, resolved

ROOT = Path(__file__).resolve().parents[2]
WEEK = 7 * 86_400
GIB = 1024**3


@pytest.mark.parametrize("spec", sorted((ROOT / "clusters").glob("*.*")), ids=lambda spec: spec.stem)
def test_the_log_of_every_shipped_cluster_reaches_back_a_week(spec: Path) -> None:
    _, capacity = pipeline.understand(pipeline.read(spec, name=spec.name, root=ROOT))
    assert capacity.quantity("audit-log-seconds").values == (WEEK, WEEK, WEEK)


def audit(**said: object) -> dict[str, object]:
    return minimal(controlPlane={"apiServers": {"count": 3, "audit": said}}, scale={"churn": 20})


def test_what_would_fill_a_disk_is_kept_within_it_and_the_hours_that_are_left_are_said() -> None:
    data = audit(level="RequestResponse")
    cluster = resolved(data)
    flags = cluster.control_plane.api_server.flags
    assert int(flags["audit-log-maxbackup"]) * int(flags["audit-log-maxsize"]) * 1024**2 <= 32 * GIB
    hours = re.search(r"32Gi of the machine's disk at the most, which hold (\d+) h", why(data))
    assert hours
    reach = pipeline.understand(checked(data))[1].quantity("audit-log-seconds").values[2]
    # Half as much again is reckoned to be logged as capacity says, and the file that is written counts there.
    assert int(hours[1]) == pytest.approx(reach / 1.5 / 3600, abs=1)
    assert reach < WEEK


def why(data: dict[str, object]) -> str:
    return resolved(data).decisions["spec.controlPlane.apiServers.audit.maxBackups"].why


def test_twice_as_long_takes_twice_as_many_files_and_half_the_size_too() -> None:
    def files(**said: object) -> int:
        return int(resolved(audit(**said)).control_plane.api_server.flags["audit-log-maxbackup"])

    # 20 pods/s x 3 lines, and 20 tokens/s and a few, each of 1 kB, on 3 servers: about 27 kB/s, 41 kB/s with room.
    assert files() == pytest.approx(27_000 * 1.5 * WEEK / (200 * 1024**2), rel=0.05)
    assert files(maxAge="8d") == pytest.approx(2 * files(maxAge="4d"), abs=1)
    assert files(maxSize="100Mi") == pytest.approx(2 * files(), abs=1)


def test_a_spec_that_says_how_many_files_gets_them_and_capacity_says_how_far_they_reach() -> None:
    data = audit(maxBackups=10)
    assert resolved(data).control_plane.api_server.flags["audit-log-maxbackup"] == "10"
    reach = pipeline.understand(checked(data))[1].quantity("audit-log-seconds").values[2]
    assert reach == pytest.approx(11 * 200 * 1024**2 / 27_000, rel=0.05)
