"""The way from one release to another: the control plane goes one minor at a time, and never back."""

from __future__ import annotations

import re

from clusterc.kubernetes import NEWEST, OLDEST, Minor, images, minor_of

_RELEASE = re.compile(r"v?(1\.[0-9]{1,4}(?:\.[0-9]{1,4})?)")


class NoWayError(ValueError):
    """There is no way from one release to another; the text says why."""


def way(version: str, to: str) -> tuple[str, ...]:
    """Return the releases of an upgrade, from `version` on, with the newest known patch of every minor between.

    `to` is a release such as 1.37.2, or a minor such as 1.37. Raises NoWayError.
    """
    match = _RELEASE.fullmatch(to)
    if match is None:
        raise NoWayError(f"{to!r} is not a Kubernetes release; write it as 1.37 or 1.37.2")
    here, there = minor_of(version), minor_of(match[1])
    if not there.supported:
        age = "older" if there.number < OLDEST else "newer"
        known = f"{Minor(OLDEST)} to {Minor(NEWEST)}"
        raise NoWayError(f"Kubernetes {there} is {age} than what clusterc knows: {known}")
    between = [images(Minor(number)).patch for number in range(here.number + 1, there.number)]
    first = release(version)
    last = match[1] if match[1].count(".") == 2 else first if here == there else images(there).patch
    if _parts(last) < _parts(first):
        raise NoWayError(
            f"{last} is older than {first}: Kubernetes does not go back, "
            "for an older API server may not be able to read what a newer one stored"
        )
    return (first, *between, last) if last != first else (first,)


def release(version: str) -> str:
    """Return a release as it is, and for a minor the newest patch that clusterc was checked with."""
    return version if version.count(".") == 2 else images(minor_of(version)).patch


def _parts(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]
