"""Members of etcd on this machine's loopback: what a tree says of them, with paths and addresses of their own."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from conformance.programs import Module, build, debian_program, dying, last_words, run

ETCD = Module("etcd", "etcdtools", package="go.etcd.io/etcd/server/v3")
ETCDCTL = Module("etcdctl", "etcdtools", package="go.etcd.io/etcd/etcdctl/v3")
ETCDUTL = Module("etcdutl", "etcdtools", package="go.etcd.io/etcd/etcdutl/v3")
PROGRAMS = {"etcd": ETCD, "etcdctl": ETCDCTL, "etcdutl": ETCDUTL}
START_SECONDS = 60
# Folders of a machine that files and commands name.
MACHINE = re.compile(r"(?<![\w./])/(?=(?:etc|var|root)/)")


class MemberError(AssertionError):
    """A member, or a command against it, failed."""


@dataclass(slots=True)
class Member:
    """One member; `folder` stands for the root of its machine, `names` for what files call its addresses."""

    folder: Path
    host: str
    client: int
    peer: int
    metrics: int
    peers: Mapping[str, int]
    process: subprocess.Popen[bytes] | None = field(default=None)

    def here(self, text: str) -> str:
        """Return a text with the machine's paths below `folder`, and every member's address on loopback."""
        text = MACHINE.sub(f"{self.folder}/", text)
        for host, port in self.peers.items():
            text = text.replace(f"https://{host}:2380", f"https://127.0.0.1:{port}")
        for old, new in ((2379, self.client), (2380, self.peer), (2381, self.metrics)):
            text = re.sub(rf"(https?)://[\w.-]+:{old}\b", rf"\1://127.0.0.1:{new}", text)
        return re.sub(r"(?<![\w-])/usr/local/bin/(etcd\w*)", lambda match: str(program(match[1])), text)

    def shell(self, script: str) -> str:
        """Run a block on the member's machine and return what it says; etcd's own user is whoever runs the tests."""
        script = self.here(script).replace("etcd:etcd", f"{os.getuid()}:{os.getgid()}")
        assignments = "".join(f'{name}() {{ {program(name)} "$@"; }}\n' for name in PROGRAMS)
        result = run(["/bin/sh", "-eu", "-c", f"{assignments}systemctl() {{ :; }}\n{script}"], cwd=self.folder)
        if result.returncode != 0:
            raise MemberError(f"{self.host}:\n{script}\n{last_words(result)}")
        return result.stdout

    def start(self, *arguments: str) -> None:
        """Start etcd without waiting for it."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                dying([str(program("etcd")), *arguments]),
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env={"PATH": os.defpath},
            )

    def stop(self) -> None:
        """Stop etcd, if it runs."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


def program(name: str) -> Path:
    """Return one of etcd's programs."""
    return build(PROGRAMS[name])


@contextmanager
def members(hosts: tuple[str, ...], folder: Path) -> Iterator[list[Member]]:
    """Yield a member for each host, none of them started; whatever was started is stopped in the end."""
    ports = free_ports(3 * len(hosts))
    peers = {host: ports[3 * number + 1] for number, host in enumerate(hosts)}
    made = []
    for number, host in enumerate(hosts):
        client, peer, metrics = ports[3 * number : 3 * number + 3]
        made.append(Member(folder / f"machine-{number}", host, client, peer, metrics, peers))
        for path in ("etc", "root", "var/lib/etcd", "var/backups"):
            (made[-1].folder / path).mkdir(parents=True)
    try:
        yield made
    finally:
        for member in made:
            member.stop()


def free_ports(count: int) -> list[int]:
    """Return ports of loopback that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def certificates(folder: Path, names: tuple[str, ...]) -> None:
    """Make one authority, and for each name a certificate for loopback, with both usages."""
    folder.mkdir(parents=True)
    openssl = [debian_program("openssl", "openssl")]
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    authority = ["-x509", "-subj", "/CN=etcd-ca", "-keyout", "ca.key", "-out", "ca.crt"]
    _run([*openssl, "req", *key, *authority], folder)
    (folder / "names").write_text(
        "subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth,clientAuth\nbasicConstraints=CA:FALSE\n"
    )
    for name in names:
        _run(
            [*openssl, "req", *key[:-2], "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr"],
            folder,
        )
        signed = ["-req", "-in", f"{name}.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-days", "2", "-extfile", "names"]
        _run([*openssl, "x509", *signed, "-out", f"{name}.crt"], folder)


def _run(command: list[str], folder: Path) -> None:
    result = run(command, cwd=folder)
    if result.returncode != 0:
        raise MemberError(f"{' '.join(command)}:\n{last_words(result)}")


def wait_healthy(group: list[Member], check: str) -> None:
    """Wait until the tree's own check says that every member is healthy."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            for member in group:
                member.shell(check)
        except MemberError as error:
            if time.monotonic() > deadline:
                logs = "\n".join((member.folder / "log").read_text(errors="replace")[-2000:] for member in group)
                raise MemberError(f"{error}\n{logs}") from error
            time.sleep(0.5)
        else:
            return
