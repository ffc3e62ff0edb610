"""Whatever valid spec comes in: it compiles, every file reads back as it was meant, and no file holds a secret."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from ruamel.yaml import YAML

from clusterc import pipeline
from clusterc.emit import emit
from clusterc.model.cluster import Cluster
from clusterc.model.control_plane import Etcd, authority
from clusterc.model.document import Document, Form
from clusterc.write import names
from clusterc.write.render import render
from conformance.conftest import MODULES, UNPROVED
from conformance.hosts import PROGRAMS
from specs import MODES, PRESETS, PROVIDERS, Plain, checked, specs

few = settings(max_examples=40)
# Readers that one program, built around Kubernetes' own packages, answers for; it is told which.
KUBERNETES = frozenset(
    {"admission-configuration", "api-object", "audit-policy", "kube-proxy", "kube-scheduler", "kubeadm", "kubelet"}
    | {"kubelet-dropin"}
)
READERS = KUBERNETES | PROGRAMS.keys() | MODULES.keys() | UNPROVED.keys()
SECRETS = {
    "key or certificate": r"-----BEGIN|PRIVATE KEY",
    "bootstrap token": r"\b[a-z0-9]{6}\.[a-z0-9]{16}\b",
    "value of a secret field": r"(?i)\b(password|secret|bearer|token|client-key-data|api-?key)\b *[:=] *[^\s{\[]",
    "long random text": r"[A-Za-z0-9+]{64,}={0,2}",
}
# Where a network plugin's own configuration lies.
PLUGINS = {
    "calico": r"objects/_cluster/installation-default\.yaml",
    "cilium": r"network/cilium-values\.yaml",
    "flannel": r"objects/kube-flannel/.*",
    "aws-vpc": r"network/.*aws-node.*",
}


def built(data: Plain) -> pipeline.Built:
    result = pipeline.build(checked(data))
    assert [finding.message for finding in result.checked.findings if finding.severity.rank == 0] == []
    assert result.cluster is not None
    return result


def compiled(data: Plain) -> tuple[Cluster, tuple[Document, ...]]:
    cluster, capacity = pipeline.understand(checked(data))
    return cluster, emit(cluster, capacity)


def body(document: Document) -> dict[str, Any]:
    assert isinstance(document.body, dict)
    return document.body


def read_back(document: Document, text: str) -> Any:
    """Return what a program would read from a file's text."""
    if document.form is Form.JSON:
        return json.loads(text)
    if document.form is Form.TOML:
        return tomllib.loads(text)
    return YAML(typ="safe", pure=True).load(text)


def trees(documents: tuple[Document, ...]) -> Iterator[Document]:
    yield from (document for document in documents if document.form not in {Form.TEXT, Form.MARKDOWN})


@given(specs())
@few
def test_a_valid_spec_compiles_to_files_with_safe_and_distinct_paths(data: Plain) -> None:
    files = built(data).files
    assert len({file.path.casefold() for file in files}) == len(files) > 20
    names.refuse_unsafe(Path("output"), (file.path for file in files))
    assert [file.path for file in files] == sorted(file.path for file in files)


@given(specs())
@settings(max_examples=12)
def test_every_tree_is_read_back_as_it_was_meant(data: Plain) -> None:
    cluster, documents = compiled(data)
    for document in trees(documents):
        assert read_back(document, render(document, cluster=cluster.name).text) == document.body, document.path


@given(specs())
@few
def test_every_file_ends_its_last_line_and_leaves_no_blanks(data: Plain) -> None:
    for file in built(data).files:
        assert file.text.endswith("\n"), file.path
        assert not file.text.endswith("\n\n"), file.path
        assert "\r" not in file.text, file.path
        assert "\t" not in file.text or file.kind in {"HAProxyConfiguration", "ConfigMap"}, file.path


@given(specs())
@few
def test_no_file_holds_a_secret(data: Plain) -> None:
    for file in built(data).files:
        assert secrets(file.text) == [], file.path


def secrets(text: str) -> list[str]:
    """Return what looks like a secret; etcd's `initial-cluster-token` is a name, and says so."""
    text = re.sub(r"(?m)^initial-cluster-token: '?\S+-(main|events)'?$", "", text)
    return [what for what, pattern in SECRETS.items() if re.search(pattern, text)]


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("key or certificate", "-----BEGIN RSA PRIVATE KEY-----"),
        ("bootstrap token", "- abcdef.0123456789abcdef"),
        ("value of a secret field", "password: hunter2"),
        ("value of a secret field", "client-key-data: LS0tLS1CRUdJTg=="),
        ("long random text", "value: " + "QUJD" * 20),
    ],
)
def test_a_secret_would_be_noticed(what: str, text: str) -> None:
    assert secrets(text) == [what]


@given(specs())
@few
def test_every_file_has_a_known_reader_and_owners_in_the_spec(data: Plain) -> None:
    for file in built(data).files:
        assert file.reader in READERS, file.path
        assert file.owner, file.path
        assert all(owner.startswith(("spec", "metadata")) for owner in file.owner), file.path


@given(specs())
@few
def test_every_file_that_takes_comments_says_where_to_edit(data: Plain) -> None:
    cluster, documents = compiled(data)
    for document in documents:
        if document.form in {Form.YAML, Form.TOML, Form.TEXT}:
            head = render(document, cluster=cluster.name).text.splitlines()[:3]
            assert f"# Made by clusterc for {cluster.name}. Edit the spec and build again, not this file." in head
            assert f"# From {', '.join(document.owner)}." in head


@given(specs())
@few
def test_every_object_of_the_api_lies_where_its_identity_says(data: Plain) -> None:
    _, documents = compiled(data)
    for document in documents:
        if document.reader == "api-object":
            tree = body(document)
            metadata = tree["metadata"]
            folder = metadata.get("namespace", "_cluster")
            assert document.path == f"objects/{folder}/{tree['kind'].lower()}-{metadata['name']}.yaml"
            assert tree["kind"] == document.kind


@given(specs())
@few
def test_every_etcd_has_an_odd_number_of_members_that_know_each_other(data: Plain) -> None:
    cluster, documents = compiled(data)
    plane = cluster.control_plane
    for etcd in filter(None, (plane.etcd, plane.events_etcd)):
        assert len(etcd.members) % 2 == 1
        assert len({member.host for member in etcd.members}) == len(etcd.members)
        files = [body(d) for d in documents if d.kind == "EtcdConfiguration" and f"/{etcd.name}/" in d.path]
        assert len(files) == (0 if etcd.stacked else len(etcd.members))
        for file in files:
            assert file["initial-cluster"] == peers(etcd)
            assert f"{file['name']}={file['initial-advertise-peer-urls']}" in file["initial-cluster"].split(",")


def peers(etcd: Etcd) -> str:
    return ",".join(f"{member.name}=https://{authority(member.host, 2380)}" for member in etcd.members)


@given(specs())
@few
def test_stacked_members_live_on_the_api_servers(data: Plain) -> None:
    plane = compiled(data)[0].control_plane
    if plane.etcd.stacked:
        assert tuple(member.host for member in plane.etcd.members) == plane.api_server.hosts


@given(specs())
@few
def test_every_pool_gets_its_files_and_no_other_pool_does(data: Plain) -> None:
    cluster, documents = compiled(data)
    found = {document.path for document in documents}
    for pool in cluster.pools:
        folder = f"nodes/{pool.name}"
        wanted = {
            f"kubelet/50-{pool.name}.conf",
            "join-configuration.yaml",
            "containerd/config.toml",
            "90-clusterc.conf",
        }
        assert {f"{folder}/{name}" for name in wanted} <= found
    folders = {path.split("/")[1] for path in found if path.startswith("nodes/") and path.count("/") > 1}
    assert folders == {pool.name for pool in cluster.pools}


@given(specs())
@few
def test_every_machine_with_a_kubelet_passes_kubeadms_preflight_and_starts_containers(data: Plain) -> None:
    cluster, documents = compiled(data)
    files = {document.path: document for document in documents}
    kubelet = body(files["nodes/kubelet.yaml"])
    for folder in ("control-plane/machine", *(f"nodes/{pool.name}" for pool in cluster.pools)):
        kernel = str(files[f"{folder}/90-clusterc.conf"].body).splitlines()
        # kubeadm v1.37.2, cmd/kubeadm/app/preflight: the file of ip_forward must say 1.
        assert "net.ipv4.ip_forward = 1" in kernel, folder
        # systemd raises fs.file-max as far as it goes, and the kernel's own is a tenth of the memory.
        assert not [line for line in kernel if line.startswith("fs.file-max")], folder
        assert "br_netfilter\n" in str(files[f"{folder}/modules.conf"].body), folder
        plugins = body(files[f"{folder}/containerd/config.toml"])["plugins"]
        runc = plugins["io.containerd.cri.v1.runtime"]["containerd"]["runtimes"]["runc"]
        assert runc["options"]["SystemdCgroup"] is (kubelet["cgroupDriver"] == "systemd"), folder
        assert "pause" in plugins["io.containerd.cri.v1.images"]["pinned_images"]["sandbox"], folder
        for unit in ("containerd", "kubelet"):
            assert f"{folder}/{unit}.service.d/20-clusterc.conf" in files


@given(specs())
@few
def test_only_the_chosen_network_plugin_is_configured(data: Plain) -> None:
    cluster, documents = compiled(data)
    for plugin, pattern in PLUGINS.items():
        files = [document.path for document in documents if re.fullmatch(pattern, document.path)]
        assert bool(files) == (plugin == cluster.network.cni), plugin


@given(specs())
@few
def test_kube_proxy_is_configured_where_it_runs_and_only_there(data: Plain) -> None:
    cluster, documents = compiled(data)
    found = [document for document in documents if document.reader == "kube-proxy"]
    assert bool(found) == (cluster.network.proxy_mode != "none")
    kubeadm = next(body(document) for document in documents if document.kind == "ClusterConfiguration")
    assert (kubeadm.get("proxy") == {"disabled": True}) == (not found)


@given(specs())
@few
def test_every_kubelet_asks_the_name_server_that_is_there(data: Plain) -> None:
    cluster, documents = compiled(data)
    kubelet = next(body(document) for document in documents if document.path == "nodes/kubelet.yaml")
    cached = any(document.path.endswith("daemonset-node-local-dns.yaml") for document in documents)
    assert cached == cluster.network.dns.node_local
    service = next(body(d) for d in documents if d.path == "objects/kube-system/service-kube-dns.yaml")
    expected = cluster.network.dns.address if cached else service["spec"]["clusterIP"]
    assert kubelet["clusterDNS"] == [expected]


@pytest.mark.parametrize(
    ("field", "values"),
    [("provider", PROVIDERS), ("preset", PRESETS), ("network.mode", MODES)],
)
def test_every_value_of_a_choice_is_drawn(field: str, values: tuple[str, ...]) -> None:
    seen = set()

    @given(specs())
    @settings(max_examples=150, database=None)
    def collect(data: Plain) -> None:
        node: Any = data["spec"]
        for step in field.split("."):
            node = node[step]
        seen.add(node)

    # A run may dwell on few shapes; that none of ten draws a value is no accident.
    for _ in range(10):
        collect()
        if seen == set(values):
            break
    assert seen == set(values)
