"""What another Kubernetes release does to a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from clusterc.diagnostics import Finding


@dataclass(frozen=True, slots=True)
class Change:
    """One value that is another one after the upgrade; None is one that is not there.

    `area` is what it belongs to: a component, a kind of configuration, or a file, whose own changes have no `name`.
    """

    area: str
    name: str
    before: Any
    after: Any
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A file that clusterc writes differently: what putting it into force costs, and what changes in it.

    `before` and `after` say whether the file is there.
    """

    path: str
    before: bool
    after: bool
    impact: str
    owner: tuple[str, ...]
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """From one release to the next.

    `breaks` are errors and `warns` warnings that come with this step; `by_itself` what changes though nobody wrote it.
    """

    before: str
    after: str
    breaks: tuple[Finding, ...]
    warns: tuple[Finding, ...]
    by_itself: tuple[Change, ...]
    written: tuple[Rewritten, ...]


@dataclass(frozen=True, slots=True)
class Upgrade:
    """The way of a cluster from one release to another, step by step; no steps where it is there already."""

    cluster: str
    before: str
    after: str
    steps: tuple[Step, ...]

    @property
    def breaks(self) -> bool:
        """Return whether any step breaks something."""
        return any(step.breaks for step in self.steps)
