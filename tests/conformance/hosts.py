"""Readers of host files that are whole programs: containerd, systemd, HAProxy, sysctl, the shell."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from conformance.programs import CONTAINERD, Verdict, build, debian_program, run

# Kernel settings that exist only once a module is loaded, which the tree's modules.conf does.
# By their full names: a misspelt one goes on to the kernel, which has it not.
NEED_MODULES = re.compile(r"(net\.bridge\.bridge-nf-call-ip6?tables|net\.netfilter\.nf_conntrack_(max|buckets)) *=")


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
    """Let HAProxy check its configuration; that a test's host names do not resolve is no refusal."""
    program = debian_program("haproxy", "haproxy")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "haproxy.cfg"
        file.write_text(text)
        result = run([program, "-c", "-f", str(file)])
    lines = (result.stdout + result.stderr).splitlines()
    errors = [line for line in lines if ("[ALERT]" in line or "[WARNING]" in line) and "could not resolve" not in line]
    return Verdict(tuple(errors), "HAProxy")


def sysctl(text: str) -> Verdict:
    """Let sysctl go through the file without setting anything: a setting that this kernel has not is refused."""
    program = debian_program("sysctl", "procps")
    kept = "".join(line + "\n" for line in text.splitlines() if not NEED_MODULES.match(line))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "90-test.conf"
        file.write_text(kept)
        result = run([program, "--dry-run", "--load", str(file)])
    return Verdict(tuple(result.stderr.splitlines()), "sysctl")


def shell(text: str) -> Verdict:
    """Let ShellCheck read a script."""
    program = debian_program("shellcheck", "shellcheck")
    result = run([program, "--shell=sh", "-"], text=text)
    errors = result.stdout.splitlines() if result.returncode else []
    return Verdict(tuple(errors), "ShellCheck")


PROGRAMS: dict[str, Callable[[str], Verdict]] = {
    "containerd": containerd,
    "systemd": systemd,
    "haproxy": haproxy,
    "sysctl": sysctl,
    "sh": shell,
}
