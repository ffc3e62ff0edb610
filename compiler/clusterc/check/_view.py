"""What a check looks at, and how it says what it found: a spec, the places of its parts, the parts left out."""

from __future__ import annotations

from dataclasses import dataclass

from clusterc.diagnostics import Finding, Path, Related, Severity, Step
from clusterc.model.source import Source
from clusterc.spec.cluster import Body, Spec
from clusterc.spec.read import original


@dataclass(frozen=True, slots=True)
class Mistake:
    """One kind of mistake: its id and name, which never change, who says so, and how much it weighs."""

    id: str
    name: str
    source: str = ""
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class View:
    """A spec with places.

    Parts are addressed by dotted names and by positions in the spec's own lists; `broken` and the paths that `at`
    returns count as the source does.
    """

    spec: Spec
    source: Source
    broken: tuple[Path, ...] = ()

    @property
    def body(self) -> Body:
        """Return what the cluster is to be."""
        return self.spec.spec

    def at(self, *steps: Step) -> Path:
        """Return the source's path of a part."""
        path: list[Step] = []
        for step in steps:
            path += [step] if isinstance(step, int) else step.split(".")
        return original(tuple(path), self.broken)

    def name(self, *steps: Step) -> str:
        """Return the path of a part as people write it."""
        return self.source.name(self.at(*steps))

    def whole(self, *steps: Step) -> bool:
        """Return whether nothing at, above or below a part was left out."""
        path = self.at(*steps)
        return not any(lost[: len(path)] == path[: len(lost)] for lost in self.broken)

    def complete(self, *steps: Step) -> bool:
        """Return whether a list has all the items that the source gives it, however much of each."""
        path = self.at(*steps)
        return not any(lost[: len(path)] == path[: len(lost)] and len(lost) <= len(path) + 1 for lost in self.broken)

    def finding(
        self,
        mistake: Mistake,
        path: Path,
        message: str,
        *,
        fix: str,
        numbers: str = "",
        measured: tuple[float, float] | None = None,
        related: tuple[Related, ...] = (),
    ) -> Finding:
        """Return a finding at the value of a path.

        `measured` is a number that was found, and its limit.
        """
        number, limit = measured or (None, None)
        return Finding(
            id=mistake.id,
            name=mistake.name,
            severity=mistake.severity,
            message=message,
            file=self.source.file,
            path=self.source.name(path),
            span=self.source.span(path),
            related=related,
            numbers=numbers,
            number=number,
            limit=limit,
            fix=fix,
            source=mistake.source,
        )

    def related(self, text: str, *steps: Step) -> Related:
        """Return the other end of a contradiction and what it says."""
        return self._related(text, self.at(*steps))

    def related_to(self, text: str, name: str) -> Related:
        """Return the other end of a contradiction by its path as people write it."""
        return self._related(text, self.source.nearest(name))

    def _related(self, text: str, path: Path) -> Related:
        return Related(self.source.name(path), text, self.source.span(path))
