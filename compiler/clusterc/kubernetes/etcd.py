"""What differs between etcd's minors, as named predicates; the only place that compares its versions.

Read off etcd itself: 3.6.16 and 3.7.3 were run, 3.5 was read.
"""

from __future__ import annotations

from dataclasses import dataclass

# kubeadm 1.34 to 1.37, MinExternalEtcdVersion.
OLDEST_EXTERNAL = "3.5.24"


@dataclass(frozen=True, slots=True, order=True)
class EtcdMinor:
    """A minor of etcd, such as 3.7."""

    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"

    @property
    def supported(self) -> bool:
        """Return whether clusterc knows this minor."""
        return OLDEST <= self <= NEWEST

    @property
    def snapshot_count(self) -> int:
        """Return after how many changes a member saves a snapshot of its own, by this minor's own default."""
        return _SNAPSHOT_COUNTS[self]

    @property
    def release(self) -> str:
        """Return the release of this minor that was run."""
        return _RELEASES[self]


OLDEST, NEWEST = EtcdMinor(3, 6), EtcdMinor(3, 7)
# DefaultSnapshotCount of each; 3.5 kept 100,000 changes in memory.
_SNAPSHOT_COUNTS = {OLDEST: 10_000, NEWEST: 10_000}

_RELEASES = {OLDEST: "3.6.16", NEWEST: "3.7.3"}


def etcd_minor_of(release: str) -> EtcdMinor:
    """Return the minor of a release such as 3.7.0."""
    major, minor, _ = release.split(".")
    return EtcdMinor(int(major), int(minor))


def is_taken_by_kubeadm(release: str) -> bool:
    """Return whether kubeadm of every supported minor takes an etcd of this release on machines of its own."""
    return _numbers(release) >= _numbers(OLDEST_EXTERNAL)


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(int(number) for number in release.split("."))
