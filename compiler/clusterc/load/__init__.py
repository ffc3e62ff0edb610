"""Text to Source: plain data in which every node knows its file, line and column."""

from __future__ import annotations

from pathlib import Path

from clusterc.diagnostics import Finding
from clusterc.load.text import read
from clusterc.model.source import Source

Loaded = tuple[Source | None, tuple[Finding, ...]]


def load(path: Path, *, name: str, root: Path) -> Loaded:
    """Read one spec.

    `name` is how messages call the file; `root` is the project's folder, which Jsonnet imports may not leave.
    Mistakes in the text are findings. Raises OSError where the file cannot be read.
    """
    text, findings = read(path, name=name)
    if text is None:
        return None, findings
    if path.suffix in {".jsonnet", ".libsonnet"}:
        from clusterc.load.jsonnet_spec import load_jsonnet  # noqa: PLC0415 - most specs are YAML

        return load_jsonnet(text, path=path, name=name, root=root)
    from clusterc.load.yaml_spec import load_yaml  # noqa: PLC0415 - the reader takes 10 ms to import

    return load_yaml(text, name=name)
