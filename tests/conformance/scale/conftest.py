"""The run, once for all the tests."""

from __future__ import annotations

import pytest

from conformance.scale.run import Measured, measure


@pytest.fixture(scope="session")
def measured() -> Measured:
    """Run through all sizes."""
    return measure()
