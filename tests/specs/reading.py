"""Plain data of a spec, as the compiler's stages take it."""

from __future__ import annotations

import json
from pathlib import Path

from clusterc import pipeline
from clusterc.load.yaml_spec import load_yaml
from clusterc.model.cluster import Cluster
from clusterc.model.source import Source
from specs.basic import Plain


def source(data: Plain) -> Source:
    """Return the data as if it had been read from a file, with places."""
    read, findings = load_yaml(json.dumps(data, indent=2), name="spec.yaml")
    assert read is not None, findings
    return read


def checked(data: Plain) -> pipeline.Checked:
    """Return the data, read and checked."""
    return pipeline.check(source(data), path=Path("spec.yaml"), root=Path())


def resolved(data: Plain) -> Cluster:
    """Return the cluster that the data describes; it must be right."""
    spec = checked(data)
    assert spec.is_right, spec.findings
    return pipeline.understand(spec)[0]
