"""Every spec in clusters/ builds to exactly the folder of its name in output/.

`clusterc build clusters/` refreshes them, as output/README.md says; a test never does.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from clusterc import __version__, pipeline
from clusterc.write.plan import plan

ROOT = Path(__file__).resolve().parents[1]
SPECS = sorted(path for path in (ROOT / "clusters").iterdir() if path.suffix in {".yaml", ".yml", ".jsonnet"})


def built(spec: Path) -> pipeline.Built:
    return pipeline.build(pipeline.read(spec, name=f"clusters/{spec.name}", root=ROOT))


def test_there_are_specs() -> None:
    assert len(SPECS) >= 8


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_a_shipped_spec_has_no_findings(spec: Path) -> None:
    assert built(spec).checked.findings == ()


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_the_committed_tree_is_what_the_spec_compiles_to(spec: Path) -> None:
    built_now, folder = built(spec), ROOT / "output" / spec.stem
    expected = {file.path: file.text for file in built_now.files}
    committed = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert sorted(committed.keys() - {"MANIFEST.json"}) == sorted(expected)
    assert [path for path in expected if committed[path] != expected[path]] == []


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_the_committed_manifest_and_permissions_are_what_a_build_would_write(spec: Path) -> None:
    planned = plan(ROOT / "output" / spec.stem, built(spec).files, tool_version=__version__)
    assert (planned.added, planned.changed, planned.removed, planned.conflicts) == ((), (), (), ())
    assert planned.is_current


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_a_cluster_is_called_as_its_file(spec: Path) -> None:
    cluster = built(spec).cluster
    assert cluster is not None
    assert cluster.name == spec.stem


def test_no_built_tree_lacks_its_spec() -> None:
    folders = {path.name for path in (ROOT / "output").iterdir() if path.is_dir()}
    assert folders == {spec.stem for spec in SPECS}
