"""What holds for every test: Hypothesis measures no time, so a busy machine fails nothing."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("clusterc", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("clusterc")
