"""Which scheduler reads its configuration: the one that has the plugins which it names."""

from __future__ import annotations

import pytest

from clusterc import pipeline
from specs.minimal import minimal
from specs.reading import checked


@pytest.mark.parametrize(
    ("placer", "version", "reader"),
    [("coscheduling", "1.34.4", "scheduler-plugins"), ("kueue", "1.34.4", "kube-scheduler")],
)
def test_the_manifest_names_the_scheduler_that_has_the_plugins(placer: str, version: str, reader: str) -> None:
    data = minimal(gangs={"scheduler": placer}, kubernetes={"version": version})
    (file,) = [file for file in pipeline.build(checked(data)).files if file.kind == "KubeSchedulerConfiguration"]
    assert file.reader == reader
