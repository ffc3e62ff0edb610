"""Whether topology, CPU and memory manager of a pool's kubelets go together; most of it fails on the machine only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clusterc import quantity
from clusterc.check._view import Mistake, View
from clusterc.check.decided._kubelets import Kubelets, entry, kept_bytes, kubelets
from clusterc.diagnostics import Finding, Severity
from clusterc.model.cluster import Cluster

SOURCE = "kubelet, pkg/kubelet/cm: checked when it starts"
REFUSED = Mistake("CC5003", "numa-managers", SOURCE)
USELESS = Mistake("CC5003", "numa-managers", SOURCE, Severity.WARNING)

POLICIES = {
    "topologyManagerPolicy": ("none", "best-effort", "restricted", "single-numa-node"),
    "topologyManagerScope": ("container", "pod"),
    "cpuManagerPolicy": ("none", "static"),
    "memoryManagerPolicy": ("None", "Static"),
}


def findings(view: View, cluster: Cluster) -> Iterator[Finding]:
    """Return what the managers of each pool's kubelets refuse, and where one cannot do what another is told."""
    for kubelet in kubelets(view, cluster):
        unknown = list(_policies(kubelet))
        yield from unknown
        if not unknown:
            yield from _cpus(kubelet)
            yield from _memory(kubelet)


def _policies(kubelet: Kubelets) -> Iterator[Finding]:
    for name, allowed in POLICIES.items():
        found = kubelet.told.get(name, allowed[0])
        if found not in allowed:
            message = f"{name} is {found!r}; a kubelet takes {', '.join(allowed)}"
            near = next((word for word in allowed if word.lower() == str(found).lower()), None)
            fix = f"write {name}: {near}" if near else "choose one of them"
            yield kubelet.finding(REFUSED, message, name, fix=fix)


def _cpus(kubelet: Kubelets) -> Iterator[Finding]:
    told, static = kubelet.told, kubelet.told.get("cpuManagerPolicy") == "static"
    if not static and told.get("cpuManagerPolicyOptions"):
        message = "cpuManagerPolicyOptions are for the policy static; a kubelet with the policy none does not start"
        fix = "remove the options, or write cpuManagerPolicy: static"
        yield kubelet.finding(REFUSED, message, "cpuManagerPolicy", "cpuManagerPolicyOptions", fix=fix)
    if static and not _reserves_cpu(told):
        message = "the static CPU manager needs CPUs that are kept from pods, and none are"
        fix = "give kubeReserved some cpu, such as {cpu: 500m}"
        yield kubelet.finding(REFUSED, message, "kubeReserved", "systemReserved", "cpuManagerPolicy", fix=fix)
    strict = told.get("topologyManagerPolicy") in {"restricted", "single-numa-node"}
    if strict and not static:
        message = f"topologyManagerPolicy {told['topologyManagerPolicy']} aligns no CPUs while cpuManagerPolicy is none"
        fix = "write cpuManagerPolicy: static, or leave both to numa.policy"
        yield kubelet.finding(USELESS, message, "cpuManagerPolicy", "topologyManagerPolicy", fix=fix)


def _reserves_cpu(told: Any) -> bool:
    return bool(told.get("reservedSystemCPUs")) or any(
        str(entry(told, name, "cpu", 0)) not in {"0", "0m"} for name in ("kubeReserved", "systemReserved")
    )


def _memory(kubelet: Kubelets) -> Iterator[Finding]:
    if kubelet.told.get("memoryManagerPolicy") != "Static":
        return
    wanted, reserved = kept_bytes(kubelet.told), _reserved_bytes(kubelet.told.get("reservedMemory"))
    places = ("reservedMemory", "kubeReserved", "systemReserved", "evictionHard", "memoryManagerPolicy")
    if wanted is None:
        message = (
            "the static memory manager needs kubeReserved, systemReserved and evictionHard as sizes, and one is not"
        )
        fix = "write memory.available and the reserved memory in Mi"
        yield kubelet.finding(REFUSED, message, "evictionHard", *places[1:], fix=fix)
    elif not kubelet.told.get("reservedMemory"):
        message = "the static memory manager needs reservedMemory, for which the machine's NUMA nodes are not known"
        fix = "add numaNodes: 2 to the pool's machine, as many as it has"
        yield kubelet.finding(REFUSED, message, "memoryManagerPolicy", fix=fix)
    elif reserved != wanted:
        message = f"reservedMemory is {_mi(reserved)} in all, but must equal what is kept from pods, {_mi(wanted)}"
        numbers = f"kubeReserved + systemReserved + evictionHard = {_mi(wanted)}"
        fix = "leave reservedMemory out: it is reckoned from the machine's NUMA nodes"
        yield kubelet.finding(REFUSED, message, *places, fix=fix, numbers=numbers)


def _reserved_bytes(entries: object) -> int | None:
    """Return the memory of all entries of reservedMemory, in bytes, or None where they have another form."""
    total = 0
    for reserved in entries if isinstance(entries, list) else [None]:
        limits = reserved.get("limits") if isinstance(reserved, dict) else None
        size = quantity.kubernetes_bytes(limits.get("memory", 0)) if isinstance(limits, dict) else None
        if size is None:
            return None
        total += size
    return total


def _mi(size: int | None) -> str:
    return "no size" if size is None else f"{size / 1024**2:g}Mi"
