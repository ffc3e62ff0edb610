"""A tree put on one machine as its README says: files where they belong, and what kubeadm makes of them."""

from __future__ import annotations

import json
import shutil
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from conformance.control_plane import replacements as differ
from conformance.control_plane.client import Credentials
from conformance.control_plane.processes import ProgramFailedError
from conformance.programs import KUBERNETES, build, last_words, run
from conformance.trees import load

API_SERVER_FILES = Path("etc/kubernetes/apiserver")
ADMISSION = "admission-configuration.yaml"
SCHEDULER_CONFIG = Path("etc/kubernetes/scheduler/config.yaml")
PKI = Path("etc/kubernetes/pki")
LOGS = Path("var/log/kubernetes/audit")
# What a human supplies where the spec names an encryption file: the tree holds no keys.
ENCRYPTION_FLAG = "encryption-provider-config"
ENCRYPTION = {
    "apiVersion": "apiserver.config.k8s.io/v1",
    "kind": "EncryptionConfiguration",
    "resources": [
        {
            "resources": ["secrets"],
            "providers": [
                {"secretbox": {"keys": [{"name": "k1", "secret": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}]}}
            ],
        }
    ],
}


@dataclass(frozen=True, slots=True)
class Staged:
    """A tree's files below `folder`, and the flags of each static pod of kubeadm's, by component."""

    tree: Path
    folder: Path
    ports: differ.Ports
    flags: Mapping[str, Mapping[str, str]]

    def credentials(self, name: str = "super-admin", headers: Mapping[str, str] | None = None) -> Credentials:
        """Return who one of kubeadm's kubeconfigs stands for, and for whom that one speaks by headers."""
        file = self.folder / "etc/kubernetes" / name
        return Credentials(
            self.folder / PKI / "ca.crt", file.with_suffix(".crt"), file.with_suffix(".key"), headers or {}
        )

    def etcd_credentials(self) -> Credentials:
        """Return the API server's certificate for etcd."""
        pki = self.folder / PKI
        key = pki / "apiserver-etcd-client"
        return Credentials(pki / "etcd/ca.crt", key.with_suffix(".crt"), key.with_suffix(".key"))


@cache
def program(name: str) -> tuple[str, ...]:
    """Return the command that is a Kubernetes component."""
    return (str(build(KUBERNETES)), "program", name)


def etcds(tree: Path) -> tuple[str, ...]:
    """Return a tree's etcds, the main one first."""
    folders = (tree / "etcd").iterdir() if (tree / "etcd").exists() else ()
    return ("main", *sorted({folder.name for folder in folders if folder.is_dir()} - {"main"}))


def etcd_members(tree: Path) -> dict[str, str]:
    """Return the etcd behind each address at which one of a tree's members says that clients reach it."""
    return {
        address: file.parents[1].name
        for file in sorted(tree.glob("etcd/*/*/etcd.yaml"))
        for address in load(file.read_text())["advertise-client-urls"].split(",")
    }


def stage(tree: Path, folder: Path, *, emulate: str | None = None) -> Staged:
    """Put a tree's control plane below `folder`: certificates, kubeconfigs, the files that components read."""
    ports = differ.Ports.free(etcds(tree))
    for part, place in (("kube-apiserver", API_SERVER_FILES), ("kube-scheduler", SCHEDULER_CONFIG.parent)):
        (folder / place).mkdir(parents=True)
        for file in (tree / "control-plane" / part).iterdir():
            (folder / place / file.name).write_text(differ.rooted(file.read_text(), folder))
    (folder / LOGS).mkdir(parents=True)
    _kubeadm_certificates(tree, folder, ports)
    _kubeconfigs(folder, ports)
    manifests = _kubeadm_manifests(folder)
    flags = {name: _flags_of(folder, manifest) for name, manifest in manifests.items()}
    changes = {
        "kube-apiserver": differ.api_server_flags(flags["kube-apiserver"], ports, etcd_members(tree), emulate=emulate),
        "kube-scheduler": differ.scheduler_flags(ports),
        "kube-controller-manager": differ.controller_manager_flags(ports),
    }
    changed = {name: {**flags[name], **change} for name, change in changes.items()}
    if encryption := changed["kube-apiserver"].get(ENCRYPTION_FLAG):
        Path(encryption).parent.mkdir(parents=True, exist_ok=True)
        Path(encryption).write_text(json.dumps(ENCRYPTION))
    return Staged(tree, folder, ports, {**flags, **changed})


def command(name: str, flags: Mapping[str, str]) -> tuple[str, ...]:
    """Return how a component is started with these flags."""
    return (*program(name), *(f"--{flag}={value}" for flag, value in flags.items()))


def _kubeadm_certificates(tree: Path, folder: Path, ports: differ.Ports) -> None:
    source = tree / "control-plane/kubeadm"
    init = differ.init_configuration(load((source / "init-configuration.yaml").read_text()), ports)
    text = differ.rooted((source / "cluster-configuration.yaml").read_text(), folder)
    cluster = differ.cluster_configuration(load(text), ports, folder)
    files = (tree / path for path in ("nodes/kubelet.yaml", "network/kube-proxy.yaml"))
    _write(folder / "kubeadm.yaml", init, cluster, *(load(file.read_text()) for file in files if file.exists()))
    _write(folder / "etcd-certificates.yaml", init, differ.for_etcd_certificates(cluster))
    for path, content in _kept.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    kubeadm(folder, "certs", "all")
    if not _kept:
        _make_once(folder)


# Certificates that are the same for every tree, by path; to make them anew takes longer than to start an API server.
_kept: dict[Path, bytes] = {}


def _make_once(folder: Path) -> None:
    kubernetes, machines = folder / "etc/kubernetes", folder / "etc/etcd/pki"
    for phase in ("etcd-ca", "etcd-server", "etcd-peer", "apiserver-etcd-client"):
        kubeadm(folder, "certs", phase, config="etcd-certificates.yaml")
    kubeadm(folder, "kubeconfig", "all", "--kubeconfig-dir", str(kubernetes))
    for file in kubernetes.glob("*.conf"):
        user = load(file.read_text())["users"][0]["user"]
        for ending, part in (("crt", "client-certificate-data"), ("key", "client-key-data")):
            file.with_suffix(f".{ending}").write_bytes(b64decode(user[part]))
    # etcd's own machines hold its certificates elsewhere.
    machines.mkdir(parents=True)
    for name in ("ca.crt", "server.crt", "server.key", "peer.crt", "peer.key"):
        shutil.copy(folder / PKI / "etcd" / name, machines / name)
    of_tree = {"apiserver.crt", "apiserver.key"}
    made = [
        file for root in (kubernetes, machines) for file in root.rglob("*") if file.suffix in {".crt", ".key", ".pub"}
    ]
    _kept.update({file.relative_to(folder): file.read_bytes() for file in made if file.name not in of_tree})


def _kubeconfigs(folder: Path, ports: differ.Ports) -> None:
    """Write the kubeconfig of each component, as kubeadm does, for the certificates that are kept."""
    for name in ("scheduler", "controller-manager"):
        kubernetes = folder / "etc/kubernetes"
        parts = {
            "cluster": {"server": differ.url(ports.api_server), "certificate-authority": str(folder / PKI / "ca.crt")},
            "user": {
                "client-certificate": str(kubernetes / f"{name}.crt"),
                "client-key": str(kubernetes / f"{name}.key"),
            },
        }
        body = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "c", "cluster": parts["cluster"]}],
            "users": [{"name": "u", "user": parts["user"]}],
            "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
            "current-context": "x",
        }
        (kubernetes / f"{name}.conf").write_text(json.dumps(body))


def _kubeadm_manifests(folder: Path) -> dict[str, Path]:
    target = folder / "manifests"
    target.mkdir()
    kubeadm(folder, "control-plane", "all", "--dry-run", environment={"KUBEADM_INIT_DRYRUN_DIR": str(target)})
    if "local" in load((folder / "kubeadm.yaml").read_text().split("\n---\n")[1])["etcd"]:
        kubeadm(folder, "etcd", "local", "--dry-run", environment={"KUBEADM_INIT_DRYRUN_DIR": str(target)})
    return {file.stem: file for file in target.glob("*.yaml")}


def kubeadm(
    folder: Path, *phase: str, config: str = "kubeadm.yaml", environment: Mapping[str, str] | None = None
) -> None:
    """Run one phase of `kubeadm init`."""
    assignments = ("env", *(f"{name}={value}" for name, value in (environment or {}).items()))
    words = (*assignments, *program("kubeadm"), "init", "phase", *phase, "--config", str(folder / config))
    result = run(words)
    if result.returncode != 0:
        raise ProgramFailedError(f"kubeadm init phase {' '.join(phase)}:\n{last_words(result)}")


def _write(file: Path, *documents: Any) -> None:
    file.write_text("\n---\n".join(json.dumps(document, indent=1) for document in documents))


def _flags_of(folder: Path, manifest: Path) -> dict[str, str]:
    """Return the flags of a static pod, in their order; a machine's paths lie below `folder`."""
    (container,) = load(manifest.read_text())["spec"]["containers"]
    words: list[str] = [
        differ.rooted(word, folder) if str(folder) not in word else word for word in container["command"][1:]
    ]
    return {name.removeprefix("--"): value for name, _, value in (word.partition("=") for word in words)}
