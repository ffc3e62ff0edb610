"""The capacity model's terms that the run exercises, beside what was measured, and why some differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from clusterc import formulas
from clusterc.capacity import api_server, events, objects, scheduling
from clusterc.capacity.load import Load
from conformance.scale.seen import Measured, Stage

TOLERATED = 0.2
# The model's names of resources, and etcd's where it keeps them.
RESOURCES = {"nodes": "minions", "leases": "leases", "pods": "pods"}
# How often the run writes each object: machines are created and untainted, pods created and bound.
REVISIONS = {"nodes": 2, "leases": 1, "pods": 2}
SMALL_PODS = (
    "These pods have one container and no status but where they are; pods of a real cluster carry what their kubelet "
    "reports, more containers, and annotations. Upstream keeps most pods below 20 kB, and the model takes half of that."
)
WHY = {
    "bytes of a Node": "A real machine's Node also carries the labels and annotations of feature discovery and of "
    "autoscalers, attached volumes, and a record of who set which field for each of them; KEP-589 saw 15 to 20 kB. The "
    "model keeps that, for a Node that is too small here costs a full database there.",
    "bytes of a pod": SMALL_PODS,
    "heap for a pod": f"{SMALL_PODS} What is kept of a pod that was just written is several revisions of it, not one.",
    "database / what was written": "Nothing was freed yet, so the database is what was written and the room at the end "
    "of its pages. The model's 1.5 is for a database whose freed pages stay in the file between defragmentations.",
    "memory of kube-scheduler": "The most it ever had, while thousands of pods arrived at once and Go's collector was "
    "behind; the model is of what it holds afterwards.",
    "memory of a watch": "Here each watch has a TLS connection of its own; a kubelet's share one. Upstream reports 50 "
    "to 100 KiB.",
    "pods per second": "The run's machine has two cores, which API server, etcd, scheduler and the sender of requests "
    "share, and nothing else happens meanwhile. The model plans with the pods that a busy cluster with plugins of its "
    "own binds.",
}


@dataclass(frozen=True, slots=True)
class Term:
    """One term at every size: what the model says, and what was measured; `steady` if it is the same on any machine."""

    name: str
    unit: str
    model: tuple[float, ...]
    measured: tuple[float, ...]
    steady: bool = True

    @property
    def ratios(self) -> tuple[float, ...]:
        """Return model / measured."""
        return tuple(model / seen for model, seen in zip(self.model, self.measured, strict=True))

    @property
    def agrees(self) -> bool:
        """Return whether the model is right within what is tolerated, at every size."""
        return all(abs(ratio - 1) <= TOLERATED for ratio in self.ratios)


def terms(measured: Measured) -> tuple[Term, ...]:
    """Return every term that the run exercises."""
    return (*_stored(measured), *_control_plane(measured), *_scheduling(measured))


def as_run(stage: Stage) -> Load:
    """Return the model's load with the pods that this run has: one on every machine."""
    return replace(stage.load, pods=stage.load.nodes)


def _each(measured: Measured, value: Callable[[Stage], float]) -> tuple[float, ...]:
    return tuple(value(stage) for stage in measured.stages)


def _stored(measured: Measured) -> Iterator[Term]:
    for name, key in RESOURCES.items():
        yield Term(
            f"{name} in etcd",
            "objects",
            _each(measured, lambda stage, name=name: objects.stored(as_run(stage))[name].objects),  # type: ignore[misc]
            _each(measured, lambda stage, key=key: stage.stored[key].objects),  # type: ignore[misc]
        )
    for name, what in (("nodes", "Node"), ("leases", "lease"), ("pods", "pod")):
        yield Term(
            f"bytes of a {what}",
            "bytes",
            _each(measured, lambda stage, name=name: _size(objects.stored(as_run(stage))[name])),  # type: ignore[misc]
            _each(measured, lambda stage, name=name: _size(stage.stored[RESOURCES[name]])),  # type: ignore[misc]
        )
    yield Term(
        "bytes of an Event",
        "bytes",
        _each(measured, lambda _: events.EVENT_BYTES),
        _each(measured, lambda stage: _size(stage.events)),
    )
    yield Term(
        "database / what was written",
        "times",
        _each(measured, lambda _: events.FRAGMENTATION),
        _each(measured, lambda stage: stage.database_bytes / _written(stage)),
        steady=False,
    )


def _size(stored: objects.Stored) -> float:
    return stored.total_bytes / stored.objects


def _written(stage: Stage) -> float:
    return sum(times * stage.stored[RESOURCES[name]].total_bytes for name, times in REVISIONS.items())


def _control_plane(measured: Measured) -> Iterator[Term]:
    yield Term(
        "heap for a pod",
        "bytes",
        _each(measured, lambda _: api_server.CACHED_POD_BYTES * api_server.DECODED),
        _each(measured, lambda stage: (stage.heap_bytes - stage.heap_before_pods) / stage.pods),
        steady=False,
    )
    yield Term(
        "memory of kube-scheduler",
        "bytes",
        _each(measured, lambda stage: api_server.companions(as_run(stage)) / api_server.COMPANIONS),
        _each(measured, lambda stage: stage.peak_bytes["kube-scheduler"]),
        steady=False,
    )
    yield Term("memory of a watch", "bytes", (api_server.WATCH_BYTES,), (measured.watch_bytes,), steady=False)
    level = measured.cluster.control_plane.api_server.audit_level
    yield Term("line of the audit log", "bytes", (formulas.AUDIT_BYTES[level],), (measured.audit_line_bytes,))
    yield Term("audited requests for a pod", "lines", (formulas.AUDITED_PER_POD,), (measured.audit_lines_per_pod,))


def _scheduling(measured: Measured) -> Iterator[Term]:
    yield Term(
        "nodes scored for a pod",
        "nodes",
        _each(measured, lambda stage: scheduling.scored(stage.load)),
        _each(measured, lambda stage: stage.scored),
    )
    yield Term(
        "pods per second",
        "pods/s",
        _each(measured, lambda _: scheduling.bind_rate(measured.cluster)),
        _each(measured, lambda stage: stage.pods_per_second),
        steady=False,
    )
