"""The control plane of a shipped tree, started once and ended once for all the tests that use it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from conformance.conftest import Trees
from conformance.control_plane.client import Client
from conformance.control_plane.objects import Places
from conformance.control_plane.plane import Plane, control_plane
from conformance.programs import NEWEST
from conformance.trees import OUTPUT, minor_of

HOST_NETWORK = "host-network-1000"


@pytest.fixture(scope="session")
def plane(request: pytest.FixtureRequest, trees: Trees) -> Iterator[Plane]:
    """Run the etcds and the API server of the tree that a test names, or of its spec compiled for another minor."""
    with started(request.param, trees) as running:
        yield running


@contextmanager
def started(name: str, trees: Trees) -> Iterator[Plane]:
    """Run the etcds and the API server of a tree, as `at` names it."""
    name, _, minor = name.partition("@")
    tree = next(tree for tree in trees.of(minor) if tree.name == name) if minor else OUTPUT / name
    minor = minor_of(tree)
    with control_plane(tree, emulate=None if minor == NEWEST else minor) as running:
        yield running


def at(name: str, minor: str) -> str:
    """Return how a test names the tree of a minor: a shipped one as it is."""
    return name if minor_of(OUTPUT / name) == minor else f"{name}@{minor}"


@pytest.fixture
def admin(plane: Plane) -> Iterator[Client]:
    """Return an administrator's connection."""
    with plane.client() as client:
        yield client


@pytest.fixture
def places(admin: Client) -> Places:
    """Return where the API server keeps objects."""
    return Places(admin)
