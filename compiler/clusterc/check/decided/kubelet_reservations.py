"""Whether what a pool's kubelets keep from pods, and when they evict, is said in words that a kubelet starts with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from clusterc.check._view import Mistake, View
from clusterc.check.decided._kubelets import Kubelets, kubelets
from clusterc.diagnostics import Finding
from clusterc.model.cluster import Cluster

REFUSED = Mistake("CC5004", "kubelet-reservations", "kubelet, parseResourceList and eviction.ParseThresholdConfig")

RESOURCES = ("cpu", "memory", "ephemeral-storage", "pid")
SIGNALS = (
    *(f"{disk}.{what}" for disk in ("nodefs", "imagefs", "containerfs") for what in ("available", "inodesFree")),
    "memory.available",
    "pid.available",
)
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)%")


def findings(view: View, cluster: Cluster) -> Iterator[Finding]:
    """Return every entry of those fields with which a pool's kubelets would not start."""
    for kubelet in kubelets(view, cluster):
        for name in ("kubeReserved", "systemReserved"):
            yield from _names(kubelet, name, RESOURCES, "resource")
            yield from _texts(kubelet, name)
        for name in ("evictionHard", "evictionSoft"):
            yield from _names(kubelet, name, SIGNALS, "signal")
            yield from _texts(kubelet, name)
            yield from _shares(kubelet, name)
        yield from _grace(kubelet)


def _entries(kubelet: Kubelets, name: str) -> Mapping[str, Any]:
    found = kubelet.told.get(name)
    return found if isinstance(found, dict) else {}


def _names(kubelet: Kubelets, name: str, known: tuple[str, ...], what: str) -> Iterator[Finding]:
    for key in sorted(_entries(kubelet, name).keys() - set(known)):
        near = get_close_matches(key, known, n=1)
        fix = f"did you mean {near[0]}?" if near else f"it knows {', '.join(known)}"
        yield kubelet.finding(REFUSED, f"{name} has no {what} {key}", name, fix=fix)


def _texts(kubelet: Kubelets, name: str) -> Iterator[Finding]:
    for key, value in _entries(kubelet, name).items():
        if not isinstance(value, str):
            message = f"{name} of {key} is {value}; a kubelet reads a text"
            yield kubelet.finding(REFUSED, message, name, fix=f'quote it: "{value}"')


def _shares(kubelet: Kubelets, name: str) -> Iterator[Finding]:
    for key, value in _entries(kubelet, name).items():
        share = _PERCENT.fullmatch(str(value))
        if share and float(share[1]) > 100:
            message = f"{name} of {key} is {value}, more than there is"
            yield kubelet.finding(REFUSED, message, name, fix="write a share below 100%, or a size")


def _grace(kubelet: Kubelets) -> Iterator[Finding]:
    missing = _entries(kubelet, "evictionSoft").keys() - _entries(kubelet, "evictionSoftGracePeriod").keys()
    for key in sorted(missing):
        message = f"evictionSoft of {key} has no evictionSoftGracePeriod"
        fix = f"add evictionSoftGracePeriod: {{{key}: 2m}}"
        yield kubelet.finding(REFUSED, message, "evictionSoft", fix=fix)
