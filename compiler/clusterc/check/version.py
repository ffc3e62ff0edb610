"""Whether clusterc knows the Kubernetes release."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.check._view import Mistake, View
from clusterc.diagnostics import Finding
from clusterc.kubernetes import NEWEST, OLDEST, Minor, images, minor_of

UNSUPPORTED = Mistake("CC0014", "unsupported-version")


def findings(view: View) -> Iterator[Finding]:
    """Return the release if it is older or newer than those that were run."""
    version = view.body.kubernetes.version
    minor = minor_of(version)
    if minor.supported:
        return
    nearest = Minor(OLDEST if minor.number < OLDEST else NEWEST)
    yield view.finding(
        UNSUPPORTED,
        view.at("spec.kubernetes.version"),
        f"Kubernetes {version} is {'older' if minor.number < OLDEST else 'newer'} than what clusterc knows: "
        f"{Minor(OLDEST)} to {Minor(NEWEST)}",
        fix=f"write {images(nearest).patch}, or use the clusterc release that knows {minor}",
    )
