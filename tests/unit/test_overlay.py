from __future__ import annotations

from pathlib import Path

import pytest

from clusterc import pipeline
from clusterc.diagnostics import Finding

pytestmark = pytest.mark.usefixtures("small")
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
    program = "function(doc) doc { delayCacheUntilActive: true }"
    built = build(tmp_path, "{kind: KubeSchedulerConfiguration, jsonnet: overlay.jsonnet}", program)
    lines = text(built, "control-plane/kube-scheduler/config.yaml").splitlines()
    keys = [line for line in lines if line[:1].isalpha()]
    assert keys[0] == "apiVersion: kubescheduler.config.k8s.io/v1"
    assert keys[-1] == "delayCacheUntilActive: true"


@pytest.mark.parametrize(
    ("overlay", "program", "id_", "message"),
    [
        ("{kind: Deplyment, jsonnet: overlay.jsonnet}", "function(doc) doc", "CC0011", "no Deplyment is emitted"),
        ("{kind: HAProxy, jsonnet: overlay.jsonnet}", "function(doc) doc", "CC0011", "HAProxy is emitted as text"),
        ("{kind: Sysctl, name: x, jsonnet: overlay.jsonnet}", "function(doc) doc", "CC0011", "overlays change trees"),
        (
            "{kind: Deployment, name: x, jsonnet: overlay.jsonnet}",
            "function(doc) doc",
            "CC0011",
            "no Deployment named x",
        ),
        ("{kind: Deployment, jsonnet: gone.jsonnet}", None, "CC0016", "cannot import 'gone.jsonnet'"),
        ("{kind: Deployment, jsonnet: overlay.jsonnet}", "function(doc) doc.nothing", "CC0016", "nothing"),
        ("{kind: Deployment, jsonnet: overlay.jsonnet}", "function(doc) [doc]", "CC0016", "returns no object"),
        ("{kind: Deployment, jsonnet: /etc/passwd}", None, "CC0016", "leaves the project's folder"),
        (
            "{kind: Deployment, jsonnet: overlay.jsonnet}",
            "function(doc) doc { metadata+: { name: 'other' } }",
            "CC0016",
            "over objects/kube-system/deployment-coredns.yaml, renames coredns",
        ),
        ("{kind: Deployment, jsonnet: overlay.jsonnet}", "function(doc) { spec: doc.spec }", "CC0016", "loses kind"),
    ],
)
def test_a_wrong_overlay_is_a_finding_and_nothing_is_built(
    tmp_path: Path, overlay: str, program: str | None, id_: str, message: str
) -> None:
    finding = only_finding(build(tmp_path, overlay, program))
    assert finding.id == id_
    assert message in finding.message
    assert finding.span is not None


def test_toml_has_no_null(tmp_path: Path) -> None:
    overlay = "{kind: ContainerdConfiguration, jsonnet: overlay.jsonnet}"
    built = build(tmp_path, overlay, "function(doc) doc { a: [{ b: null }] }")
    assert built.files == ()
    found = built.checked.findings
    assert {(finding.id, finding.path) for finding in found} == {("CC0016", "spec.overlays[0].jsonnet")}
    assert all(finding.message.endswith("sets a.0.b to null, which TOML has not") for finding in found)


def test_the_kinds_that_an_overlay_for_none_is_offered_are_those_that_one_can_change(tmp_path: Path) -> None:
    finding = only_finding(build(tmp_path, "{kind: HAProxy, jsonnet: overlay.jsonnet}", "function(doc) doc"))
    offered = finding.fix.removeprefix("kinds of this tree: ").split(", ")
    plain = build(tmp_path, "{kind: Deployment, jsonnet: overlay.jsonnet}", "function(doc) doc")
    assert set(offered) < {file.kind for file in plain.files}
    for kind in offered:
        assert build(tmp_path, f"{{kind: {kind}, jsonnet: overlay.jsonnet}}", "function(doc) doc").files, kind


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


def overlaid(folder: Path, *overlays: tuple[str, str]) -> pipeline.Built:
    """Build the lab with overlays, each of a kind and a Jsonnet function."""
    lines = []
    for number, (kind, program) in enumerate(overlays):
        (folder / f"{number}.jsonnet").write_text(f"function(doc) {program}")
        lines.append(f"    - {{kind: {kind}, jsonnet: {number}.jsonnet}}\n")
    spec = folder / "lab.yaml"
    dedicated = LAB.replace("    endpoint:", "    placement: dedicated\n    endpoint:")
    spec.write_text(f"{dedicated}\n  overlays:\n{''.join(lines)}")
    return pipeline.build(pipeline.read(spec, name="lab.yaml", root=folder))


REFUSED = {
    "unknown field": (
        ("Deployment", "doc { spec+: { replicaz: 7 } }"),
        (
            "makes objects/kube-system/deployment-coredns.yaml wrong: "
            "Deployment of Kubernetes 1.37 has no field spec.replicaz"
        ),
        "did you mean replicas?",
    ),
    "unknown field that another minor has": (
        ("Deployment", "doc { spec+: { madeUpOldField: 7 } }"),
        (
            "makes objects/kube-system/deployment-coredns.yaml wrong: "
            "Deployment of Kubernetes 1.37 has no field spec.madeUpOldField: 1.36 is the last minor that has it"
        ),
        "remove it",
    ),
    "wrong type": (
        ("Deployment", "doc { spec+: { replicas: 'seven' } }"),
        (
            "makes objects/kube-system/deployment-coredns.yaml wrong: "
            "spec.replicas of Deployment is 'seven', not a whole number"
        ),
        "write a whole number",
    ),
    "API version that is not served": (
        (
            "PriorityClass",
            "if doc.metadata.name == 'batch' then doc { apiVersion: 'scheduling.k8s.io/v1alpha2' } else doc",
        ),
        (
            "makes objects/_cluster/priorityclass-batch.yaml wrong: "
            "the API server of Kubernetes 1.37 serves no PriorityClass of scheduling.k8s.io/v1alpha2"
        ),
        "write apiVersion: scheduling.k8s.io/v1",
    ),
    "kind that is not served": (
        ("Deployment", "doc { kind: 'Deploymnt' }"),
        (
            "makes objects/kube-system/deployment-coredns.yaml wrong: "
            "the API server of Kubernetes 1.37 serves no Deploymnt of apps/v1"
        ),
        "did you mean Deployment?",
    ),
    "flag inside kubeadm's file": (
        ("ClusterConfiguration", "doc { apiServer+: { extraArgs+: [{ name: 'profilng', value: 'false' }] } }"),
        (
            "makes control-plane/kubeadm/cluster-configuration.yaml wrong: "
            "kube-apiserver of Kubernetes 1.37 has no flag profilng"
        ),
        "did you mean profiling?",
    ),
    "gate of the kubelets": (
        (
            "KubeletConfiguration",
            "if std.objectHas(doc, 'cgroupDriver') then doc { featureGates: {Zzz: true} } else doc",
        ),
        "makes nodes/kubelet.yaml wrong: Kubernetes 1.37 has no feature gate Zzz",
        "remove it",
    ),
    "key of etcd": (
        ("EtcdConfiguration", "doc { 'quota-backend-bites': 1 }"),
        "makes etcd/main/etcd-0/etcd.yaml wrong: etcd 3.7 has no field quota-backend-bites",
        "did you mean quota-backend-bytes?",
    ),
    "inside a document inside a document": (
        ("AdmissionConfiguration", "doc { plugins: [super.plugins[0] { configuration+: { limitz: [] } }] }"),
        (
            "makes control-plane/kube-apiserver/admission-configuration.yaml wrong: "
            "EventRateLimitConfiguration of Kubernetes 1.37 has no field limitz"
        ),
        "did you mean limits?",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_an_overlay_makes_wrong_is_a_finding_at_the_overlay(name: str, tmp_path: Path) -> None:
    overlay, message, fix = REFUSED[name]
    built = overlaid(tmp_path, overlay)
    assert built.files == ()
    finding = built.checked.findings[0]
    assert (finding.id, finding.severity.value) == ("CC0021", "error")
    assert finding.message == f"spec.overlays[0] {message}"
    assert (finding.path, finding.fix) == ("spec.overlays[0].jsonnet", fix)
    line = (tmp_path / "lab.yaml").read_text().splitlines()[finding.span.line - 1] if finding.span else ""
    assert line.strip().startswith(f"- {{kind: {overlay[0]},")


def test_a_problem_is_said_of_the_overlay_that_brought_it_and_once(tmp_path: Path) -> None:
    harmless, wrong = "doc { spec+: { replicas: 3 } }", "doc { spec+: { replicaz: 3 } }"
    built = overlaid(tmp_path, ("Deployment", harmless), ("Deployment", wrong), ("Deployment", harmless))
    assert only_finding(built).path == "spec.overlays[1].jsonnet"


def test_what_a_later_overlay_mends_is_no_problem(tmp_path: Path) -> None:
    wrong = "doc { spec+: { replicaz: 3 } }"
    mends = "doc { spec: { [name]: doc.spec[name] for name in std.objectFields(doc.spec) if name != 'replicaz' } }"
    assert overlaid(tmp_path, ("Deployment", wrong), ("Deployment", mends)).checked.findings == ()


def test_what_an_overlay_may_say_but_should_not_is_a_warning_and_is_built(tmp_path: Path) -> None:
    program = "doc { apiServer+: { extraArgs+: [{ name: 'default-watch-cache-size', value: '200' }] } }"
    built = overlaid(tmp_path, ("ClusterConfiguration", program))
    (finding,) = built.checked.findings
    assert (finding.id, finding.severity.value) == ("CC0021", "warning")
    assert "default-watch-cache-size" in text(built, "control-plane/kubeadm/cluster-configuration.yaml")


def test_a_document_that_no_table_knows_is_left_alone(tmp_path: Path) -> None:
    custom = "if doc.metadata.name == 'batch' then doc { apiVersion: 'example.com/v1', zzz: 1 } else doc"
    assert overlaid(tmp_path, ("PriorityClass", custom)).checked.findings == ()


def test_linting_finds_what_building_would(tmp_path: Path) -> None:
    overlaid(tmp_path, ("Deployment", "doc { spec+: { replicaz: 7 } }"))
    checked = pipeline.read(tmp_path / "lab.yaml", name="lab.yaml", root=tmp_path)
    assert [finding.id for finding in checked.findings] == ["CC0021"]
