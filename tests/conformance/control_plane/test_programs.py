"""Whole programs, where only they tell the truth: each takes the emitted file, and refuses it spoilt in one place."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.control_plane.replacements import rooted
from conformance.control_plane.staging import program
from conformance.minors import for_newest
from conformance.programs import run
from conformance.trees import DISCOVERY, OUTPUT, for_reader, requests

# The largest, and one for each way to carry packets.
TREES = ["research-7500", "azure-overlay-5000", "flannel-300", "host-network-1000"]
SCHEDULER, KUBELET, PROXY = "control-plane/kube-scheduler/config.yaml", "nodes/kubelet.yaml", "network/kube-proxy.yaml"
# The kubelet reads and validates everything, then cannot lock this file, and has touched nothing of the machine.
LOCK = "/nonexistent/kubelet/lock"
LOCKED_OUT = "unable to acquire file lock"
LENIENT = "Using lenient decoding"
NOWHERE = """apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
contexts: [{name: c, context: {cluster: c, user: u}}]
users: [{name: u, user: {token: t}}]
current-context: c
"""
Spoil = tuple[str, str] | None


def said(result: subprocess.CompletedProcess[str]) -> str:
    return result.stdout + result.stderr


def written(tree: str, path: str, folder: Path, spoil: Spoil) -> Path:
    """Return a copy of a tree's file, spoilt in one place."""
    text = (OUTPUT / tree / path).read_text()
    if spoil:
        assert spoil[0] in text
        text = text.replace(*spoil, 1)
    target = folder / Path(path).name
    target.write_text(rooted(text, folder))
    return target


def scheduler(tree: str, folder: Path, spoil: Spoil) -> bool:
    """Let kube-scheduler build every profile and write down the whole configuration."""
    kubeconfig = folder / "etc/kubernetes/scheduler.conf"
    kubeconfig.parent.mkdir(parents=True)
    kubeconfig.write_text(NOWHERE)
    config, whole = written(tree, SCHEDULER, folder, spoil), folder / "whole.yaml"
    result = run([*program("kube-scheduler"), "--config", str(config), "--write-config-to", str(whole)])
    return result.returncode == 0 and whole.exists()


def proxy(tree: str, folder: Path, spoil: Spoil) -> bool:
    """Let kube-proxy write down the whole configuration; what it decodes leniently is refused."""
    config, whole = written(tree, PROXY, folder, spoil), folder / "whole.yaml"
    result = run([*program("kube-proxy"), "--config", str(config), "--write-config-to", str(whole)])
    return result.returncode == 0 and whole.exists() and LENIENT not in said(result)


def kubelet(tree: str, folder: Path, spoil: Spoil) -> bool:
    """Let the kubelet read the base and the drop-ins of each pool, up to its lock."""
    config = written(tree, KUBELET, folder, spoil)
    pools = sorted((OUTPUT / tree / "nodes").glob("*/kubelet"))
    assert pools
    verdicts = []
    for pool in pools:
        options = ["--config", str(config), "--config-dir", str(pool), "--fail-cgroupv1=false", "--lock-file", LOCK]
        result = run([*program("kubelet"), *options], cwd=folder)
        verdicts.append(LOCKED_OUT in said(result) and LENIENT not in said(result))
    return all(verdicts)


def kubeadm(tree: str, folder: Path, spoil: Spoil) -> bool:
    """Let kubeadm validate every file that it is given, as README says, by itself."""
    discovery = folder / Path(DISCOVERY).name
    discovery.write_text(NOWHERE)
    verdicts, changed = [], False
    for request in requests(OUTPUT / tree):
        if request.reader == "kubeadm":
            _, text = for_reader(request, discovery)
            file = folder / "kubeadm.yaml"
            text = for_newest(text)
            file.write_text(text.replace(*spoil, 1) if spoil else text)
            verdicts.append(run([*program("kubeadm"), "config", "validate", "--config", str(file)]).returncode == 0)
            changed |= spoil is not None and spoil[0] in text
    assert verdicts
    assert changed == bool(spoil)
    return all(verdicts)


PROGRAMS: dict[str, tuple[Callable[[str, Path, Spoil], bool], list[tuple[str, str]]]] = {
    "kube-scheduler": (
        scheduler,
        [
            ("parallelism: 32", "paralelism: 32"),
            ("parallelism: 32", "parallelism: 0"),
            ("parallelism: 32", "parallelism: all"),
        ],
    ),
    "kube-proxy": (proxy, [("mode: ", "moed: "), ("mode: ", "mode: x"), ("burst: 20", "burst: twenty")]),
    "kubelet": (
        kubelet,
        [
            ("podPidsLimit: ", "podPidLimit: "),
            ("imageGCLowThresholdPercent: 75", "imageGCLowThresholdPercent: 95"),
            ("podPidsLimit: ", "podPidsLimit: a"),
        ],
    ),
    "kubeadm": (
        kubeadm,
        [
            ("criSocket: ", "criSockett: "),
            ("podSubnet: '10.64.0.0/12'", "podSubnet: '10.64.0.0'"),
            ("certificateValidityPeriod: 8760h", "certificateValidityPeriod: [1]"),
        ],
    ),
}
SPOILT = [(name, spoil) for name, (_, spoilers) in PROGRAMS.items() for spoil in spoilers]


def has(tree: str, name: str) -> bool:
    return name != "kube-proxy" or (OUTPUT / tree / PROXY).exists()


@pytest.mark.parametrize(("name", "tree"), [(name, tree) for name in PROGRAMS for tree in TREES if has(tree, name)])
def test_the_program_takes_the_emitted_file(name: str, tree: str, tmp_path: Path) -> None:
    takes, _ = PROGRAMS[name]
    assert takes(tree, tmp_path, None)


@pytest.mark.parametrize(("name", "spoil"), SPOILT, ids=[f"{name}: {new}" for name, (_, new) in SPOILT])
def test_the_program_refuses_a_spoilt_copy(name: str, spoil: tuple[str, str], tmp_path: Path) -> None:
    takes, _ = PROGRAMS[name]
    assert not takes(TREES[0], tmp_path, spoil)
