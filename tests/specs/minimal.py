"""The smallest spec, with what a test says over it."""

from __future__ import annotations

from typing import Any

from clusterc import pipeline
from clusterc.diagnostics import Finding, Severity
from specs.basic import Plain
from specs.reading import checked

POOL: Plain = {"name": "gpu", "role": "training", "machine": {"cpu": 64, "memory": "512Gi"}, "nodes": 8}


def minimal(**body: Any) -> Plain:
    """Return a spec of one pool whose `spec` says this too; mappings are merged, other values replaced."""
    smallest: Plain = {
        "preset": "training",
        "kubernetes": {"version": "1.37.2"},
        "provider": "metal",
        "network": {
            "mode": "flannel",
            "nodeCIDR": "10.0.0.0/20",
            "podCIDR": "10.64.0.0/16",
            "serviceCIDR": "10.32.0.0/20",
        },
        "controlPlane": {"endpoint": "api.sample.internal:6443"},
        "nodePools": [POOL],
    }
    spec = _merged(smallest, body)
    return {"apiVersion": "clusterc.dev/v1alpha1", "kind": "Cluster", "metadata": {"name": "sample"}, "spec": spec}


def _merged(below: Plain, above: Plain) -> Plain:
    both = {name: _merged(below[name], value) for name, value in above.items() if isinstance(below.get(name), dict)}
    return below | above | both


def files(data: Plain) -> dict[str, str]:
    """Return the text of every file by its path; the spec must have no error."""
    built = pipeline.build(checked(data))
    assert built.files, built.checked.findings
    return {file.path: file.text for file in built.files}


def errors(data: Plain) -> list[Finding]:
    """Return the findings that keep a spec from being built."""
    return [finding for finding in checked(data).findings if finding.severity is Severity.ERROR]
