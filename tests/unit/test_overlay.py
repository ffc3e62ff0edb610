from __future__ import annotations

from pathlib import Path

import pytest

from clusterc import pipeline
from clusterc.diagnostics import Finding

LAB = (Path(__file__).resolve().parents[2] / "clusters" / "lab-10.yaml").read_text()


def build(folder: Path, overlay: str, program: str | None) -> pipeline.Built:
    spec = folder / "lab.yaml"
    spec.write_text(f"{LAB}\n  overlays:\n    - {overlay}\n")
    if program is not None:
        (folder / "overlay.jsonnet").write_text(program)
    return pipeline.build(pipeline.read(spec, name="lab.yaml", root=folder))


def text(built: pipeline.Built, path: str) -> str:
    return next(file.text for file in built.files if file.path == path)


def only_finding(built: pipeline.Built) -> Finding:
    assert built.files == ()
    (finding,) = built.checked.findings
    return finding


def test_an_overlay_changes_the_document_it_names_and_no_other(tmp_path: Path) -> None:
    program = "function(doc) doc { spec+: { replicas: 7 } }"
    overlay = "{kind: Deployment, name: coredns, jsonnet: overlay.jsonnet}"
    changed, plain = build(tmp_path, overlay, program), build(tmp_path, overlay, "function(doc) doc")
    path = "objects/kube-system/deployment-coredns.yaml"
    assert "  replicas: 7\n" in text(changed, path)
    assert text(changed, path) == text(plain, path).replace("replicas: 2\n", "replicas: 7\n")
    assert [a.path for a, b in zip(changed.files, plain.files, strict=True) if a.text != b.text] == [path]


def test_what_an_overlay_touched_says_so_in_header_and_owner(tmp_path: Path) -> None:
    built = build(tmp_path, "{kind: Deployment, jsonnet: overlay.jsonnet}", "function(doc) doc")
    file = next(file for file in built.files if file.kind == "Deployment")
    assert file.owner[-1] == "spec.overlays[0]"
    assert "# From spec.network.dns, spec.overlays[0].\n" in file.text


def test_keys_keep_their_order_and_new_ones_come_last(tmp_path: Path) -> None:
    program = "function(doc) doc { aaa: 1 }"
    built = build(tmp_path, "{kind: KubeSchedulerConfiguration, jsonnet: overlay.jsonnet}", program)
    lines = text(built, "control-plane/kube-scheduler/config.yaml").splitlines()
    keys = [line for line in lines if line[:1].isalpha()]
    assert keys[0] == "apiVersion: kubescheduler.config.k8s.io/v1"
    assert keys[-1] == "aaa: 1"


@pytest.mark.parametrize(
    ("overlay", "program", "id_", "message"),
    [
        ("{kind: Deplyment, jsonnet: overlay.jsonnet}", "function(doc) doc", "CC0011", "no Deplyment is emitted"),
        ("{kind: Deployment, jsonnet: gone.jsonnet}", None, "CC0016", "cannot import 'gone.jsonnet'"),
        ("{kind: Deployment, jsonnet: overlay.jsonnet}", "function(doc) doc.nothing", "CC0016", "nothing"),
        ("{kind: Deployment, jsonnet: overlay.jsonnet}", "function(doc) [doc]", "CC0016", "returns no object"),
        ("{kind: Deployment, jsonnet: /etc/passwd}", None, "CC0016", "leaves the project's folder"),
    ],
)
def test_a_wrong_overlay_is_a_finding_and_nothing_is_built(
    tmp_path: Path, overlay: str, program: str | None, id_: str, message: str
) -> None:
    finding = only_finding(build(tmp_path, overlay, program))
    assert finding.id == id_
    assert message in finding.message
    assert finding.span is not None


def test_a_wrong_overlay_is_found_without_a_build(tmp_path: Path) -> None:
    spec = tmp_path / "lab.yaml"
    spec.write_text(f"{LAB}\n  overlays:\n    - {{kind: Nope, jsonnet: overlay.jsonnet}}\n")
    (finding,) = pipeline.read(spec, name="lab.yaml", root=tmp_path).findings
    assert (finding.id, finding.path) == ("CC0011", "spec.overlays[0]")


def test_every_field_that_an_overlay_changed_is_known_with_its_value_before(tmp_path: Path) -> None:
    program = """
      function(doc) doc {
        apiServer+: {
          extraArgs: [if arg.name == 'event-ttl' then arg { value: '30m' } else arg for arg in super.extraArgs],
          certSANs: [],
        },
        clusterName:: null,
        extra: { 'a.b': 1 },
      }
    """
    built = build(tmp_path, "{kind: ClusterConfiguration, jsonnet: overlay.jsonnet}", program)
    changes = {change.field: (change.before, change.after) for change in built.checked.changes}
    assert changes == {
        "apiServer.extraArgs[event-ttl]": ("3600s", "30m"),
        "apiServer.certSANs": (["api.lab-10.internal", *(f"api-{n}.lab-10.internal" for n in range(3))], []),
        "clusterName": ("lab-10", None),
        "extra": (None, {"a.b": 1}),
    }
    assert {(change.overlay, change.file) for change in built.checked.changes} == {
        ("spec.overlays[0]", "control-plane/kubeadm/cluster-configuration.yaml")
    }


def test_an_overlay_that_changes_nothing_is_said_to_change_nothing(tmp_path: Path) -> None:
    built = build(tmp_path, "{kind: Deployment, jsonnet: overlay.jsonnet}", "function(doc) doc")
    assert built.checked.changes == ()
