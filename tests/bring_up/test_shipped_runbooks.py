"""The runbook of every shipped tree is carried out step by step, and leaves machines on which no file is missing."""

from __future__ import annotations

import filecmp
import json
import re
from pathlib import Path

import pytest

from bring_up.sandbox import CONTROL_PLANE, RunbookError
from bring_up.site import READ_BY_PEOPLE, Site, carry_out, not_named_once

OUTPUT = Path(__file__).resolve().parents[2] / "output"
TREES = sorted(path.parent for path in OUTPUT.glob("*/MANIFEST.json"))
# What commands read where it is.
APPLIED = ("network/cilium-values.yaml", "network/aws-node.patch.yaml")
# Absolute paths in files; `//` belongs to addresses.
PATH = re.compile(r"(?<![\w./:}-])(/(?:etc|var|run|opt|usr|root)/[\w./-]*[\w-])")
# Paths that a program makes itself when it starts, and why that is known.
MADE = {
    "/etc/cni/net.d": "the network plugin writes it, or a step places it",
    "/etc/containerd/certs.d": "registries without mirrors need none",
    "/etc/containerd/conf.d": "what others add lies there; nothing need",
    "/etc/kubernetes/kubelet.conf.d": "placed where there is a pool",
    "/run/containerd/containerd.sock": "containerd's",
    "/var/backups/etcd": "etcd-backup.sh makes it",
    "/var/lib/etcd": "the unit's StateDirectory, or kubeadm's hostPath",
    "/var/lib/etcd/main": "etcd, in its StateDirectory",
    "/var/lib/etcd/events": "etcd, in its StateDirectory",
    "/var/lib/kube-proxy/kubeconfig.conf": "in kube-proxy's pod, from kubeadm's ConfigMap",
    "/var/log/kubernetes/audit": "a hostPath of type DirectoryOrCreate",
    "/var/log/kubernetes/audit/audit.log": "kube-apiserver",
}


@pytest.fixture(scope="module", params=TREES, ids=lambda tree: tree.name)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Site:
    tree: Path = request.param
    return carry_out((tree / "README.md").read_text(), tree, tmp_path_factory.mktemp("site"))


def files_of(tree: Path) -> tuple[str, ...]:
    """Return every file that somebody must put somewhere."""
    manifest = json.loads((tree / "MANIFEST.json").read_text())
    return tuple(sorted(set(manifest["files"]) - READ_BY_PEOPLE))


def test_there_are_trees() -> None:
    assert len(TREES) >= 8


def test_every_file_is_named_once_for_each_kind_of_machine(site: Site) -> None:
    assert not_named_once(site.steps, files_of(site.tree)) == {}


def test_every_placed_file_lies_where_it_was_sent(site: Site) -> None:
    placed = [path for machine in site.machines.values() for path in machine.folder.rglob("*") if path.is_file()]
    given = ("control-plane/kubeadm/", "nodes/kubelet.yaml", "network/kube-proxy.yaml", "objects/", *APPLIED)
    for file in files_of(site.tree):
        if file.startswith(given) or file.endswith("join-configuration.yaml"):
            continue
        assert any(filecmp.cmp(site.tree / file, path, shallow=False) for path in placed), file


def test_no_step_needs_what_a_later_one_makes(site: Site) -> None:
    for step in site.steps:
        assert [need for need in step.needs if need.step is not None and need.step >= step.number] == [], step.title


def test_namespaces_definitions_and_rights_are_there_before_what_lies_in_them(site: Site) -> None:
    applied = [word for step in site.steps for line in step.lines("") if "apply" in line for word in line[-1:]]
    assert "objects/_cluster" in applied
    assert all(
        applied.index("objects/_cluster") < applied.index(word) for word in applied if word.startswith("objects/k")
    )


def test_every_program_of_a_network_plugin_is_supplied_or_brought(site: Site) -> None:
    configurations = [*site.tree.glob("network/cni/*"), *site.tree.glob("objects/kube-flannel/configmap-*.yaml")]
    called = {name for file in configurations for name in re.findall(r'"type": "([a-z-]+)"', file.read_text())}
    supplied = {
        name
        for step in site.steps
        for line in step.text.splitlines()
        if line.startswith("| `/opt/cni/bin` |")
        for name in re.findall(r"`([a-z-]+)`", line)
    }
    # flannel's own is copied by its DaemonSet, which has it call bridge and host-local.
    assert called - {"flannel"} <= supplied
    assert "flannel" not in called or {"bridge", "host-local"} <= supplied
    assert "loopback" in supplied


def test_what_the_files_refer_to_is_there(site: Site) -> None:
    for name, machine in site.machines.items():
        for file in sorted(path for path in machine.folder.rglob("*") if path.is_file()):
            where = f"/{file.relative_to(machine.folder)}"
            for path in PATH.findall(file.read_text()):
                known = machine.path(path).exists() or path in MADE
                assert known, f"{name}: {where} names {path}, which nobody makes"


def test_every_api_server_ends_with_its_keys_and_no_machine_with_a_token(site: Site) -> None:
    for name, machine in site.machines.items():
        if name.startswith("api"):
            assert [path for path in CONTROL_PLANE if not machine.path(path).exists()] == [], name
        if name != "api 0":
            assert not machine.path("/etc/kubernetes/discovery.conf").exists(), name
            assert not machine.path("/root/pki.tar").exists(), name


def test_every_step_says_how_to_see_that_it_worked(site: Site) -> None:
    for step in site.steps:
        assert step.checks, step.title
        assert "It worked if" in step.text or not step.script, step.title


def test_placed_files_act(site: Site) -> None:
    """Units are read after daemon-reload, settings after `sysctl --system`, modules before the settings they bring."""
    for step in site.steps:
        text = step.script
        if "/etc/systemd/system" in text:
            assert text.rindex("/etc/systemd/system") < text.index("systemctl daemon-reload"), step.title
        if "/etc/sysctl.d" in text:
            assert text.rindex("/etc/sysctl.d") < text.index("sysctl --system"), step.title
        if "/etc/modules-load.d" in text:
            order = [text.index(f) for f in ("/etc/modules-load.d", "restart systemd-modules-load", "sysctl --system")]
            assert order == sorted(order), step.title
        if "/etc/containerd" in text:
            assert text.rindex("/etc/containerd") < text.index("systemctl restart containerd"), step.title


def test_no_block_waits_for_a_quorum(site: Site) -> None:
    """etcd's unit is of type notify and waits for ever: it is started without waiting."""
    for step in site.steps:
        for line in step.script.splitlines():
            if re.search(r"systemctl (start|restart|enable --now)", line) and "etcd.service" in line:
                assert "--no-block" in line


SPOILT = [
    ("lab-10", " sa.key ", " ", "there is no /etc/kubernetes/pki/sa.key"),
    ("lab-10", " etcd/ca.key", "", "there is no /etc/kubernetes/pki/etcd/ca.key"),
    ("research-7500", " apiserver-etcd-client.key", "", "there is no /etc/kubernetes/pki/apiserver-etcd-client.key"),
    ("research-7500", "`/etc/kubernetes/pki/etcd/ca.crt`", "a file", "there is no /etc/kubernetes/pki/etcd/ca.crt"),
    ("lab-10", "etcd/main/etcd-backup.sh", "etcd/main/backup.sh", "cannot stat"),
    (
        "lab-10",
        "> /etc/kubernetes/discovery.conf",
        "> /root/discovery.conf",
        "there is no /etc/kubernetes/discovery.conf",
    ),
    ("lab-10", "-m 0644 -t /etc/sysctl.d control", "-m 0644 /etc/sysctl.d control", "install"),
]


@pytest.mark.parametrize(("name", "old", "new", "message"), SPOILT)
def test_a_runbook_that_leaves_something_out_stops(name: str, old: str, new: str, message: str, tmp_path: Path) -> None:
    readme = (OUTPUT / name / "README.md").read_text()
    assert old in readme
    with pytest.raises(RunbookError, match=message):
        carry_out(readme.replace(old, new), OUTPUT / name, tmp_path)
