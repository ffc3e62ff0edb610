"""A release that the output names is one whose own code reads it in the conformance tests, or says who chose it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from clusterc.kubernetes import NEWEST, OLDEST, Minor, images
from clusterc.kubernetes.etcd import EtcdMinor, etcd_minor_of
from clusterc.model.cluster import Cluster
from clusterc.pipeline import read, understand

ROOT = Path(__file__).resolve().parents[2]
READERS = ROOT / "tests" / "conformance" / "readers"
SPECS = sorted((ROOT / "clusters").glob("*.yaml"))
MODULE = re.compile(r"(?m)^(?:require )?\s*(\S+) v(\S+)(?: //.*)?$")
# What a decision says of a release that no reader is built from.
DEPLOYED = ("kubeadm of this minor deploys", "in this minor's own manifest", "in flannel's own manifest")
READ = "in the tests"


def required(file: str) -> dict[str, str]:
    """Return the modules that a reader is built from, by name."""
    return dict(MODULE.findall((READERS / file).read_text()))


def clusters() -> Iterator[Cluster]:
    for spec in SPECS:
        yield understand(read(spec, name=spec.name, root=ROOT))[0]


@pytest.mark.parametrize(("minor", "file"), [("3.6.0", "etcd/etcd-3.6.mod"), ("3.7.0", "etcd/go.mod")])
def test_etcd_on_machines_of_its_own_is_the_release_that_reads_its_files(minor: str, file: str) -> None:
    assert etcd_minor_of(minor).release == required(file)["go.etcd.io/etcd/server/v3"]


def test_etcds_tools_are_of_the_newest_release() -> None:
    tools = required("etcdtools/go.mod")
    versions = {tools[f"go.etcd.io/etcd/{name}/v3"] for name in ("server", "etcdctl", "etcdutl")}
    assert versions == {EtcdMinor(3, 7).release}


def test_the_newest_corednss_and_flannels_are_the_releases_that_read_their_files() -> None:
    node = required("node/go.mod")
    assert images(Minor(NEWEST)).coredns == node["github.com/coredns/coredns"]
    flannels = {cluster.network.flannel.image for cluster in clusters() if cluster.network.flannel}
    assert {image.rpartition(":v")[2] for image in flannels} == {node["github.com/flannel-io/flannel"]}


def test_network_plugins_are_the_releases_whose_own_projects_judge_their_settings() -> None:
    modules = {"aws-vpc": "github.com/aws/amazon-vpc-cni-k8s", "cilium": "github.com/cilium/cilium"}
    named = {cluster.network.cni: cluster.network.plugin_release for cluster in clusters()}
    for plugin, module in modules.items():
        release = named[plugin]
        assert release is not None
        assert release.removeprefix("v") == required("plugins/go.mod")[module]


def test_the_newest_minor_is_the_one_whose_code_reads() -> None:
    assert images(Minor(NEWEST)).patch == required("kubernetes/go.mod")["k8s.io/kubernetes"]


@pytest.mark.parametrize("number", range(OLDEST, NEWEST + 1))
def test_etcd_on_machines_of_its_own_is_of_the_minor_that_kubeadm_deploys(number: int) -> None:
    deployed = images(Minor(number)).etcd
    assert etcd_minor_of(etcd_minor_of(deployed).release) == etcd_minor_of(deployed)


def test_every_release_says_who_chose_it() -> None:
    for cluster in clusters():
        releases = {
            path: decision
            for path, decision in cluster.decisions.items()
            if re.fullmatch(r"spec\.(addons\[.*\]|controlPlane\.\w+)\.version", path)
        }
        assert {"spec.addons[coredns].version", "spec.controlPlane.etcd.version"} <= releases.keys()
        for path, decision in releases.items():
            assert READ in decision.why or any(words in decision.why for words in DEPLOYED), path


def test_a_stacked_etcd_is_the_one_that_kubeadm_deploys() -> None:
    for cluster in clusters():
        etcd = cluster.control_plane.etcd
        deployed = images(cluster.minor).etcd
        assert etcd.version == (deployed if etcd.stacked else etcd_minor_of(deployed).release)
