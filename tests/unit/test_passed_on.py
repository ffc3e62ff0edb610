"""What a spec passes on to a program: each name and value against small tables, exactly, at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from clusterc import pipeline
from clusterc.diagnostics import Finding
from clusterc.kubernetes import tables as tables_module
from clusterc.model.document import File

ROOT = Path(__file__).resolve().parents[2]
SPEC = """\
apiVersion: clusterc.dev/v1alpha1
kind: Cluster
metadata: {{name: small}}
spec:
  preset: lab
  kubernetes: {kubernetes}
  provider: metal
  network: {{mode: flannel, nodeCIDR: 10.0.0.0/24, podCIDR: 10.64.0.0/16, serviceCIDR: 10.32.0.0/20}}
  controlPlane:
    endpoint: api.small.internal:6443
    {plane}
  {spec}
  nodePools:
    - name: cpu
      role: general
      machine: {{cpu: 32, memory: 128Gi}}
      nodes: 2
      {pool}
"""


def findings(
    folder: Path, *, kubernetes: str = "{version: 1.37.2}", plane: str = "", spec: str = "", pool: str = ""
) -> tuple[Finding, ...]:
    file = folder / "small.yaml"
    file.write_text(SPEC.format(kubernetes=kubernetes, plane=plane, spec=spec, pool=pool))
    return pipeline.read(file, name="small.yaml", root=folder).findings


def marked(finding: Finding, folder: Path) -> str:
    """Return the text that a finding points at."""
    span = finding.span
    assert span is not None
    return (folder / "small.yaml").read_text().splitlines()[span.line - 1][span.column - 1 : span.end_column - 1]


def told(found: tuple[Finding, ...], folder: Path) -> list[tuple[str, str, str, str, str]]:
    return [(f.id, f.severity.value, marked(f, folder), f.message, f.fix) for f in found]


FLAGS = {
    "unknown, a name like it": (
        {"plane": "apiServers: {flags: {max-request-inflight: 800}}"},
        ("CC3101", "error", "max-request-inflight"),
        "kube-apiserver of Kubernetes 1.37 has no flag max-request-inflight",
        "did you mean max-requests-inflight?",
    ),
    "with its dashes": (
        {"plane": "apiServers: {flags: {--profiling: false}}"},
        ("CC3101", "error", "--profiling"),
        "kube-apiserver of Kubernetes 1.37 has no flag --profiling",
        "did you mean profiling?",
    ),
    "unknown, nothing like it": (
        {"plane": "apiServers: {flags: {zzz: 1}}"},
        ("CC3101", "error", "zzz"),
        "kube-apiserver of Kubernetes 1.37 has no flag zzz",
        "remove it",
    ),
    "gone": (
        {"plane": "controllerManager: {flags: {concurrent-service-syncs: 5}}"},
        ("CC3101", "error", "concurrent-service-syncs"),
        (
            "kube-controller-manager of Kubernetes 1.37 has no flag concurrent-service-syncs: "
            "1.36 is the last minor that has it"
        ),
        "remove it; the nearest name is concurrent-gc-syncs",
    ),
    "not there yet": (
        {
            "kubernetes": "{version: 1.36.3}",
            "plane": "controllerManager: {flags: {concurrent-disruption-syncs: 5}}",
        },
        ("CC3101", "error", "concurrent-disruption-syncs"),
        (
            "kube-controller-manager of Kubernetes 1.36 has no flag concurrent-disruption-syncs: "
            "1.37 is the first minor that has it"
        ),
        "remove it, or write version: 1.37 or newer",
    ),
    "of the scheduler": (
        {"spec": "scheduler: {flags: {confg: /a}}"},
        ("CC3101", "error", "confg"),
        "kube-scheduler of Kubernetes 1.37 has no flag confg",
        "did you mean config?",
    ),
    "deprecated": (
        {"plane": "apiServers: {flags: {default-watch-cache-size: 200}}"},
        ("CC3103", "warning", "default-watch-cache-size"),
        (
            "kube-apiserver of Kubernetes 1.37 calls its flag default-watch-cache-size deprecated: "
            "watch caches are automatically sized"
        ),
        "remove it",
    ),
}


@pytest.mark.parametrize("name", FLAGS)
@pytest.mark.usefixtures("small")
def test_a_flag_that_a_program_does_not_take_is_a_finding(name: str, tmp_path: Path) -> None:
    parts, (id_, severity, at), message, fix = FLAGS[name]
    assert told(findings(tmp_path, **parts), tmp_path) == [(id_, severity, at, message, fix)]


VALUES = {
    "delete-collection-workers": ["many", "4.5", "true", "8Gi", '"1e3"'],
    "made-up-count": ["-1", "many"],
    "goaway-chance": ["often", '"0,1"', "false"],
    "profiling": ["maybe", "2", '"yes"'],
    "request-timeout": ["30", '"1 h"', "1d", "true"],
    "runtime-config": ["api/all"],
}
RIGHT = {
    "delete-collection-workers": ["1600", '"1600"', '"0x640"'],
    "made-up-count": ["0", "7"],
    "goaway-chance": ["0.001", '"0.001"', "0", '"1e-3"'],
    "profiling": ["false", '"false"', "1"],
    "request-timeout": ["30m", "1h30m0s", "0", "1.5h"],
    "runtime-config": ['"api/all=true,apps/v1=false"', '""'],
    "tls-min-version": ["VersionTLS12"],
}


@pytest.mark.parametrize(("flag", "value"), [(flag, value) for flag, values in VALUES.items() for value in values])
@pytest.mark.usefixtures("small")
def test_a_value_that_a_flag_cannot_read_is_a_finding(flag: str, value: str, tmp_path: Path) -> None:
    found = findings(tmp_path, plane=f"apiServers: {{flags: {{{flag}: {value}}}}}")
    (finding,) = found
    assert (finding.id, marked(finding, tmp_path)) == ("CC3102", value)


@pytest.mark.parametrize(("flag", "value"), [(flag, value) for flag, values in RIGHT.items() for value in values])
@pytest.mark.usefixtures("small")
def test_a_value_that_a_flag_can_read_is_none(flag: str, value: str, tmp_path: Path) -> None:
    assert findings(tmp_path, plane=f"apiServers: {{flags: {{{flag}: {value}}}}}") == ()


GATES = {
    "unknown": ("GenericWorklod: true", "CC3111", "error", "GenericWorklod", "did you mean GenericWorkload?"),
    "gone": (
        "GangScheduling: true",
        "CC3111",
        "error",
        "GangScheduling",
        "remove it",
    ),
    "locked": ("HostnameOverride: false", "CC3112", "error", "false", "remove it"),
    "deprecated": (
        "MadeUpDeprecated: true",
        "CC3113",
        "warning",
        "MadeUpDeprecated",
        "remove it before the minor that drops its name",
    ),
    "locked and default": ("HostnameOverride: true", "CC3114", "warning", "true", None),
    "on by default": ("HPAScaleToZero: true", "CC3114", "warning", "true", None),
    "off by default": ("GenericWorkload: false", "CC3114", "warning", "false", None),
}


@pytest.mark.parametrize("name", GATES)
@pytest.mark.usefixtures("small")
def test_a_gate_that_says_nothing_or_is_refused_is_a_finding(name: str, tmp_path: Path) -> None:
    gate, id_, severity, at, fix = GATES[name]
    (finding,) = findings(tmp_path, kubernetes=f"{{version: 1.37.2, featureGates: {{{gate}}}}}")
    assert (finding.id, finding.severity.value, marked(finding, tmp_path)) == (id_, severity, at)
    assert fix in {finding.fix, None}


@pytest.mark.parametrize("gate", ["GenericWorkload: true", "HPAScaleToZero: false", "AllAlpha: true", "AllBeta: false"])
@pytest.mark.usefixtures("small")
def test_a_gate_that_turns_something_over_is_none(gate: str, tmp_path: Path) -> None:
    assert findings(tmp_path, kubernetes=f"{{version: 1.37.2, featureGates: {{{gate}}}}}") == ()


@pytest.mark.usefixtures("small")
def test_a_gate_that_is_gone_names_its_last_minor(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, kubernetes="{version: 1.37.2, featureGates: {GangScheduling: false}}")
    assert finding.message == ("Kubernetes 1.37 has no feature gate GangScheduling: 1.36 is the last minor that has it")


@pytest.mark.usefixtures("small")
def test_a_gate_that_one_program_lacks_is_refused_only_there(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, kubernetes="{version: 1.37.2, featureGates: {LockOnExit: true}}")
    assert (finding.id, finding.message) == (
        "CC3111",
        "kube-scheduler of Kubernetes 1.37 cannot set the feature gate LockOnExit",
    )
    assert findings(tmp_path, plane="apiServers: {flags: {feature-gates: LockOnExit=true}}") == ()
    assert findings(tmp_path, pool="kubelet: {featureGates: {LockOnExit: true}}") == ()


@pytest.mark.parametrize("text", ["HPAScaleToZero", "HPAScaleToZero=maybe", "HPAScaleToZero=false LockOnExit=true"])
@pytest.mark.usefixtures("small")
def test_a_list_of_gates_that_is_none_is_a_finding(text: str, tmp_path: Path) -> None:
    found = findings(tmp_path, plane=f"apiServers: {{flags: {{feature-gates: {text}}}}}")
    assert [(f.id, marked(f, tmp_path)) for f in found] == [("CC3102", text)]


@pytest.mark.usefixtures("small")
def test_gates_inside_a_flag_are_found_there(tmp_path: Path) -> None:
    flag = '"kube:GangScheduling=true,HostnameOverride=false,HPAScaleToZero=false"'
    found = findings(tmp_path, plane=f"apiServers: {{flags: {{feature-gates: {flag}}}}}")
    assert [(f.id, marked(f, tmp_path)) for f in found] == [("CC3111", flag), ("CC3112", flag)]


@pytest.mark.usefixtures("small")
def test_gates_of_a_pool_s_kubelets_are_found_there(tmp_path: Path) -> None:
    found = findings(tmp_path, pool="kubelet: {featureGates: {HostnameOverride: false}}")
    assert [(f.id, f.path) for f in found] == [("CC3112", "spec.nodePools[cpu].kubelet.featureGates.HostnameOverride")]


FIELDS = {
    "misspelt": (
        {"pool": "kubelet: {maxPodz: 30}"},
        ("CC5101", "maxPodz"),
        "KubeletConfiguration of Kubernetes 1.37 has no field maxPodz",
        "did you mean maxPods?",
    ),
    "misspelt inside": (
        {"pool": "kubelet: {crashLoopBackOff: {maxRestartPeriod: 60s}}"},
        ("CC5101", "maxRestartPeriod"),
        "KubeletConfiguration of Kubernetes 1.37 has no field crashLoopBackOff.maxRestartPeriod",
        "did you mean maxContainerRestartPeriod?",
    ),
    "not there yet": (
        {"kubernetes": "{version: 1.36.3}", "pool": "kubelet: {defaultPodSysctls: {net.ipv4.tcp_syncookies: '1'}}"},
        ("CC5101", "defaultPodSysctls"),
        "KubeletConfiguration of Kubernetes 1.36 has no field defaultPodSysctls: 1.37 is the first minor that has it",
        "remove it, or write version: 1.37 or newer",
    ),
    "of another type": (
        {"pool": "kubelet: {podPidsLimit: many}"},
        ("CC5102", "many"),
        "podPidsLimit of KubeletConfiguration is 'many', not a whole number",
        "write a whole number",
    ),
    "a key with dots": (
        {"pool": "kubelet: {evictionHard: {memory.available: 5}}"},
        ("CC5102", "5"),
        "evictionHard[memory.available] of KubeletConfiguration is 5, not a text",
        'quote it: "5"',
    ),
    "not among those allowed": (
        {"pool": "kubelet: {topologyManagerScope: pods}"},
        ("CC5102", "pods"),
        "topologyManagerScope of KubeletConfiguration is 'pods'; allowed: container, pod",
        "did you mean pod?",
    ),
    "scheduler": (
        {"spec": "scheduler: {extra: {paralelism: 8}}"},
        ("CC4101", "paralelism"),
        "KubeSchedulerConfiguration of Kubernetes 1.37 has no field paralelism",
        "did you mean parallelism?",
    ),
    "extension point": (
        {"spec": "scheduler: {profiles: [{name: a, plugins: {scores: {enabled: [{name: ImageLocality}]}}}]}"},
        ("CC4101", "scores"),
        "KubeSchedulerConfiguration of Kubernetes 1.37 has no field plugins.scores",
        "did you mean score?",
    ),
    "weight": (
        {"spec": "scheduler: {profiles: [{name: a, plugins: {score: {enabled: [{name: X, weight: ten}]}}}]}"},
        ("CC4102", "ten"),
        ("plugins.score.enabled[X].weight of KubeSchedulerConfiguration is 'ten', not a whole number"),
        "write a whole number",
    ),
    "argument of a plugin": (
        {
            "spec": "scheduler: {profiles: [{name: a, pluginConfig: "
            "[{name: DefaultPreemption, args: {minCandidateNodes: 5}}]}]}"
        },
        ("CC4101", "minCandidateNodes"),
        (
            "KubeSchedulerConfiguration of Kubernetes 1.37 has no field "
            "pluginConfig[DefaultPreemption].args.minCandidateNodes"
        ),
        "did you mean minCandidateNodesPercentage?",
    ),
    "etcd": (
        {"plane": "etcd: {extra: {experimental-corrupt-check-time: 1}}"},
        ("CC2101", "experimental-corrupt-check-time"),
        "etcd 3.7 has no field experimental-corrupt-check-time",
        "did you mean corrupt-check-time?",
    ),
    "events etcd": (
        {"plane": "eventsEtcd: {extra: {auto-compaction-retention: 5}}"},
        ("CC2102", "5"),
        "auto-compaction-retention of etcd 3.7 is 5, not a text",
        'quote it: "5"',
    ),
    "a mapping for stacked members": (
        {"plane": "{placement: stacked, etcd: {extra: {client-transport-security: {cert-file: a}}}}"},
        ("CC2102", "{"),
        "client-transport-security is a mapping, but kubeadm passes keys to stacked members as flags",
        "write placement: dedicated, or remove it",
    ),
    "nothing for stacked members": (
        {"plane": "{placement: stacked, etcd: {extra: {corrupt-check-time: null}}}"},
        ("CC2102", "null"),
        "corrupt-check-time is nothing, but kubeadm passes keys to stacked members as flags",
        "write placement: dedicated, or remove it",
    ),
}


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.usefixtures("small")
def test_a_field_that_a_program_does_not_take_is_a_finding(name: str, tmp_path: Path) -> None:
    parts, (id_, at), message, fix = FIELDS[name]
    plane = parts.get("plane", "")
    if plane.startswith("{"):
        parts = parts | {"plane": plane[1:-1].replace(", etcd", "\n    etcd")}
    (finding,) = findings(tmp_path, **parts)
    assert (finding.id, finding.severity.value, finding.message, finding.fix) == (id_, "error", message, fix)
    assert marked(finding, tmp_path).startswith(at)


RIGHT_FIELDS = (
    {"pool": "kubelet: {evictionHard: {memory.available: 2Gi}, crashLoopBackOff: {maxContainerRestartPeriod: 60s}}"},
    {"pool": "kubelet: {podPidsLimit: null, evictionHard: {memory.available: null}}"},
    {"pool": "kubelet: {memoryThrottlingFactor: 0.8, allowedUnsafeSysctls: ['net.*']}"},
    {"spec": "scheduler: {profiles: [{name: a, pluginConfig: [{name: Coscheduling, args: {anything: 1}}]}]}"},
    {"plane": "etcd: {version: 3.6.16, extra: {experimental-corrupt-check-time: 1}}"},
    {"plane": "apiServers: {flags: {runtime-config: 'scheduling.k8s.io/v1beta1=true'}}"},
    {"plane": "apiServers: {flags: {runtime-config: 'api/beta=false,apps/v1/deployments=true,v1/services=true'}}"},
)


@pytest.mark.parametrize("parts", RIGHT_FIELDS, ids=lambda parts: next(iter(parts.values()))[:40])
@pytest.mark.usefixtures("small")
def test_what_a_program_takes_is_no_finding(parts: dict[str, str], tmp_path: Path) -> None:
    assert findings(tmp_path, **parts) == ()


@pytest.mark.usefixtures("small")
def test_a_path_through_a_key_with_dots_leads_back_to_its_place(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, pool="kubelet: {evictionHard: {memory.available: 5}}")
    source = pipeline.read(tmp_path / "small.yaml", name="small.yaml", root=tmp_path).source
    assert source is not None
    path = source.path(finding.path)
    assert finding.path == "spec.nodePools[cpu].kubelet.evictionHard[memory.available]"
    assert path is not None
    assert source.span(path) == finding.span


@pytest.mark.usefixtures("small")
def test_an_api_version_that_only_another_minor_has_is_a_finding(tmp_path: Path) -> None:
    flag = "'scheduling.k8s.io/v1alpha2=true,scheduling.k8s.io/v1beta1=true'"
    (finding,) = findings(tmp_path, plane=f"apiServers: {{flags: {{runtime-config: {flag}}}}}")
    assert (finding.id, marked(finding, tmp_path)) == ("CC3121", flag)
    assert finding.message == (
        "the API server of Kubernetes 1.37 does not have scheduling.k8s.io/v1alpha2: 1.36 is the last minor that has it"
    )


@pytest.mark.usefixtures("small")
def test_an_api_version_that_no_minor_has_is_a_finding_with_the_nearest(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, plane="apiServers: {flags: {runtime-config: scheduling.k8s.io/v1beta2=true}}")
    assert finding.message == "the API server of Kubernetes 1.37 does not have scheduling.k8s.io/v1beta2"
    assert finding.fix == "did you mean scheduling.k8s.io/v1beta1?"


@pytest.mark.usefixtures("small")
def test_everything_wrong_is_said_in_one_run(tmp_path: Path) -> None:
    found = findings(
        tmp_path,
        kubernetes="{version: 1.37.2, featureGates: {GangScheduling: true}}",
        plane="apiServers: {flags: {zzz: 1, profiling: maybe}}",
        pool="kubelet: {maxPodz: 30, podPidsLimit: many}",
    )
    assert [f.id for f in found] == ["CC3111", "CC3101", "CC3102", "CC5101", "CC5102"]


def test_a_spec_that_passes_nothing_on_reads_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables_module, "_read", refuse)
    spec = ROOT / "clusters" / "research-7500.yaml"
    built = pipeline.build(pipeline.read(spec, name="clusters/research-7500.yaml", root=ROOT))
    assert built.files


def test_only_the_tables_of_one_minor_are_read_and_only_those_needed(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    real = tables_module._read

    def noting(path: Path) -> object:
        seen.append(path.relative_to(small / "schemas").as_posix())
        return real(path)

    monkeypatch.setattr(tables_module, "_read", noting)
    findings(tmp_path, kubernetes="{version: 1.36.3, featureGates: {GenericWorkload: true}}")
    assert set(seen) == {"kubernetes/1.36/gates.json"}
    seen.clear()
    findings(tmp_path, pool="kubelet: {maxPodz: 30}")
    assert set(seen) == {"kubernetes/1.37/kinds/KubeletConfiguration.json", "kubernetes/1.37/elsewhere.json"}


def test_a_minor_that_clusterc_does_not_know_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables_module, "_read", refuse)
    found = findings(tmp_path, kubernetes="{version: 1.33.4, featureGates: {X: true}}", pool="kubelet: {maxPodz: 1}")
    assert [f.id for f in found] == ["CC0014"]


def refuse(path: Path) -> object:
    raise AssertionError(path)


@pytest.mark.parametrize(
    ("place", "one", "other"),
    [
        (
            "pool",
            'kubelet: {kubeReserved: {cpu: "2", memory: 4Gi}}',
            'kubelet: {kubeReserved: {memory: 4Gi, cpu: "2"}}',
        ),
        (
            "spec",
            "scheduler: {pluginConfig: [{name: InterPodAffinity, args: {hardPodAffinityWeight: 5}}]}",
            "scheduler: {pluginConfig: [{args: {hardPodAffinityWeight: 5}, name: InterPodAffinity}]}",
        ),
    ],
)
def test_keys_within_what_is_passed_on_may_be_written_in_any_order(
    place: str, one: str, other: str, tmp_path: Path
) -> None:
    def files(said: str) -> tuple[File, ...]:
        file = tmp_path / "small.yaml"
        file.write_text(
            SPEC.format(**{"kubernetes": "{version: 1.37.2}", "plane": "", "spec": "", "pool": "", place: said})
        )
        return pipeline.build(pipeline.read(file, name="small.yaml", root=tmp_path)).files

    assert files(one) == files(other) != ()


def test_settings_of_the_aws_vpc_plugin_are_words_that_its_documentation_has(tmp_path: Path) -> None:
    told = "settings: {AWS_VPC_K8S_CNI_EXTERNALSNAT: true, WARM_PREFIX_TARGET: 2}"
    text = SPEC.format(kubernetes="{version: 1.37.2}", plane="", spec="", pool="")
    text = text.replace("provider: metal", "provider: aws").replace(
        "mode: flannel", f"mode: native, cni: aws-vpc, {told}"
    )
    file = tmp_path / "small.yaml"
    file.write_text(text)
    built = pipeline.build(pipeline.read(file, name="small.yaml", root=tmp_path))
    (patch,) = [each.text for each in built.files if each.path == "network/aws-node.patch.yaml"]
    assert "name: AWS_VPC_K8S_CNI_EXTERNALSNAT\n              value: 'true'\n" in patch
    assert "name: WARM_PREFIX_TARGET\n              value: '2'\n" in patch
