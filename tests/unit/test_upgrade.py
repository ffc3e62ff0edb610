"""What another release breaks, changes by itself, and makes clusterc write differently, on small tables."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from clusterc import pipeline
from clusterc.kubernetes import images, minor_of
from clusterc.kubernetes.releases import NoWayError, way
from clusterc.model.upgrade import Step, Upgrade
from clusterc.report.upgrade import as_json, as_text

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
    - {{name: cpu, role: general, machine: {{cpu: 32, memory: 128Gi}}, nodes: 2}}
    - {{name: mem, role: general, machine: {{cpu: 32, memory: 512Gi}}, nodes: 2{pool}}}
"""


def upgrade(
    folder: Path,
    to: str = "1.37",
    *,
    kubernetes: str = "{version: 1.36.3}",
    plane: str = "",
    spec: str = "",
    pool: str = "",
) -> Upgrade:
    file = folder / "small.yaml"
    file.write_text(SPEC.format(kubernetes=kubernetes, plane=plane, spec=spec, pool=pool))
    return pipeline.upgrade(pipeline.read(file, name="small.yaml", root=folder), to)


def only_step(found: Upgrade) -> Step:
    (step,) = found.steps
    return step


WAYS = {
    ("1.36.3", "1.37"): ["1.36.3", "newest 1.37"],
    ("1.36.3", "1.37.0"): ["1.36.3", "1.37.0"],
    ("1.36.3", "v1.37.1"): ["1.36.3", "1.37.1"],
    ("1.36", "1.37"): ["newest 1.36", "newest 1.37"],
    ("1.34.1", "1.37.1"): ["1.34.1", "newest 1.35", "newest 1.36", "1.37.1"],
    ("1.36.3", "1.36.9"): ["1.36.3", "1.36.9"],
    ("1.36.3", "1.36"): ["1.36.3"],
    ("1.36.3", "1.36.3"): ["1.36.3"],
}


@pytest.mark.parametrize(("version", "to"), WAYS)
def test_the_way_goes_one_minor_at_a_time(version: str, to: str) -> None:
    expected = [
        images(minor_of(stop.removeprefix("newest "))).patch if stop.startswith("newest") else stop
        for stop in WAYS[version, to]
    ]
    found = way(version, to)
    assert list(found) == expected
    assert all(minor_of(b).number - minor_of(a).number in {0, 1} for a, b in pairwise(found))


NO_WAYS = {
    ("1.36.3", "1.35"): "1.35.4 is older than 1.36.3: Kubernetes does not go back",
    ("1.37.2", "1.37.1"): "1.37.1 is older than 1.37.2",
    ("1.37.10", "1.37.9"): "1.37.9 is older than 1.37.10",
    ("1.36.3", "1.38"): "Kubernetes 1.38 is newer than what clusterc knows: 1.34 to 1.37",
    ("1.36.3", "1.33.9"): "Kubernetes 1.33 is older than what clusterc knows",
    ("1.36.3", "2.0"): "'2.0' is not a Kubernetes release; write it as 1.37 or 1.37.2",
    ("1.36.3", "newest"): "'newest' is not a Kubernetes release",
    ("1.36.3", "1.37.2-rc.1"): "is not a Kubernetes release",
    ("1.36.3", ""): "is not a Kubernetes release",
}


@pytest.mark.parametrize(("version", "to"), NO_WAYS)
def test_where_there_is_no_way_it_is_said_why(version: str, to: str) -> None:
    with pytest.raises(NoWayError) as error:
        way(version, to)
    assert NO_WAYS[version, to] in str(error.value)


BREAKS = {
    "flag": (
        {"plane": "controllerManager: {flags: {concurrent-service-syncs: 5}}"},
        ("CC3101", 11, "concurrent-service-syncs"),
    ),
    "gate": (
        {"kubernetes": "{version: 1.36.3, featureGates: {GenericWorkload: true, GangScheduling: true}}"},
        ("CC3111", 6, "GangScheduling"),
    ),
    "locked gate": (
        {"kubernetes": "{version: 1.36.3, featureGates: {HostnameOverride: false}}"},
        ("CC3112", 6, "HostnameOverride"),
    ),
    "API version": (
        {"plane": "apiServers: {flags: {runtime-config: 'scheduling.k8s.io/v1alpha2=true'}}"},
        ("CC3121", 11, "scheduling.k8s.io/v1alpha2"),
    ),
    "key of etcd": (
        {"plane": "etcd: {extra: {experimental-corrupt-check-time: 1}}"},
        ("CC2101", 11, "experimental-corrupt-check-time"),
    ),
}


@pytest.mark.parametrize("name", BREAKS)
@pytest.mark.usefixtures("small")
def test_what_the_next_minor_lacks_breaks_at_its_place(name: str, tmp_path: Path) -> None:
    parts, (id_, line, named) = BREAKS[name]
    step = only_step(upgrade(tmp_path, **parts))
    (finding,) = step.breaks
    assert (finding.id, finding.span.line if finding.span else None) == (id_, line)
    assert named in finding.message
    assert step.warns == ()


@pytest.mark.usefixtures("small")
def test_what_was_wrong_before_is_not_said_again(tmp_path: Path) -> None:
    gates = "featureGates: {HostnameOverride: true, HPAScaleToZero: true}"
    step = only_step(upgrade(tmp_path, kubernetes=f"{{version: 1.36.3, {gates}}}"))
    assert step.breaks == ()
    assert [(finding.id, finding.path) for finding in step.warns] == [
        ("CC3114", "spec.kubernetes.featureGates.HPAScaleToZero")
    ]


@pytest.mark.usefixtures("small")
def test_an_overlay_that_the_next_minor_refuses_breaks(tmp_path: Path) -> None:
    flag = "{ name: 'concurrent-service-syncs', value: '5' }"
    (tmp_path / "overlay.jsonnet").write_text(f"function(doc) doc {{ controllerManager+: {{ extraArgs+: [{flag}] }} }}")
    overlay = "overlays: [{kind: ClusterConfiguration, jsonnet: overlay.jsonnet}]"
    (finding,) = only_step(upgrade(tmp_path, spec=overlay)).breaks
    assert (finding.id, finding.path) == ("CC0021", "spec.overlays[0].jsonnet")
    assert "kube-controller-manager of Kubernetes 1.37 has no flag concurrent-service-syncs" in finding.message


def test_an_emitted_object_whose_api_version_goes_breaks(small: Path, tmp_path: Path) -> None:
    folder = small / "schemas/kubernetes/1.37"
    gone = {"apis": {"policy/v1/PodDisruptionBudget": {"until": "1.36"}}}
    for name, change in (("elsewhere", gone), ("resources", {"policy/v1": {}})):
        table = json.loads((folder / f"{name}.json").read_text())
        (folder / f"{name}.json").write_text(json.dumps(table | change))
    (finding,) = only_step(upgrade(tmp_path)).breaks
    assert finding.id == "CC8001"
    assert finding.message == (
        "objects/kube-system/poddisruptionbudget-coredns.yaml: "
        "the API server of Kubernetes 1.37 serves no PodDisruptionBudget of policy/v1: "
        "1.36 is the last minor that has it"
    )


def changes(step: Step, area: str) -> list[tuple[str, object, object, str]]:
    return [(change.name, change.before, change.after, change.note) for change in step.by_itself if change.area == area]


@pytest.mark.usefixtures("small")
def test_gates_that_nobody_sets_turn_over_by_themselves(tmp_path: Path) -> None:
    step = only_step(upgrade(tmp_path))
    assert changes(step, "feature gates") == [
        ("HPAScaleToZero", "off", "on", "BETA"),
        ("NFTablesNetlink", None, "on", "BETA"),
    ]


@pytest.mark.usefixtures("small")
def test_a_gate_that_is_set_does_not_turn_over(tmp_path: Path) -> None:
    step = only_step(upgrade(tmp_path, kubernetes="{version: 1.36.3, featureGates: {HPAScaleToZero: true}}"))
    assert [name for name, *_ in changes(step, "feature gates")] == ["NFTablesNetlink"]


@pytest.mark.usefixtures("small")
def test_defaults_of_flags_that_nobody_gives_change_by_themselves(tmp_path: Path) -> None:
    step = only_step(upgrade(tmp_path))
    assert changes(step, "kube-apiserver") == [("--made-up-count", "7", "1", "")]
    # --fail-cgroupv1 stands for the field failCgroupV1, and is no change of its own.
    assert changes(step, "kubelet") == [("--made-up-flag", "1", "2", "")]
    given = only_step(upgrade(tmp_path, plane="apiServers: {flags: {made-up-count: 3}}"))
    assert changes(given, "kube-apiserver") == []


@pytest.mark.usefixtures("small")
def test_defaults_of_fields_that_nobody_writes_change_by_themselves(tmp_path: Path) -> None:
    step = only_step(upgrade(tmp_path, pool=", kubelet: {memorySwap: {swapBehavior: NoSwap}}"))
    assert changes(step, "KubeletConfiguration") == [
        ("memorySwap.swapBehavior", "", "NoSwap", "in pool cpu"),
        ("memoryThrottlingFactor", 0.9, None, ""),
    ]


@pytest.mark.usefixtures("small")
def test_arguments_of_plugins_that_a_profile_leaves_alone_change_by_themselves(tmp_path: Path) -> None:
    assert changes(only_step(upgrade(tmp_path)), "DefaultPreemptionArgs") == [
        ("minCandidateNodesPercentage", 10, 20, "")
    ]
    args = "{name: DefaultPreemption, args: {minCandidateNodesPercentage: 10}}"
    said = f"scheduler: {{profiles: [{{name: own, pluginConfig: [{args}]}}]}}"
    assert changes(only_step(upgrade(tmp_path, spec=said)), "DefaultPreemptionArgs") == [
        ("minCandidateNodesPercentage", 10, 20, "in profile default-scheduler")
    ]


@pytest.mark.usefixtures("small")
def test_the_releases_of_etcd_and_dns_follow_the_minor_unless_etcd_s_is_said(tmp_path: Path) -> None:
    assert [change[:3] for change in changes(only_step(upgrade(tmp_path)), "images")] == [
        ("etcd", "3.6.8", "3.7.0"),
        ("CoreDNS", "1.14.2", "1.14.6"),
    ]
    pinned = only_step(upgrade(tmp_path, plane="etcd: {version: 3.6.16}"))
    assert [change[0] for change in changes(pinned, "images")] == ["CoreDNS"]


@pytest.mark.usefixtures("small")
def test_files_that_clusterc_writes_differently_name_what_changes_in_them(tmp_path: Path) -> None:
    files = {file.path: file for file in only_step(upgrade(tmp_path)).written}
    cluster = files["control-plane/kubeadm/cluster-configuration.yaml"]
    assert [(change.name, change.before, change.after) for change in cluster.changes] == [
        ("kubernetesVersion", "v1.36.3", "v1.37.2")
    ]
    assert (cluster.before, cluster.after, cluster.impact) == (True, True, "restart")
    coredns = files["objects/kube-system/deployment-coredns.yaml"]
    assert [change.name for change in coredns.changes] == ["spec.template.spec.containers[coredns].image"]
    assert "etcd/main/etcd-0/etcd.yaml" not in files


@pytest.mark.usefixtures("small")
def test_a_patch_release_changes_nothing_by_itself(tmp_path: Path) -> None:
    step = only_step(upgrade(tmp_path, to="1.36.9"))
    assert (step.breaks, step.by_itself) == ((), ())
    assert "control-plane/kubeadm/cluster-configuration.yaml" in {file.path for file in step.written}


@pytest.mark.usefixtures("small")
def test_a_cluster_that_is_there_has_nothing_to_do(tmp_path: Path) -> None:
    found = upgrade(tmp_path, to="1.36")
    assert found.steps == ()
    assert as_text(found, width=80) == "small is at 1.36.3: nothing to do\n"


@pytest.mark.usefixtures("small")
def test_the_text_stands_in_groups_with_places(tmp_path: Path) -> None:
    found = upgrade(tmp_path, plane="controllerManager: {flags: {concurrent-service-syncs: 5}}")
    lines = as_text(found, width=100).splitlines()
    assert lines[0] == "small: Kubernetes 1.36.3 -> 1.37.2"
    groups = [line for line in lines if line and not line.startswith(" ")][1:]
    assert groups == ["breaks: 1", "changes by itself: 9", "clusterc writes differently: 3 files"]
    assert "  small.yaml:11:33: CC3101 unknown-flag" in lines
    assert "    HPAScaleToZero   off -> on   BETA" in lines
    assert "    memoryThrottlingFactor   0.9 -> none" in lines
    assert "    kubernetesVersion  v1.36.3 -> v1.37.2" in lines
    assert all(line == line.rstrip() for line in lines)


@pytest.mark.usefixtures("small")
def test_json_says_the_same(tmp_path: Path) -> None:
    found = json.loads(as_json(upgrade(tmp_path, plane="controllerManager: {flags: {concurrent-service-syncs: 5}}")))
    assert (found["cluster"], found["from"], found["to"]) == ("small", "1.36.3", "1.37.2")
    (step,) = found["steps"]
    assert [(item["id"], item["span"]["line"]) for item in step["breaks"]] == [("CC3101", 11)]
    assert {"area": "feature gates", "name": "NFTablesNetlink", "from": None, "to": "on", "note": "BETA"} in step[
        "changesByItself"
    ]
    assert {"path", "change", "impact", "owner", "changes"} == set(step["writesDifferently"][0])
