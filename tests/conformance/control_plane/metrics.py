"""What a component says of itself at /metrics."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

SAMPLE = re.compile(r"^(?P<name>\w+)(?:\{(?P<labels>.*)\})? (?P<value>\S+)$", re.MULTILINE)
PART = re.compile(r"_(bucket|sum|count)$")
LABEL = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Metrics:
    """One scrape."""

    text: str

    def samples(self, name: str, **wanted: str) -> Iterator[tuple[Mapping[str, str], float]]:
        """Yield (labels, value) of a metric where its labels are the wanted ones."""
        # A family of samples stands together, and most of a scrape is of other families.
        family, start = PART.sub("", name), self.text.find(f"\n{name}")
        for match in SAMPLE.finditer(self.text, max(start, 0)):
            if match["name"] == name:
                labels = dict(LABEL.findall(match["labels"] or ""))
                if wanted.items() <= labels.items():
                    yield labels, float(match["value"])
            elif not match["name"].startswith(family):
                return

    def total(self, name: str, **wanted: str) -> float:
        """Return the sum of a metric's samples; 0 where there is none."""
        return sum(value for _, value in self.samples(name, **wanted))

    def by(self, label: str, name: str) -> dict[str, float]:
        """Return the sums of a metric by one of its labels."""
        found: dict[str, float] = {}
        for labels, value in self.samples(name):
            found[labels[label]] = found.get(labels[label], 0.0) + value
        return found

    def buckets(self, name: str) -> dict[float, float]:
        """Return how many observations of a histogram were at most each bound."""
        found: dict[float, float] = {}
        for labels, value in self.samples(f"{name}_bucket"):
            bound = float(labels["le"])
            found[bound] = found.get(bound, 0.0) + value
        return found


def percentile(before: Mapping[float, float], after: Mapping[float, float], share: float) -> float:
    """Return the bound below which this share of the observations between two scrapes lies."""
    counts = {bound: count - before.get(bound, 0.0) for bound, count in sorted(after.items())}
    wanted = share * max(counts.values())
    return next(bound for bound, count in counts.items() if count >= wanted)
