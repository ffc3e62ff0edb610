r"""The calls in order, and nothing else: a newcomer reads this first.

    text --load--> Source --read_spec--> Spec --resolve--> Cluster --reckon--> Capacity
                                           \--check--> findings   \--emit--> documents --apply--> --render--> files

Pure but for reading the spec (and what it imports): no clock, no network, no environment, nothing written.
Mistakes are findings, collected and sorted; a stage that cannot go on leaves the later results empty.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from clusterc.check import check_spec
from clusterc.diagnostics import Finding, has_errors
from clusterc.load import load
from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.document import Document, File
from clusterc.model.source import Source
from clusterc.spec.cluster import Spec
from clusterc.spec.read import read_spec


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
    documents, findings = _overlaid(emit(cluster, capacity), checked)
    if findings:
        return Built(replace(checked, findings=_sorted((*checked.findings, *findings))))
    files = tuple(render(document, cluster=cluster.name) for document in documents)
    return Built(checked, cluster, capacity, files)


def _overlaid(documents: tuple[Document, ...], checked: Checked) -> tuple[tuple[Document, ...], tuple[Finding, ...]]:
    if checked.spec is None or checked.source is None or not checked.spec.spec.overlays:
        return documents, ()
    from clusterc.overlay import apply  # noqa: PLC0415 - few specs have overlays

    return apply(documents, checked.spec.spec.overlays, checked.source, path=checked.path, root=checked.root)


def _sorted(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: finding.order))
