"""What RESTORE.md says brings etcd back: carried out with etcd, etcdctl and etcdutl on the emitted configuration."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from conformance.etcd_members import Member, certificates, members, wait_healthy
from conformance.trees import OUTPUT, load

BLOCK = re.compile(r"(?ms)^```sh\n(.*?)^```$")
BACKUPS = "/var/backups/etcd"
# A revision that nobody saw before: RESTORE.md adds a thousand million.
BUMP = 1_000_000_000


def blocks(tree: Path) -> list[str]:
    found: list[str] = BLOCK.findall((tree / "etcd/main/RESTORE.md").read_text())
    assert found
    return found


def check_of(found: list[str]) -> str:
    """Return the check without `--cluster`: on loopback each member is asked by its own port."""
    (check,) = [block for block in found if "endpoint health" in block]
    return check.replace(" --cluster", "")


def etcdctl(member: Member, check: str, command: str) -> str:
    return member.shell(check.replace("endpoint health", command))


def save(group: list[Member], tree: Path, check: str) -> None:
    """Write, save by the tree's own script, and write again what is to be gone."""
    etcdctl(group[0], check, "put before kept")
    script = (tree / "etcd/main/etcd-backup.sh").read_text()
    (command,) = re.findall(r"(?m)^ExecStart=(.*)$", (tree / "etcd/main/etcd-backup.service").read_text())
    for member in group:
        (member.folder / "etc/etcd").mkdir(exist_ok=True)
        (member.folder / "etc/etcd/etcd-backup.sh").write_text(member.here(script))
        member.shell(command)
    etcdctl(group[0], check, "put after lost")
    # They save in turn; a turn that ends between two of them gives two.
    snapshot, *_ = (file for member in group for file in (member.folder / BACKUPS.strip("/")).glob("main-*.db"))
    for member in group:
        member.stop()
        shutil.copy(snapshot, member.folder / "root/snapshot.db")


def look(group: list[Member], check: str) -> None:
    for member in group:
        assert "kept" in etcdctl(member, check, "get before")
        found = json.loads(etcdctl(member, check, "get after -w json"))
        assert "kvs" not in found
        assert found["header"]["revision"] > BUMP
    names = json.loads(etcdctl(group[0], check, "member list -w json"))["members"]
    assert len(names) == len(group)


@pytest.fixture
def dedicated() -> Path:
    return OUTPUT / "flannel-300"


@pytest.fixture
def stacked() -> Path:
    return OUTPUT / "lab-10"


def test_members_on_machines_of_their_own_come_back(dedicated: Path, tmp_path: Path) -> None:
    configurations = sorted(dedicated.glob("etcd/main/*/etcd.yaml"))
    hosts = tuple(
        re.sub(r".*//(.*):.*", r"\1", load(file.read_text())["advertise-client-urls"]) for file in configurations
    )
    found = blocks(dedicated)
    check = check_of(found)
    restores = [block for block in found if "snapshot restore" in block]
    assert len(restores) == len(hosts)
    certificates(tmp_path / "pki", ("server", "peer", "client"))
    with members(hosts, tmp_path) as group:
        for member, file in zip(group, configurations, strict=True):
            shutil.copytree(tmp_path / "pki", member.folder / "etc/etcd/pki")
            (member.folder / "etc/etcd/etcd.yaml").write_text(member.here(file.read_text()))
            start(member)
        wait_healthy(group, check)
        save(group, dedicated, check)
        stop = next(block for block in found if "systemctl stop etcd" in block)
        for member, restore in zip(group, restores, strict=True):
            member.shell(stop)
            member.shell(restore)
            assert restore.index("snapshot restore") < restore.index("chown -R etcd:etcd /var/lib/etcd")
        for member in group:
            start(member)
        wait_healthy(group, check)
        look(group, check)


def start(member: Member) -> None:
    member.start(f"--config-file={member.folder}/etc/etcd/etcd.yaml")


def test_members_beside_the_api_servers_come_back(stacked: Path, tmp_path: Path) -> None:
    etcd = load((stacked / "control-plane/kubeadm/cluster-configuration.yaml").read_text())["etcd"]["local"]
    hosts = tuple(etcd["serverCertSANs"])
    found = blocks(stacked)
    check = check_of(found)
    certificates(tmp_path / "pki", ("server", "peer", "healthcheck-client"))
    with members(hosts, tmp_path) as group:
        manifests = [manifest(member, group, etcd) for member in group]
        for member, words in zip(group, manifests, strict=True):
            shutil.copytree(tmp_path / "pki", member.folder / "etc/kubernetes/pki/etcd")
            folder = member.folder / "etc/kubernetes/manifests"
            folder.mkdir(parents=True)
            (folder / "kube-apiserver.yaml").write_text("kind: Pod\n")
            (folder / "etcd.yaml").write_text("".join(f"    - {word}\n" for word in words))
            member.start(*words)
        wait_healthy(group, check)
        save(group, stacked, check)
        stop, names, restore = found[0], found[1], found[2]
        for member in group:
            member.shell(stop)
        printed = [member.shell(names).strip() for member in group]
        for member in group:
            again = re.sub(r"(?m)^mv .*|^echo .*", "", names)
            joined = re.sub(r"(?m)^cluster=.*", f"cluster={','.join(printed)}", restore)
            member.shell(f"{again}\n{joined}")
        for member, words in zip(group, manifests, strict=True):
            member.shell(found[3])
            assert (member.folder / "etc/kubernetes/manifests/etcd.yaml").exists()
            member.start(*words)
        wait_healthy(group, check)
        look(group, check)


def manifest(member: Member, group: list[Member], etcd: dict[str, object]) -> list[str]:
    """Return the flags of kubeadm's static pod, as kubeadm 1.37 writes them, on a node called after its number."""
    number = group.index(member)
    pki = f"{member.folder}/etc/kubernetes/pki/etcd"
    peers = ",".join(f"node-{index}=https://127.0.0.1:{each.peer}" for index, each in enumerate(group))
    extra = {str(argument["name"]): str(argument["value"]) for argument in arguments(etcd)}
    flags = {
        "advertise-client-urls": f"https://127.0.0.1:{member.client}",
        "cert-file": f"{pki}/server.crt",
        "client-cert-auth": "true",
        "data-dir": f"{member.folder}/var/lib/etcd",
        "initial-advertise-peer-urls": f"https://127.0.0.1:{member.peer}",
        "initial-cluster": peers,
        "key-file": f"{pki}/server.key",
        "listen-client-urls": f"https://127.0.0.1:{member.client}",
        "listen-metrics-urls": f"http://127.0.0.1:{member.metrics}",
        "listen-peer-urls": f"https://127.0.0.1:{member.peer}",
        "name": f"node-{number}",
        "peer-cert-file": f"{pki}/peer.crt",
        "peer-client-cert-auth": "true",
        "peer-key-file": f"{pki}/peer.key",
        "peer-trusted-ca-file": f"{pki}/ca.crt",
        "trusted-ca-file": f"{pki}/ca.crt",
        **extra,
    }
    return [f"--{name}={value}" for name, value in flags.items()]


def arguments(etcd: dict[str, object]) -> list[dict[str, object]]:
    found = etcd["extraArgs"]
    assert isinstance(found, list)
    return found
