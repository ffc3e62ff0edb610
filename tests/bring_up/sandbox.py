"""Machines that a runbook is carried out on: folders, in which its own commands run, but for those that need a machine.

Programs that would change this machine, or call a cluster, are stand-ins: kubeadm's makes the files that kubeadm makes.
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bring_up.runbook import Step

# Paths of the machine inside a script, which become paths of the folder.
ABSOLUTE = re.compile(r"(?<![\w$}./\"-])/(?=(?:etc|root|var|usr)/)")
SILENT = ("systemctl", "sysctl", "useradd", "id", "chown", "haproxy", "kubectl", "helm", "getent")
KUBERNETES = "/etc/kubernetes"
PKI = f"{KUBERNETES}/pki"
CERTIFICATES = ("apiserver", "apiserver-kubelet-client", "front-proxy-client")
OF_ETCD = ("etcd/server", "etcd/peer", "etcd/healthcheck-client", "apiserver-etcd-client")
# What all API servers have alike: kubeadm makes it on the first, and does not go on without it on the others.
SHARED = tuple(
    f"{PKI}/{name}" for name in ("ca.crt", "ca.key", "front-proxy-ca.crt", "front-proxy-ca.key", "sa.key", "sa.pub")
)
SHARED_STACKED = (f"{PKI}/etcd/ca.crt", f"{PKI}/etcd/ca.key")
ETCD_CLIENT = (f"{PKI}/etcd/ca.crt", f"{PKI}/apiserver-etcd-client.crt", f"{PKI}/apiserver-etcd-client.key")
CONTROL_PLANE = tuple(
    f"{KUBERNETES}/{name}"
    for name in (
        "admin.conf",
        "scheduler.conf",
        "controller-manager.conf",
        "kubelet.conf",
        "manifests/kube-apiserver.yaml",
    )
)


class RunbookError(AssertionError):
    """A block of the runbook did not run to its end."""


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine; `folder` stands for its root."""

    folder: Path

    def path(self, absolute: str) -> Path:
        """Return where a path of the machine is."""
        return self.folder / absolute.lstrip("/")

    def supply(self, *paths: str) -> None:
        """Put what somebody else makes where it belongs."""
        for path in paths:
            target = self.path(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                target.write_text("supplied\n")

    def run(self, step: Step, value: str, tree: Path, programs: Path) -> None:
        """Carry out a step's block."""
        script = step.script
        if step.variable:
            script = re.sub(rf"(?m)^{step.variable}=\S+", f"{step.variable}={value}", script)
        script = ABSOLUTE.sub(f"{self.folder}/", script)
        result = subprocess.run(
            ["/bin/sh", "-eu", "-c", script],
            cwd=tree,
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": f"{programs}:{os.defpath}", "MACHINE": str(self.folder)},
        )
        if result.returncode != 0:
            raise RunbookError(f"step {step.number}, {step.title}:\n{script}\n{result.stdout}{result.stderr}")


def stand_ins(folder: Path, *, stacked: bool) -> Path:
    """Return a folder of programs that stand for those that need a machine or a cluster."""
    folder.mkdir()
    for name in SILENT:
        _program(folder / name, "exit 0\n")
    _program(folder / "kubeadm", _kubeadm(stacked=stacked))
    return folder


def _program(file: Path, body: str) -> None:
    file.write_text(f"#!/bin/sh\nset -eu\n{body}")
    file.chmod(0o755)


def _kubeadm(*, stacked: bool) -> str:
    needed = (*SHARED, *SHARED_STACKED) if stacked else (*SHARED, *ETCD_CLIENT)
    of_etcd = OF_ETCD if stacked else ()
    made = [f"{PKI}/{name}.{kind}" for name in (*CERTIFICATES, *of_etcd) for kind in ("crt", "key")]
    manifests = [f"{KUBERNETES}/manifests/etcd.yaml"] if stacked else []
    external = () if stacked else ETCD_CLIENT
    return f"""\
make() {{ for file; do mkdir -p "$MACHINE$(dirname "$file")"; echo kubeadm > "$MACHINE$file"; done; }}
want() {{ for file; do [ -s "$MACHINE$file" ] || {{ echo "kubeadm: there is no $file" >&2; exit 1; }}; done; }}
case "$1" in
init)
    want {" ".join(external)}
    make {" ".join((*SHARED, *(SHARED_STACKED if stacked else ()), *made, *manifests, *CONTROL_PLANE))} ;;
join)
    want {KUBERNETES}/discovery.conf
    [ -s "$3" ] || exit 1
    make {KUBERNETES}/kubelet.conf
    if grep -q controlPlane "$3"; then
        want {" ".join(needed)}
        make {" ".join((*made, *manifests, *CONTROL_PLANE))}
    else
        make {PKI}/ca.crt
    fi ;;
kubeconfig|token) want {KUBERNETES}/admin.conf; echo made ;;
*) exit 2 ;;
esac
"""
