"""What the rest of a spec depends on: where the cluster runs, which release, how many machines it may have."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from hypothesis import strategies as st

from clusterc import catalog
from specs.basic import one_of

PRESETS = ("training", "inference", "general", "lab")
PROVIDERS = ("azure", "aws", "gcp", "metal", "aks", "eks", "gke")
VERSIONS = ("1.34", "1.34.4", "1.35", "1.35.4", "1.36", "1.36.3", "1.37", "v1.37.2")
# Numbers of machines at which something changes: the ladder's rungs, thresholds of checks and of decisions.
EDGES = (1, 2, 10, 99, 100, 250, 251, 500, 501, 1_000, 1_001, 2_000, 2_001, 5_000, 5_001, 7_500, 15_000)
MOST_NODES = 15_000
MOST_POOLS = 4


@dataclass(frozen=True, slots=True)
class Place:
    """`sizes` are the most machines of each pool; `surge` is what an upgrade adds, as a spec says it."""

    preset: str
    provider: str
    version: str
    sizes: tuple[int, ...]
    surge: str | None

    @property
    def minor(self) -> int:
        """Return the second number of the release."""
        return int(self.version.split(".")[1])

    @property
    def machines(self) -> int:
        """Return the most machines at once."""
        if self.surge is None:
            return sum(self.sizes)
        largest = max(self.sizes)
        extra = -(-largest * int(self.surge[:-1]) // 100) if self.surge.endswith("%") else int(self.surge)
        return sum(self.sizes) + extra

    @property
    def largest_group(self) -> int:
        """Return how many machines the provider takes in one group."""
        ceiling = catalog.ceilings(self.provider).get("nodesPerGroup")
        return ceiling["value"] if ceiling else MOST_NODES

    @property
    def bits(self) -> int:
        """Return how many bits it takes to number every machine."""
        return max(1, (self.machines - 1).bit_length())


def place(draw: st.DrawFn) -> Place:
    """Return a place for one to four pools of 15,000 machines together at the most."""
    pools = draw(_POOLS)
    return Place(
        preset=draw(_PRESET),
        provider=draw(_PROVIDER),
        version=draw(_VERSION),
        sizes=tuple(draw(_sizes(MOST_NODES // pools)) for _ in range(pools)),
        surge=draw(_SURGE),
    )


@cache
def _sizes(most: int) -> st.SearchStrategy[int]:
    """Return numbers of machines: those at which something changes as often as all others together."""
    return st.sampled_from([edge for edge in EDGES if edge <= most]) | st.integers(1, most)


_POOLS = st.integers(1, MOST_POOLS)
_PRESET = one_of(*PRESETS)
_PROVIDER = one_of(*PROVIDERS)
_VERSION = one_of(*VERSIONS)
_SURGE = one_of(None, "1", "10%", "100%")
