"""Whether the ceilings that a spec corrects are ceilings at all."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from clusterc import catalog
from clusterc.check._view import View
from clusterc.check.references import DANGLING
from clusterc.diagnostics import Finding


def findings(view: View) -> Iterator[Finding]:
    """Return every provider's limit of a name that nothing is reckoned with."""
    known = catalog.ceiling_names()
    for name in view.body.provider_limits:
        if name in known or not view.whole("spec.providerLimits"):
            continue
        near = difflib.get_close_matches(name, known, n=3)
        yield view.finding(
            DANGLING,
            (*view.at("spec.providerLimits"), name),
            f"{view.name('spec.providerLimits')} has no ceiling {name!r}: nothing would be reckoned with it",
            fix=f"did you mean {' or '.join(near)}?" if near else f"choose one of {', '.join(known)}",
        )
