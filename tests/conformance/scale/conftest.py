"""The run, once for all the tests."""

from __future__ import annotations

import pytest

from conformance.scale.run import measure
from conformance.scale.seen import Measured


@pytest.fixture(scope="session")
def measured() -> Measured:
    """Run through all sizes."""
    return measure()
