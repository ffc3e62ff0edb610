"""The shipped trees, as requests: what is read by which reader."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

OUTPUT = Path(__file__).resolve().parents[2] / "output"
TREES = sorted(path.parent for path in OUTPUT.glob("*/MANIFEST.json"))
DISCOVERY = "/etc/kubernetes/discovery.conf"
# kubeadm installs its own minor and the one before. What else it checks of a file is the same for all the supported
# minors, so files of the older ones are read as if they were of its own.
OLDER_VERSION = re.compile(r"(?m)^kubernetesVersion: v1\.3[45]\.\d+$")
READ_AS_VERSION = "kubernetesVersion: v1.37.2"
COMPONENTS = {
    "apiServer": "kube-apiserver",
    "controllerManager": "kube-controller-manager",
    "scheduler": "kube-scheduler",
}
# Texts inside ConfigMaps that a program reads as a file.
EMBEDDED = {"Corefile": "corefile", "Corefile.base": "corefile", "cni-conf.json": "cni", "net-conf.json": "flannel"}
# Values inside ConfigMaps that a program takes as they are.
VALUES = {"KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"}


@dataclass(frozen=True, slots=True)
class Request:
    """One text for one reader; `path` says where in the tree it stands."""

    tree: str
    path: str
    kind: str
    reader: str
    text: str


@cache
def requests(tree: Path) -> tuple[Request, ...]:
    """Return everything in a tree that some program reads."""
    manifest = json.loads((tree / "MANIFEST.json").read_text())
    return tuple(request for path, row in manifest["files"].items() for request in _of_file(tree, path, row))


def _of_file(tree: Path, path: str, row: dict[str, Any]) -> Iterator[Request]:
    text, reader, kind = (tree / path).read_text(), str(row["reader"]), str(row["kind"])
    if reader == "kubelet-dropin":
        base = (tree / "nodes/kubelet.yaml").read_text()
        yield Request(tree.name, path, kind, reader, json.dumps({"base": base, "dropins": [text]}))
        return
    yield Request(tree.name, path, kind, reader, text)
    if kind == "ClusterConfiguration":
        for block, component in COMPONENTS.items():
            flags = load(text)[block].get("extraArgs", [])
            yield Request(tree.name, f"{path}: {block}", "flags", f"flags:{component}", as_flags(flags))
    elif kind in {"InitConfiguration", "JoinConfiguration"}:
        flags = load(text)["nodeRegistration"].get("kubeletExtraArgs", [])
        yield Request(tree.name, f"{path}: kubeletExtraArgs", "flags", "flags:kubelet", as_flags(flags))
    elif kind == "ConfigMap":
        for name, inner in load(text)["data"].items():
            if name not in VALUES:
                yield Request(tree.name, f"{path}: {name}", name, EMBEDDED[name], inner)


def load(text: str) -> Any:
    """Return the data of a YAML text."""
    return YAML(typ="safe", pure=True).load(text)


def as_flags(arguments: list[dict[str, str]]) -> str:
    """Return kubeadm's extra arguments as the component gets them."""
    return json.dumps([f"--{argument['name']}={argument['value']}" for argument in arguments])


def for_reader(request: Request, discovery: Path) -> tuple[str, str]:
    """Return a request as it is asked; kubeadm wants a version that it installs, and the file that a human supplies."""
    text = request.text.replace(DISCOVERY, str(discovery))
    return request.reader, OLDER_VERSION.sub(READ_AS_VERSION, text) if request.reader == "kubeadm" else text


# How one key is misspelt in texts that are no YAML: what to look for, and what to write instead.
MISSPELLINGS = {
    "corefile": (r"errors\n", r"errorsx\n"),
    "cni": (r'"plugins"', r'"pluginsx"'),
    "flannel": (r'"Network"', r'"Networkx"'),
    "containerd": (r"(?m)^(\w+) = \d+$", r"\1x = 10"),
    "containerd-hosts": (r"capabilities", r"capabilitiesx"),
    "systemd": (r"(?m)^(Description|LimitNOFILE|Restart)=", r"\1x="),
    "haproxy": (r"timeout connect", r"timeoutx connect"),
    "sysctl": (r"(?m)^([a-z0-9_.-]+) =", r"\1x ="),
    "sh": (r"done\n", r"doen\n"),
}


def misspelt(request: Request) -> str | None:
    """Return the text with one key misspelt, as a strict reader must notice; None where there is none."""
    if request.reader == "kubelet-dropin":
        tree = json.loads(request.text)
        tree["dropins"] = [_misspell_yaml(tree["dropins"][0])]
        return json.dumps(tree)
    if request.reader.startswith("flags:"):
        flags = json.loads(request.text)
        return json.dumps([flags[0].replace("=", "x=", 1), *flags[1:]]) if flags else None
    if request.reader in MISSPELLINGS:
        return re.sub(*MISSPELLINGS[request.reader], request.text, count=1)
    return _misspell_yaml(request.text)


def _misspell_yaml(text: str) -> str:
    keys = [key for key in re.findall(r"(?m)^([A-Za-z-]+):", text) if key not in {"apiVersion", "kind"}]
    return re.sub(rf"(?m)^{keys[-1]}:", f"{keys[-1]}x:", text)
