"""The shipped trees, as requests: what is read by which reader."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from conformance.programs import NEWEST

OUTPUT = Path(__file__).resolve().parents[2] / "output"
TREES = sorted(path.parent for path in OUTPUT.glob("*/MANIFEST.json"))
DISCOVERY = "/etc/kubernetes/discovery.conf"
VERSION = re.compile(r"(?m)^kubernetesVersion: v(1\.\d+)\.\d+$")
# Readers that are components of Kubernetes, which differ from minor to minor; those of flags are, too.
KUBERNETES_READERS = {
    "admission-configuration",
    "api-object",
    "api-server",
    "audit-policy",
    "authentication-configuration",
    "encryption-configuration",
    "kube-proxy",
    "kube-scheduler",
    "kubeadm",
    "kubelet",
    "kubelet-dropin",
}
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
    """One text for one reader; `path` says where in the tree it stands, `minor` which Kubernetes the tree is for."""

    tree: str
    path: str
    kind: str
    reader: str
    text: str
    minor: str = NEWEST


@cache
def requests(tree: Path) -> tuple[Request, ...]:
    """Return everything in a tree that some program reads."""
    minor = minor_of(tree)
    found = (request for path, row in manifest(tree).items() for request in _of_file(tree, path, row))
    return tuple(replace(request, minor=minor) for request in found)


def manifest(tree: Path) -> dict[str, Any]:
    """Return what the manifest says of each file."""
    files: dict[str, Any] = json.loads((tree / "MANIFEST.json").read_text())["files"]
    return files


def minor_of(tree: Path) -> str:
    """Return the Kubernetes minor of a tree, such as 1.36, from what kubeadm is told to install."""
    kubeadm = next(path for path, row in manifest(tree).items() if row["kind"] == "ClusterConfiguration")
    version = VERSION.search((tree / kubeadm).read_text())
    if version is None:
        raise ValueError(f"{tree / kubeadm} does not say which version it is for")
    return version[1]


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
    """Return a request as the reader of its minor is asked; kubeadm wants the file that a human supplies."""
    return at_minor(request.reader, request.minor), request.text.replace(DISCOVERY, str(discovery))


def at_minor(reader: str, minor: str) -> str:
    """Return what the reader of a minor is called, such as kubelet@1.36; the newest's has no addition."""
    return f"{reader}@{minor}" if depends_on_minor(reader) and minor != NEWEST else reader


def depends_on_minor(reader: str) -> bool:
    """Return whether a reader is a component of Kubernetes, each minor of which reads otherwise."""
    return reader in KUBERNETES_READERS or reader.startswith("flags:")


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
    "sh": (r"(?m)\b(done|fi|esac)$", r"\1x"),
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
        text = re.sub(*MISSPELLINGS[request.reader], request.text, count=1)
        return None if text == request.text else text
    return _misspell_yaml(request.text)


def _misspell_yaml(text: str) -> str:
    keys = [key for key in re.findall(r"(?m)^([A-Za-z-]+):", text) if key not in {"apiVersion", "kind"}]
    return re.sub(rf"(?m)^{keys[-1]}:", f"{keys[-1]}x:", text)


def of_wrong_type(request: Request) -> str | None:
    """Return the text with one value of a type that its field does not have; None where types are not looked at."""
    if request.reader == "kubelet-dropin":
        tree = json.loads(request.text)
        tree["dropins"] = [_retype_yaml(tree["dropins"][0])]
        return json.dumps(tree)
    if request.reader in KUBERNETES_READERS or request.reader.startswith("etcd-"):
        return _retype_yaml(request.text)
    return None


def _retype_yaml(text: str) -> str:
    data = load(text)
    spoilt, key = data, next((key for key in reversed(data) if key not in {"apiVersion", "kind", "metadata"}), None)
    if key is None:
        spoilt, key = data["metadata"], [*data["metadata"]][-1]
    spoilt[key] = 7 if isinstance(spoilt[key], (dict, list)) else {"a": ["wrong", "type"]}
    return json.dumps(data)
