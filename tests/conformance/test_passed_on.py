"""What we refuse of the fields passed on to kubelets, the real kubelet refuses too; what we let pass, it takes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from clusterc import pipeline
from clusterc.capacity import reckon
from clusterc.emit import emit
from clusterc.write.render import render
from conformance.conftest import Judges

ROOT = Path(__file__).resolve().parents[2]
REFUSED = [
    file
    for file in sorted((ROOT / "tests" / "broken").glob("*.yaml"))
    if re.search(r"^# error: \S+ \[CC500[234] ", file.read_text(), re.MULTILINE)
]
TAKEN = {
    "pulls one by one": "{serializeImagePulls: true}",
    "no aligned CPUs": "{cpuManagerPolicy: none}",
    "memory manager by itself": "{memoryManagerPolicy: Static}",
    "no memory manager": "{memoryManagerPolicy: None}",
    "own reservations": '{kubeReserved: {cpu: "1", memory: 3Gi}, evictionHard: {memory.available: 1500Mi}}',
    "reservations in bytes": '{systemReserved: {cpu: "1", memory: "1000000001"}}',
    "static CPUs without alignment": "{cpuManagerPolicy: static}",
    "soft eviction": "{evictionSoft: {memory.available: 5Gi}, evictionSoftGracePeriod: {memory.available: 2m}}",
}


def dropin(checked: pipeline.Checked) -> str:
    """Return the request for the kubelets of the first pool, whatever is wrong with them."""
    assert checked.cluster is not None, checked.findings
    cluster = checked.cluster
    texts = {document.path: render(document, cluster=cluster.name).text for document in emit(cluster, reckon(cluster))}
    name = cluster.pools[0].name
    return json.dumps({"base": texts["nodes/kubelet.yaml"], "dropins": [texts[f"nodes/{name}/kubelet/50-{name}.conf"]]})


def test_there_are_specs_that_a_kubelet_refuses() -> None:
    assert len(REFUSED) >= 10


@pytest.mark.parametrize("file", REFUSED, ids=lambda file: file.stem)
def test_a_kubelet_refuses_what_we_refuse(file: Path, judges: Judges) -> None:
    (verdict,) = judges.ask([("kubelet-dropin", dropin(pipeline.read(file, name=file.name, root=file.parent)))])
    assert not verdict.accepted


@pytest.mark.parametrize("numa", ["none", "single-numa-node"])
@pytest.mark.parametrize("fields", TAKEN.values(), ids=TAKEN)
def test_a_kubelet_takes_what_we_let_pass(fields: str, numa: str, judges: Judges, tmp_path: Path) -> None:
    text = (ROOT / "clusters" / "lab-10.yaml").read_text()
    told = f"memory: 512Gi, numaNodes: 2}}\n      numa: {{policy: {numa}}}\n      kubelet: {fields}"
    file = tmp_path / "spec.yaml"
    file.write_text(text.replace("memory: 512Gi}", told))
    checked = pipeline.read(file, name=file.name, root=tmp_path)
    assert checked.is_right, checked.findings
    (verdict,) = judges.ask([("kubelet-dropin", dropin(checked))])
    assert verdict.errors == ()
