r"""The calls in order, and nothing else: a newcomer reads this first.

    text --load--> Source --read_spec--> Spec --resolve--> Cluster --reckon--> Capacity
                                           \--check--> findings   \--emit--> documents --apply--> --render--> files

Pure but for reading the spec (and what it imports): no clock, no network, no environment, nothing written.
Mistakes are findings, collected and sorted; a stage that cannot go on leaves the later results empty.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from clusterc.check import check_spec
from clusterc.diagnostics import Finding, has_errors
from clusterc.load import load
from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.document import Document, File
from clusterc.model.source import Source
from clusterc.spec.cluster import Spec
from clusterc.spec.read import read_spec

if TYPE_CHECKING:
    from clusterc.model.upgrade import Upgrade
    from clusterc.upgrade.side import Side


@dataclass(frozen=True, slots=True)
class Checked:
    """A spec as far as it could be understood, and everything that is wrong with it, in order of place.

    `path` is its file and `root` the project's folder, which Jsonnet may not leave.
    """

    source: Source | None
    spec: Spec | None
    findings: tuple[Finding, ...]
    path: Path
    root: Path

    @property
    def is_right(self) -> bool:
        """Return whether the spec may be resolved."""
        return self.spec is not None and not has_errors(self.findings)


@dataclass(frozen=True, slots=True)
class Built:
    """A checked spec and the files it compiles to; no files where there is an error."""

    checked: Checked
    cluster: Cluster | None = None
    capacity: Capacity | None = None
    files: tuple[File, ...] = ()


def read(path: Path, *, name: str, root: Path) -> Checked:
    """Load and check one spec."""
    source, findings = load(path, name=name, root=root)
    if source is None:
        return Checked(None, None, _sorted(findings), path, root)
    return check(source, findings, path=path, root=root)


def check(source: Source, findings: tuple[Finding, ...] = (), *, path: Path, root: Path) -> Checked:
    """Check the spec that a source holds."""
    reading = read_spec(source)
    # What the text itself leaves in doubt is of the wrong type only because of that.
    doubtful = {finding.span for finding in findings}
    findings = (
        *findings,
        *(finding for finding in reading.findings if finding.span not in doubtful or not finding.span),
    )
    if reading.spec is not None:
        findings = (*findings, *check_spec(reading.spec, source, broken=reading.broken))
    return Checked(source, reading.spec, _sorted(findings), path, root)


def understand(checked: Checked) -> tuple[Cluster, Capacity]:
    """Decide every value of a spec without errors, and reckon with it."""
    from clusterc.capacity import reckon  # noqa: PLC0415 - lint needs no cluster
    from clusterc.resolve import resolve  # noqa: PLC0415

    if checked.spec is None or checked.source is None:
        raise ValueError("a spec with errors cannot be resolved")
    cluster = resolve(checked.spec, checked.source)
    return cluster, reckon(cluster)


def build(checked: Checked) -> Built:
    """Compile a checked spec to files."""
    from clusterc.emit import emit  # noqa: PLC0415 - lint emits nothing
    from clusterc.write.render import render  # noqa: PLC0415

    if not checked.is_right:
        return Built(checked)
    cluster, capacity = understand(checked)
    documents, findings = _overlaid(emit(cluster, capacity), checked, cluster)
    checked = replace(checked, findings=_sorted((*checked.findings, *findings)))
    if has_errors(findings):
        return Built(checked)
    files = tuple(render(document, cluster=cluster.name) for document in documents)
    return Built(checked, cluster, capacity, files)


def lint(checked: Checked) -> Checked:
    """Check also what only a build shows: what the spec's overlays make of the documents."""
    has_overlays = checked.spec is not None and checked.spec.spec.overlays
    return build(checked).checked if checked.is_right and has_overlays else checked


def upgrade(checked: Checked, to: str) -> Upgrade:
    """Compile a spec without errors at every release on the way to another, and compare. Raises NoWayError."""
    from clusterc.kubernetes.releases import way  # noqa: PLC0415 - one command upgrades
    from clusterc.model.upgrade import Upgrade  # noqa: PLC0415
    from clusterc.upgrade import compare  # noqa: PLC0415

    if checked.spec is None:
        raise ValueError("a spec with errors cannot be compiled")
    releases = way(checked.spec.spec.kubernetes.version, to)
    sides = [_side(checked, release) for release in releases]
    known: tuple[Finding, ...] = ()
    steps = []
    for before, after in pairwise(sides):
        known = (*known, *before.findings)
        steps.append(compare(before, after, known=known))
    return Upgrade(checked.spec.metadata.name, releases[0], releases[-1], tuple(steps))


def _side(checked: Checked, release: str) -> Side:
    """Compile a spec at another release, whatever is wrong with it there."""
    from clusterc.emit import emit  # noqa: PLC0415 - as in build
    from clusterc.upgrade.side import Side  # noqa: PLC0415 - one command upgrades

    if checked.source is None:
        raise ValueError("a spec with errors cannot be compiled")
    data = checked.source.data
    body = {**data["spec"], "kubernetes": {**data["spec"]["kubernetes"], "version": release}}
    source = replace(checked.source, data={**data, "spec": body})
    there = check(source, path=checked.path, root=checked.root)
    cluster, capacity = understand(there)
    documents, findings = _overlaid(emit(cluster, capacity), there, cluster)
    return Side(source, cluster, documents, (*there.findings, *findings))


def _overlaid(
    documents: tuple[Document, ...], checked: Checked, cluster: Cluster
) -> tuple[tuple[Document, ...], tuple[Finding, ...]]:
    if checked.spec is None or checked.source is None or not checked.spec.spec.overlays:
        return documents, ()
    from clusterc.overlay import apply  # noqa: PLC0415 - few specs have overlays

    overlays, source = checked.spec.spec.overlays, checked.source
    return apply(documents, overlays, source, minor=cluster.minor, path=checked.path, root=checked.root)


def _sorted(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: finding.order))
