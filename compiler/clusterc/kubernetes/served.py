"""API versions against those that the API server of a minor serves."""

from __future__ import annotations

from clusterc.diagnostics import nearest
from clusterc.kubernetes.problem import Fault, Problem, cure
from clusterc.kubernetes.tables import Tables


def version_problem(tables: Tables, api_version: str) -> Problem | None:
    """Return what the API server has against an API version that it serves or is asked to serve.

    Only a version that another minor has is known to be wrong: those that are off by default are in no table, and
    those of custom resources come from elsewhere.
    """
    found = tables.elsewhere("apis", "", api_version)
    if not found.said:
        return None
    text = f"the API server of Kubernetes {tables.minor} does not have {api_version}{found.said}"
    same_group = [other for other in tables.served() if _group(other) == _group(api_version)]
    return Problem(Fault.UNKNOWN, ("apiVersion",), text, cure(api_version, same_group, found))


def object_problem(tables: Tables, api_version: str, kind: str) -> Problem | None:
    """Return what the API server has against the API version and kind of an object; None where it may be custom."""
    if problem := version_problem(tables, api_version):
        return problem
    served = tables.served()
    if kind in served.get(api_version, {}) or tables.object(api_version, kind):
        return None
    others = [other for other in served if _group(other) == _group(api_version)]
    if not others:
        return None
    where = f"the API server of Kubernetes {tables.minor} serves no {kind} of {api_version}"
    if right := [other for other in others if kind in served[other]]:
        return Problem(Fault.UNKNOWN, ("apiVersion",), where, f"write apiVersion: {right[0]}")
    near = nearest(kind, [name for other in others for name in served[other]])
    return Problem(Fault.UNKNOWN, ("kind",), where, f"did you mean {near}?" if near else "remove it")


def _group(api_version: str) -> str:
    return api_version.rpartition("/")[0]
