"""API versions against those that the API server of a minor serves."""

from __future__ import annotations

from collections.abc import Collection

from clusterc.kubernetes.problem import Fault, Problem, cure
from clusterc.kubernetes.tables import Tables


def version_problem(tables: Tables, api_version: str) -> Problem | None:
    """Return what the API server has against an API version that it is asked to serve."""
    known = {*tables.served(), *tables.on_request()}
    if api_version in known:
        return None
    found = tables.api_elsewhere(api_version)
    text = f"the API server of Kubernetes {tables.minor} does not have {api_version}{found.said}"
    return Problem(Fault.UNKNOWN, ("apiVersion",), text, cure(api_version, _versions(known, api_version), found))


def object_problem(tables: Tables, api_version: str, kind: str) -> Problem | None:
    """Return what the API server has against the API version and kind of an object.

    None where it serves them, by default or on request, and where they may be those of a custom resource.
    """
    known = {**tables.on_request(), **tables.served()}
    if any(kind in table.get(api_version, {}) for table in (tables.served(), tables.on_request())):
        return None
    versions = _versions(known, api_version)
    found = tables.elsewhere("apis", "", f"{api_version}/{kind}")
    if not versions and not found.said:
        return None
    text = f"the API server of Kubernetes {tables.minor} serves no {kind} of {api_version}{found.said}"
    if right := [version for version in versions if kind in known[version]]:
        return Problem(Fault.UNKNOWN, ("apiVersion",), text, f"write apiVersion: {right[0]}")
    kinds = [name for version in versions for name in known[version]]
    return Problem(Fault.UNKNOWN, ("kind",), text, cure(kind, kinds, found))


def _versions(known: Collection[str], api_version: str) -> list[str]:
    """Return the versions of the same group, stable ones first."""
    group = api_version.rpartition("/")[0]
    return sorted((version for version in known if version.rpartition("/")[0] == group), key=_stability)


def _stability(version: str) -> tuple[bool, bool, str]:
    return "alpha" in version, "beta" in version, version
