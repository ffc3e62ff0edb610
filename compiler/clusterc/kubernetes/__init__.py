"""What differs between Kubernetes minors, as named predicates; the only place that compares versions.

Read off the components themselves: 1.34.4, 1.36.3 and 1.37.2 were run, 1.35.4 was read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

OLDEST, NEWEST = 34, 37


@dataclass(frozen=True, slots=True, order=True)
class Minor:
    """A Kubernetes minor, 1.34 to 1.37."""

    number: int

    def __str__(self) -> str:
        return f"1.{self.number}"

    @property
    def supported(self) -> bool:
        """Return whether clusterc knows this minor."""
        return OLDEST <= self.number <= NEWEST

    @property
    def has_native_gangs(self) -> bool:
        """PodGroup and Workload are beta (scheduling.k8s.io/v1beta1); before, each minor had a shape of its own."""
        return self.number >= 37

    @property
    def has_coscheduling_release(self) -> bool:
        """scheduler-plugins v0.34.7 is the newest release and is built for this minor."""
        return self.number == 34

    @property
    def has_mutating_admission_policy(self) -> bool:
        """MutatingAdmissionPolicy is v1 and on."""
        return self.number >= 36


def minor_of(version: str) -> Minor:
    """Return the minor of a release such as 1.37.2 or 1.37."""
    return Minor(int(version.split(".")[1]))


@dataclass(frozen=True, slots=True)
class Images:
    """What kubeadm of a minor deploys, and the node cache of the minor's own add-on."""

    patch: str
    etcd: str
    coredns: str
    pause: str
    node_cache: str


# From `kubeadm config images list` of each minor, and its cluster/addons/dns/nodelocaldns; `patch` is the newest
# release that was run.
_IMAGES = {
    34: Images("1.34.4", "3.6.5", "1.12.1", "3.10.1", "1.26.4"),
    35: Images("1.35.4", "3.6.6", "1.13.1", "3.10.1", "1.26.4"),
    36: Images("1.36.3", "3.6.8", "1.14.2", "3.10.2", "1.26.7"),
    37: Images("1.37.2", "3.7.0", "1.14.6", "3.10.2", "1.26.8"),
}


def images(minor: Minor) -> Images:
    """Return what goes with this minor."""
    return _IMAGES[minor.number]


def flag_text(value: Any) -> str:
    """Return a plain value as the text of a command-line flag."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    return str(value)
