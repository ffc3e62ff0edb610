"""The shipped specs, compiled for the minors that they are not shipped for."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from conformance.programs import NEWEST

CLUSTERS = Path(__file__).resolve().parents[2] / "clusters"
SPECS = sorted(CLUSTERS.glob("*.yaml"))
PATCH = {"1.34": "1.34.4", "1.35": "1.35.4", "1.36": "1.36.3", "1.37": "1.37.2"}
VERSION = re.compile(r"(?<=\bversion: )1\.3\d\.\d+")
# Kubernetes has gangs of its own since 1.37; before, the same jobs are for Kueue.
NATIVE_GANGS = re.compile(r"(?<=\bgangs: {scheduler: )native")


# kubeadm installs its own minor and the one before.
TOO_OLD = re.compile(r"(?<=\bkubernetesVersion: )v1\.3[45]\.\d+")


def for_newest(text: str) -> str:
    """Return a text of kubeadm's with a release that the newest kubeadm installs, which runs where others do not."""
    return TOO_OLD.sub(f"v{PATCH[NEWEST]}", text)


def at_version(spec: str, minor: str) -> str:
    """Return a shipped spec's text with another minor's version in it."""
    text, count = VERSION.subn(PATCH[minor], spec)
    if count != 1:
        raise ValueError(f"the spec names {count} versions, not one")
    return text if minor == NEWEST else NATIVE_GANGS.sub("kueue", text)


def build_all(minor: str, folder: Path) -> list[Path]:
    """Compile every shipped spec for a minor, and return the trees."""
    specs, output = folder / "specs", folder / "output"
    specs.mkdir(parents=True)
    for spec in SPECS:
        (specs / spec.name).write_text(at_version(spec.read_text(), minor))
    program = "from clusterc.cli import main; main()"
    built = subprocess.run(
        [sys.executable, "-c", program, "build", str(specs), "--output", str(output)],
        capture_output=True,
        text=True,
        check=False,
    )
    if built.returncode != 0:
        raise RuntimeError(f"the shipped specs do not compile for {minor}:\n{built.stdout}{built.stderr}")
    return sorted(path.parent for path in output.glob("*/MANIFEST.json"))
