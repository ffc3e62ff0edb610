"""kubeadm itself, on machines that are folders: what the runbook hands on is what kubeadm looks for."""

from __future__ import annotations

import re
import shlex
import subprocess
import tarfile
from pathlib import Path

import pytest

from bring_up.runbook import Step, steps
from clusterc import pipeline
from conformance.minors import for_newest
from conformance.programs import KUBERNETES, build, last_words, run
from conformance.trees import OUTPUT, load

PKI = "/etc/kubernetes/pki"
TOKEN = "abcdef.0123456789abcdef"  # noqa: S105 - kubeadm's own example
GENERATED = re.compile(r'Generating "([^"]+)"')
# What differs between API servers: each has its own.
OWN = {"apiserver", "apiserver-kubelet-client", "front-proxy-client"}
OWN_OF_ETCD = {"etcd/server", "etcd/peer", "etcd/healthcheck-client", "apiserver-etcd-client"}


def program() -> list[str]:
    return [str(build(KUBERNETES)), "program", "kubeadm"]


def kubeadm(*words: str, dry: Path | None = None) -> str:
    assignments = ["env", f"KUBEADM_INIT_DRYRUN_DIR={dry}"] if dry else []
    result = run([*assignments, *program(), *words])
    assert result.returncode == 0, last_words(result)
    return result.stdout


def step(tree: str, title: str) -> Step:
    return next(each for each in steps((OUTPUT / tree / "README.md").read_text()) if each.title == title)


def config(tree: Path, folder: Path) -> Path:
    """Return what the runbook gives kubeadm, with a machine's folder of certificates and a release of kubeadm's own."""
    init = next(each for each in steps((tree / "README.md").read_text()) if each.title == "The first API server")
    files = [word for word in init.lines("")[0] if word.endswith(".yaml") and not word.startswith("/")]
    text = "".join((tree / file).read_text() for file in files).replace(PKI, str(folder / "pki"))
    text = text.replace("kind: ClusterConfiguration\n", f"kind: ClusterConfiguration\ncertificatesDir: {folder}/pki\n")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "kubeadm.yaml").write_text(for_newest(text))
    return folder / "kubeadm.yaml"


def made(tree: Path, folder: Path) -> set[str]:
    """Return the certificates and keys that kubeadm makes on a machine because they are not there."""
    return set(GENERATED.findall(kubeadm("init", "phase", "certs", "all", "--config", str(config(tree, folder)))))


def supplied(folder: Path) -> None:
    """Put etcd's certificates where a human does; kubeadm passes them on as they are."""
    (folder / "pki/etcd").mkdir(parents=True)
    for name in ("etcd/ca.crt", "apiserver-etcd-client.crt", "apiserver-etcd-client.key"):
        (folder / "pki" / name).write_text(f"{name}\n")


def shared(tree: str, first: Path, second: Path, *, without: str = "") -> None:
    """Carry out the runbook's tar on the first API server, and unpack on the second."""
    (line,) = [words for words in step(tree, "What the others join with").lines("") if words[0] == "tar"]
    names = [word for word in line[line.index("-cf") + 2 :] if word != without]
    with tarfile.open(first / "pki.tar", "w") as archive:
        for name in names:
            archive.add(first / "pki" / name, name)
    with tarfile.open(first / "pki.tar") as archive:
        archive.extractall(second / "pki", filter="data")


@pytest.mark.parametrize(("tree", "own"), [("lab-10", OWN | OWN_OF_ETCD), ("research-7500", OWN)])
def test_a_further_api_server_makes_only_what_is_its_own(tree: str, own: set[str], tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    if own == OWN:
        supplied(first)
    alike = {"ca", "front-proxy-ca", "sa"} | (set() if own == OWN else {"etcd/ca"})
    assert made(OUTPUT / tree, first) == own | alike
    shared(tree, first, second)
    assert made(OUTPUT / tree, second) == own


@pytest.mark.parametrize(("left_out", "anew"), [("etcd/ca.key", None), ("sa.key", "sa"), ("front-proxy-ca.key", None)])
def test_an_api_server_that_lacks_one_of_them_is_no_part_of_the_cluster(
    left_out: str, anew: str | None, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    made(OUTPUT / "lab-10", first)
    shared("lab-10", first, second, without=left_out)
    words = ["init", "phase", "certs", "all", "--config", str(config(OUTPUT / "lab-10", second))]
    result = run([*program(), *words])
    assert result.returncode != 0 or anew in GENERATED.findall(result.stdout)


def test_what_machines_join_with_has_the_clusters_address_authority_and_a_token(tmp_path: Path) -> None:
    made(OUTPUT / "lab-10", tmp_path)
    (line,) = [words for words in step("lab-10", "What the others join with").lines("") if words[1:2] == ["kubeconfig"]]
    words = [TOKEN if "token create" in word else word for word in line[1 : line.index(">")]]
    words = [str(tmp_path / "kubeadm.yaml") if word.endswith("/kubeadm.yaml") else word for word in words]
    found = load(kubeadm(*words))
    (cluster,), (user,) = found["clusters"], found["users"]
    assert cluster["cluster"]["server"] == "https://api.lab-10.internal:6443"
    assert cluster["cluster"]["certificate-authority-data"]
    assert user["user"] == {"token": TOKEN}
    assert found["current-context"]


def test_names_of_stacked_members_are_read_off_kubeadms_manifest(tmp_path: Path) -> None:
    made(OUTPUT / "lab-10", tmp_path)
    held = tmp_path / "held"
    held.mkdir()
    kubeadm("init", "phase", "etcd", "local", "--config", str(tmp_path / "kubeadm.yaml"), "--dry-run", dry=held)
    restore = (OUTPUT / "lab-10/etcd/main/RESTORE.md").read_text()
    lines = [line for line in restore.splitlines() if line.startswith(("name=", "peer=", "echo "))]
    script = "\n".join(lines).replace("/root/held", str(held))
    said = subprocess.run(["/bin/sh", "-euc", script], capture_output=True, text=True, check=True).stdout
    (container,) = load((held / "etcd.yaml").read_text())["spec"]["containers"]
    flags = dict(flag.removeprefix("--").partition("=")[::2] for flag in container["command"][1:])
    assert said.strip() == f"{flags['name']}={flags['initial-advertise-peer-urls']}"
    assert said.strip() == flags["initial-cluster"]


def test_a_scheduler_with_plugins_is_what_kubeadm_starts(tmp_path: Path) -> None:
    spec = (OUTPUT.parent / "clusters/lab-10.yaml").read_text().replace("1.37.2", "1.34.4")
    (tmp_path / "gangs.yaml").write_text(f"{spec}\n  gangs: {{scheduler: coscheduling}}\n")
    built = pipeline.build(pipeline.read(tmp_path / "gangs.yaml", name="gangs.yaml", root=tmp_path))
    tree = tmp_path / "tree"
    for file in built.files:
        (tree / file.path).parent.mkdir(parents=True, exist_ok=True)
        (tree / file.path).write_text(file.text)
    (placed,) = [
        words
        for each in steps((tree / "README.md").read_text())
        for words in each.lines("")
        if "/etc/kubernetes/patches" in words
    ]
    init = load((tree / "control-plane/kubeadm/init-configuration.yaml").read_text())
    join = load((tree / "control-plane/kubeadm/join-configuration.yaml").read_text())
    assert init["patches"] == join["patches"] == {"directory": "/etc/kubernetes/patches"}
    made(tree, tmp_path)
    given = tmp_path / "kubeadm.yaml"
    given.write_text(given.read_text().replace("/etc/kubernetes/patches", str((tree / placed[-1]).parent)))
    manifests = tmp_path / "manifests"
    manifests.mkdir()
    kubeadm("init", "phase", "control-plane", "scheduler", "--config", str(given), "--dry-run", dry=manifests)
    (container,) = load((manifests / "kube-scheduler.yaml").read_text())["spec"]["containers"]
    assert container["image"] == "registry.k8s.io/scheduler-plugins/kube-scheduler:v0.34.7"
    assert shlex.join(container["command"]).startswith("kube-scheduler ")
