"""The control plane of a shipped tree, started once and ended once for all the tests that use it."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.control_plane.client import Client
from conformance.control_plane.objects import Places
from conformance.control_plane.plane import Plane, control_plane
from conformance.trees import OUTPUT

NEWEST = "1.37"


@pytest.fixture(scope="session", autouse=True)
def ended_as_if_interrupted() -> Iterator[None]:
    """Let SIGTERM end a run as Ctrl-C does, so that nothing is left behind."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture(scope="session")
def plane(request: pytest.FixtureRequest) -> Iterator[Plane]:
    """Run the etcds and the API server of the tree that a test names."""
    tree = OUTPUT / request.param
    minor = minor_of(tree)
    with control_plane(tree, emulate=None if minor == NEWEST else minor) as running:
        yield running


@pytest.fixture
def admin(plane: Plane) -> Iterator[Client]:
    """Return an administrator's connection."""
    with plane.client() as client:
        yield client


@pytest.fixture
def places(admin: Client) -> Places:
    """Return where the API server keeps objects."""
    return Places(admin)


def minor_of(tree: Path) -> str:
    """Return the minor of Kubernetes that a tree is for."""
    text = (tree / "control-plane/kubeadm/cluster-configuration.yaml").read_text()
    found = re.search(r"(?m)^kubernetesVersion: v(\d+\.\d+)\.\d+$", text)
    assert found
    return found[1]
