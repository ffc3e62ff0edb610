"""One end of a step: a spec at one release, decided, built and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clusterc.diagnostics import Finding
from clusterc.kubernetes import Minor
from clusterc.model.cluster import Cluster
from clusterc.model.document import Document
from clusterc.model.source import Source


@dataclass(frozen=True, slots=True)
class Side:
    """A spec at one release: what it compiles to, overlays applied, and everything that is wrong with it there."""

    source: Source
    cluster: Cluster
    documents: tuple[Document, ...]
    findings: tuple[Finding, ...]

    @property
    def version(self) -> str:
        """Return the release."""
        return self.cluster.version

    @property
    def minor(self) -> Minor:
        """Return its minor."""
        return self.cluster.minor

    @property
    def flags(self) -> Mapping[str, Mapping[str, str]]:
        """Return the flags that are given to the programs of the control plane."""
        plane = self.cluster.control_plane
        return {
            "kube-apiserver": plane.api_server.flags,
            "kube-controller-manager": plane.controller_manager_flags,
            "kube-scheduler": plane.scheduler_flags,
        }
