"""Whether the API server of this minor has the API versions that it is asked to serve."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from clusterc.check._passed_on import said, tables_for
from clusterc.check._view import Mistake, View
from clusterc.diagnostics import Finding

SOURCE = "an API server stops at a version in --runtime-config that it lacks"
MISTAKES = {"unknown": Mistake("CC3121", "unknown-api-version", SOURCE)}
FLAG = "runtime-config"


def findings(view: View) -> Iterator[Finding]:
    """Return every API version in `--runtime-config` that the API server does not have."""
    flags = view.body.control_plane.api_servers.flags
    asked = str(flags.get(FLAG, ""))
    if tables := tables_for(view, asked):
        from clusterc.kubernetes.served import version_problem  # noqa: PLC0415 - few specs pass flags on

        for entry in asked.split(","):
            parts = entry.partition("=")[0].strip().split("/")
            # A resource may follow, and api/all, api/beta and their like stand for all versions of a kind.
            version = "v1" if parts[0] == "v1" else "/".join(parts[:2])
            problem = None if parts[0] in {"", "api"} else version_problem(tables, version)
            if problem:
                place = view.at("spec.controlPlane.apiServers.flags", FLAG)
                yield from said(view, place, [replace(problem, path=())], MISTAKES)
