"""Whole programs of the newest minor: each reads a text as on a machine, and ends before it does anything."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from conformance.control_plane.replacements import rooted
from conformance.control_plane.staging import program
from conformance.minors import for_newest
from conformance.programs import PREFIX, last_words, run
from conformance.trees import DISCOVERY

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


def _scheduler(text: str, folder: Path) -> str:
    """Let kube-scheduler build every profile and write down the whole configuration."""
    kubeconfig = folder / "etc/kubernetes/scheduler.conf"
    kubeconfig.parent.mkdir(parents=True)
    kubeconfig.write_text(NOWHERE)
    return _written("kube-scheduler", text, folder)


def _proxy(text: str, folder: Path) -> str:
    """Let kube-proxy write down the whole configuration."""
    return _written("kube-proxy", text, folder)


def _written(name: str, text: str, folder: Path) -> str:
    config, whole = folder / "config.yaml", folder / "whole.yaml"
    config.write_text(rooted(text, folder))
    result = run([*program(name), "--config", str(config), "--write-config-to", str(whole)])
    return _words(result, taken=result.returncode == 0 and whole.exists())


def _kubelet(text: str, folder: Path) -> str:
    """Let the kubelet read its base and its drop-ins, which `text` holds as JSON, up to its lock."""
    parts, config, drop_ins = json.loads(text), folder / "kubelet.yaml", folder / "kubelet"
    config.write_text(rooted(parts["base"], folder))
    drop_ins.mkdir()
    for number, part in enumerate(parts["dropins"]):
        (drop_ins / f"{number}.conf").write_text(rooted(part, folder))
    options = ["--config", str(config), "--config-dir", str(drop_ins), "--fail-cgroupv1=false", "--lock-file", LOCK]
    result = run([*program("kubelet"), *options], cwd=folder)
    return _words(result, taken=LOCKED_OUT in result.stdout + result.stderr)


def _kubeadm(text: str, folder: Path) -> str:
    """Let kubeadm validate a file by itself; the one that a human supplies is there."""
    discovery, config = folder / Path(DISCOVERY).name, folder / "kubeadm.yaml"
    discovery.write_text(NOWHERE)
    config.write_text(for_newest(text.replace(DISCOVERY, str(discovery))))
    result = run([*program("kubeadm"), "config", "validate", "--config", str(config)])
    return _words(result, taken=result.returncode == 0)


def _words(result: subprocess.CompletedProcess[str], *, taken: bool) -> str:
    # What is decoded leniently is refused.
    return "" if taken and LENIENT not in result.stdout + result.stderr else last_words(result) or "nothing was said"


READERS: dict[str, Callable[[str, Path], str]] = {
    "kube-scheduler": _scheduler,
    "kube-proxy": _proxy,
    "kubelet-dropin": _kubelet,
    "kubeadm": _kubeadm,
}


def refusal(reader: str, text: str) -> str:
    """Return what the program of a reader says where it refuses a text; nothing where it takes it."""
    with tempfile.TemporaryDirectory(prefix=PREFIX) as folder:
        return READERS[reader](text, Path(folder))
