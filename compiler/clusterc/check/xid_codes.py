"""Whether every error code of a GPU type has one consequence, and no mistake of a job costs a machine."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.check._view import Mistake, View
from clusterc.diagnostics import Finding

TWICE = Mistake("CC6003", "xid-in-two-classes", "NVIDIA, XID errors: the catalogue has one action for each code")
OF_JOBS = Mistake("CC6003", "xid-in-two-classes", "NVIDIA, XID errors: 31, 43 and 45 come from the application")
CLASSES = ("fatal", "contained", "application")
MISTAKES_OF_JOBS = (31, 43, 45)


def findings(view: View) -> Iterator[Finding]:
    """Return every code that stands in two classes, and those of jobs that would drain a machine."""
    for i, gpu in enumerate(view.body.gpu_types):
        first: dict[int, str] = {}
        for name in CLASSES:
            for j, code in enumerate(getattr(gpu.xid, name, None) or ()):
                at = ("spec.gpuTypes", i, f"xid.{name}", j)
                if code in first:
                    message = f"XID {code} of {gpu.name} is {name}, but stands in {first[code]} too"
                    yield view.finding(TWICE, view.at(*at), message, fix="keep one of them")
                elif name == "fatal" and code in MISTAKES_OF_JOBS:
                    message = f"XID {code} comes from a job, but would drain machines with {gpu.name}"
                    yield view.finding(OF_JOBS, view.at(*at), message, fix="move it to application")
                first.setdefault(code, name)
