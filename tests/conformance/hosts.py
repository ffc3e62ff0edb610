"""Readers that are no Go packages: whole programs, and what network plugins publish of themselves."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from conformance.programs import CONTAINERD, Verdict, build, debian_program, published, run

# Kernel settings that exist only once a module is loaded, which the tree's modules.conf does.
# By their full names: a misspelt one goes on to the kernel, which has it not.
NEED_MODULES = re.compile(r"(net\.bridge\.bridge-nf-call-ip6?tables|net\.netfilter\.nf_conntrack_(max|buckets)) *=")
SETTINGS = Path("/proc/sys")
INTEGER = re.compile(r"-?\d+")
# A well-formed host name where HAProxy has a server's address; what else stands there is HAProxy's to judge.
SERVER_NAME = re.compile(r"(?im)^(\s*server\s+\S+\s+)(?![\d.]+:)[a-z\d]([a-z\d.-]*[a-z\d])?(?=:\d)")
# HAProxy opens a socket to every name server of the machine, unless the file has resolvers of this name.
RESOLVERS = "\nresolvers default\n    nameserver nobody 127.0.0.1:53\n"


def containerd(text: str) -> Verdict:
    """Let containerd merge the file with its defaults; a key that it ignores is refused."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "config.toml"
        file.write_text(text)
        result = run([str(build(CONTAINERD)), "--config", str(file), "config", "dump"])
    errors = [
        line for line in result.stderr.splitlines() if "Ignoring unknown" in line or line.startswith("containerd:")
    ]
    if result.returncode != 0 and not errors:
        errors = [result.stderr.strip()]
    return Verdict(tuple(errors), "containerd v2.3.0")


def systemd(text: str, *, name: str = "test.service") -> Verdict:
    """Let systemd verify a unit, a timer, or a drop-in; whatever it says is a refusal."""
    program = debian_program("systemd-analyze", "systemd")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        stub = path / "stub"
        stub.write_text("#!/bin/sh\n")
        stub.chmod(0o755)
        # Only the unit's own words count here, so what it runs is there.
        text = re.sub(r"(?m)^ExecStart=\S+", f"ExecStart={stub}", text)
        target = path / ("test.timer" if "[Timer]" in text else name)
        if "[Unit]" not in text:
            text += f"\n[Service]\nExecStart={stub}\n"
        if target.suffix == ".timer":
            (path / "test.service").write_text(f"[Service]\nExecStart={stub}\n")
        target.write_text(re.sub(r"(?m)^User=.*\n", "", text))
        result = run([program, "verify", "--man=no", str(target)])
    lines = [line for line in (result.stdout + result.stderr).splitlines() if folder in line or "test." in line]
    errors = lines or ([result.stderr.strip()] if result.returncode else [])
    return Verdict(tuple(errors), "systemd")


def haproxy(text: str) -> Verdict:
    """Let HAProxy check its configuration; its servers are on loopback, for it asks a resolver for every name."""
    program = debian_program("haproxy", "haproxy")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "haproxy.cfg"
        file.write_text(SERVER_NAME.sub(r"\g<1>127.0.0.1", text) + RESOLVERS)
        result = run([program, "-c", "-f", str(file)])
    lines = (result.stdout + result.stderr).splitlines()
    errors = [line for line in lines if "[ALERT]" in line or "[WARNING]" in line]
    return Verdict(tuple(errors), "HAProxy")


def sysctl(text: str) -> Verdict:
    """Let sysctl go through the file without setting anything: a setting that this kernel has not is refused.

    sysctl reads no value without setting it, so values are compared with those of this kernel: as many integers.
    """
    program = debian_program("sysctl", "procps")
    kept = "".join(line + "\n" for line in text.splitlines() if not NEED_MODULES.match(line))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "90-test.conf"
        file.write_text(kept)
        result = run([program, "--dry-run", "--load", str(file)])
    return Verdict((*result.stderr.splitlines(), *_wrong_values(text)), "sysctl")


def _wrong_values(text: str) -> Iterator[str]:
    """Yield the settings whose value is not of the type that this kernel holds; of a missing module's, one integer."""
    for line in text.splitlines():
        name, equals, value = (part.strip() for part in line.partition("="))
        if not equals or name.startswith(("#", ";")):
            continue
        file = SETTINGS / name.removeprefix("-").replace(".", "/")
        there, wanted = (file.read_text().split() if file.exists() else ["0"]), value.split()
        if _integers(there) and (len(wanted) != len(there) or not _integers(wanted)):
            yield f"{name}: {value!r} where the kernel holds {len(there)} integer(s)"


def _integers(words: list[str]) -> bool:
    return all(INTEGER.fullmatch(word) for word in words)


def shell(text: str) -> Verdict:
    """Let ShellCheck read a script."""
    program = debian_program("shellcheck", "shellcheck")
    result = run([program, "--shell=sh", "-"], text=text)
    errors = result.stdout.splitlines() if result.returncode else []
    return Verdict(tuple(errors), "ShellCheck")


def cilium_chart(text: str) -> Verdict:
    """Let the schema in Cilium's own chart judge the values, as Helm does; a value it has not is refused."""
    chart = published("github.com/cilium/cilium") / "install/kubernetes/cilium"
    schema = json.loads((chart / "values.schema.json").read_text())
    values = YAML(typ="safe", pure=True).load(text)
    templates = "".join(file.read_text() for file in sorted(chart.glob("templates/**/*.yaml")))
    errors = [error.message for error in Draft7Validator(schema).iter_errors(values)]
    release = chart.parents[2].name.partition("@")[2]
    return Verdict((*errors, *_unknown(values, schema, "", templates)), f"the chart of Cilium {release}")


def _unknown(values: dict[str, Any], schema: dict[str, Any], at: str, templates: str) -> Iterator[str]:
    """Yield the values that neither the schema nor any template of the chart knows."""
    for name, value in values.items():
        known = schema.get("properties", {}).get(name)
        if known is None:
            if not re.search(rf"\.Values\.{re.escape(at + name)}\b", templates):
                yield f"the chart has no {at}{name}"
        elif isinstance(value, dict) and "properties" in known:
            yield from _unknown(value, known, f"{at}{name}.", templates)


def aws_node(text: str) -> Verdict:
    """Look the patch's container and its settings up in the DaemonSet that AWS publishes, and in its documentation."""
    folder = published("github.com/aws/amazon-vpc-cni-k8s")
    manifest = (folder / "config/master/aws-k8s-cni.yaml").read_text()
    (daemon_set,) = [
        document for document in YAML(typ="safe", pure=True).load_all(manifest) if document["kind"] == "DaemonSet"
    ]
    documented = set(re.findall(r"`([A-Z][A-Z0-9_]+)`", (folder / "README.md").read_text()))
    patch = YAML(typ="safe", pure=True).load(text)
    errors = list(_misfits(patch, daemon_set, documented))
    return Verdict(tuple(errors), f"the manifest of the AWS VPC CNI {folder.name.partition('@')[2]}")


def _misfits(patch: dict[str, Any], daemon_set: dict[str, Any], documented: set[str]) -> Iterator[str]:
    changed: Any = patch
    there: Any = daemon_set
    for step in ("spec", "template", "spec", "containers"):
        if list(changed) != [step]:
            yield f"{sorted(changed)} where the DaemonSet has {step}"
            return
        changed, there = changed[step], there[step]
    containers = {container["name"]: container for container in there}
    for container in changed:
        if set(container) != {"name", "env"} or container["name"] not in containers:
            yield f"no such container: {container}"
            continue
        known = documented | {setting["name"] for setting in containers[container["name"]]["env"]}
        for setting in container["env"]:
            if (
                set(setting) != {"name", "value"}
                or setting["name"] not in known
                or not isinstance(setting["value"], str)
            ):
                yield f"no such setting: {setting}"


PROGRAMS: dict[str, Callable[[str], Verdict]] = {
    "containerd": containerd,
    "systemd": systemd,
    "haproxy": haproxy,
    "sysctl": sysctl,
    "sh": shell,
    "helm-cilium": cilium_chart,
    "kubectl-patch": aws_node,
}
