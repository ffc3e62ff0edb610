r"""The calls in order, and nothing else: a newcomer reads this first.

    text --load--> Source --read_spec--> Spec --resolve--> Cluster --reckon--> Capacity
                                           \                 \            \
                                            `------check------`> findings  `--emit--> documents --apply, render--> files

Pure but for reading the spec (and what it imports): no clock, no network, no environment, nothing written.
Mistakes are findings, collected and sorted; a stage that cannot go on leaves the later results empty.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from clusterc.check import check_cluster, check_spec, checks, decided_checks, is_resolvable
from clusterc.diagnostics import Finding, has_errors
from clusterc.load import load
from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.document import Change, Document, File
from clusterc.model.source import Source
from clusterc.spec.cluster import Spec
from clusterc.spec.read import read_spec

if TYPE_CHECKING:
    from clusterc.model.upgrade import Upgrade
    from clusterc.upgrade.side import Side


@dataclass(frozen=True, slots=True)
class Checked:
    """A spec as far as it could be understood, and everything that is wrong with it, in order of place.

    `path` is its file and `root` the project's folder, which Jsonnet may not leave; `ran` counts the checks that ran.
    `cluster` is what it resolves to, where it has no errors before; `overlaid` holds the documents that its overlays
    left, where it has any, and `changes` what they did to them.
    """

    source: Source | None
    spec: Spec | None
    findings: tuple[Finding, ...]
    path: Path
    root: Path
    ran: int = 0
    cluster: Cluster | None = None
    overlaid: tuple[Document, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def is_right(self) -> bool:
        """Return whether the spec may be built."""
        return self.cluster is not None and not has_errors(self.findings)


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
    """Check the spec that a source holds: its structure, its parts, what is decided from them, its overlays."""
    reading = read_spec(source)
    # What the text itself leaves in doubt is of the wrong type only because of that.
    doubtful = {finding.span for finding in findings}
    structure = (finding for finding in reading.findings if finding.span not in doubtful or not finding.span)
    checked = Checked(source, reading.spec, (*findings, *structure), path, root)
    if reading.spec is not None:
        wrong = check_spec(reading.spec, source, broken=reading.broken)
        checked = replace(checked, findings=(*checked.findings, *wrong), ran=len(checks()))
        if not has_errors(checked.findings):
            checked = _overlaid(_decided(checked, reading.spec, source))
    return replace(checked, findings=_sorted(checked.findings))


def resolved(checked: Checked) -> Checked:
    """Return a spec with every value decided, though limits are exceeded; no cluster where it means nothing."""
    spec, source = checked.spec, checked.source
    if checked.cluster is not None or spec is None or source is None or not is_resolvable(checked.findings):
        return checked
    done = _overlaid(_decided(checked, spec, source))
    return replace(done, findings=_sorted(done.findings))


def understand(checked: Checked) -> tuple[Cluster, Capacity]:
    """Return a resolved spec with every value decided, and reckon with it."""
    from clusterc.capacity import reckon  # noqa: PLC0415 - lint reckons with nothing

    if checked.cluster is None:
        raise ValueError("a spec with errors cannot be resolved")
    return checked.cluster, reckon(checked.cluster)


def build(checked: Checked) -> Built:
    """Compile a checked spec to files."""
    from clusterc.emit import emit  # noqa: PLC0415 - lint emits nothing
    from clusterc.write.render import render  # noqa: PLC0415

    if not checked.is_right:
        return Built(checked)
    cluster, capacity = understand(checked)
    documents = checked.overlaid or emit(cluster, capacity)
    files = tuple(render(document, cluster=cluster.name) for document in documents)
    return Built(checked, cluster, capacity, files)


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
    if there.spec is None:
        raise ValueError("a spec with errors cannot be compiled")
    if there.cluster is None:
        there = _overlaid(_decided(there, there.spec, source))
    cluster, capacity = understand(there)
    return Side(source, cluster, there.overlaid or emit(cluster, capacity), there.findings)


def _decided(checked: Checked, spec: Spec, source: Source) -> Checked:
    """Return a spec with every value decided, and what is wrong with those."""
    from clusterc.resolve import resolve  # noqa: PLC0415 - a spec with errors is not resolved

    cluster = resolve(spec, source)
    findings = (*checked.findings, *check_cluster(cluster, spec, source))
    return replace(checked, findings=findings, ran=checked.ran + len(decided_checks()), cluster=cluster)


def _overlaid(checked: Checked) -> Checked:
    """Return a spec with its documents as the overlays leave them, and what is wrong with those."""
    overlays = checked.spec.spec.overlays if checked.spec else ()
    if not overlays or checked.source is None or checked.cluster is None:
        return checked
    from clusterc.emit import emit  # noqa: PLC0415 - few specs have overlays
    from clusterc.overlay import apply  # noqa: PLC0415

    documents = emit(*understand(checked))
    done = apply(documents, overlays, checked.source, minor=checked.cluster.minor, path=checked.path, root=checked.root)
    findings = (*checked.findings, *done.findings)
    return replace(checked, findings=findings, overlaid=done.documents, changes=done.changes)


def _sorted(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: finding.order))
