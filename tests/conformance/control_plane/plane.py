"""A tree's control plane, running: its etcds, its API server, and on request its scheduler and controller manager."""

from __future__ import annotations

import json
import shutil
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from conformance.control_plane import replacements as differ
from conformance.control_plane.client import Client, Credentials
from conformance.control_plane.processes import Running, start
from conformance.control_plane.staging import ADMISSION, API_SERVER_FILES, Staged, command, stage
from conformance.programs import ETCD_36, ETCD_37, Module, build
from conformance.trees import load

ETCD_MODULES: dict[str, Module] = {"etcd-3.6": ETCD_36, "etcd-3.7": ETCD_37}
PAGE = 500
# How long a component may take to say that it is ready; where another program has its port, nobody answers.
READY_SECONDS = 5
PREFIX = "clusterc-plane-"


@dataclass(slots=True)
class Plane:
    """What runs for one tree; end it with `end`."""

    staged: Staged
    running: dict[str, Running] = field(default_factory=dict)

    def client(self, credentials: Credentials | None = None) -> Client:
        """Return a connection to the API server: an administrator's where nobody else is named."""
        return Client(self.staged.ports.api_server, credentials or self.staged.credentials())

    def metrics_client(self, component: str) -> Client:
        """Return an administrator's connection to a component's own port."""
        ports = self.staged.ports
        port = ports.scheduler if component == "kube-scheduler" else ports.controller_manager
        return Client(port, self.staged.credentials(), trusting=True)

    def start_etcds(self) -> None:
        """Start the etcds of the tree, each as its one member."""
        for name in self.staged.ports.etcd:
            self.running[f"etcd-{name}"] = _start_etcd(self.staged, name)
        for name, ports in self.staged.ports.etcd.items():
            with Client(ports["client"], self.staged.etcd_credentials(), seconds=READY_SECONDS) as client:
                _await(self.running[f"etcd-{name}"], client, "/health")

    def start_component(self, name: str, port: int, path: str, *, label: str = "", **flags: str) -> Running:
        """Start a component with the tree's flags, and wait until it says at `path` that it is ready."""
        words = command(name, {**self.staged.flags[name], "secure-port": str(port), **flags})
        running = self.running[label or name] = start(label or name, words, self.staged.folder)
        trusting = name != "kube-apiserver"
        with Client(port, self.staged.credentials(), trusting=trusting, seconds=READY_SECONDS) as client:
            _await(running, client, path)
        return running

    def start_api_server(self, **flags: str) -> Running:
        """Start kube-apiserver."""
        return self.start_component("kube-apiserver", self.staged.ports.api_server, "/readyz", **flags)

    def start_small_api_server(self, port: int) -> Running:
        """Start one more kube-apiserver on the same etcds, which takes only few requests and Events at once."""
        emitted = self.staged.folder / API_SERVER_FILES / ADMISSION
        small = emitted.with_name("small.yaml")
        small.write_text(json.dumps(differ.small_event_limits(load(emitted.read_text()))))
        flags = differ.small_api_server_flags(str(small))
        return self.start_component("kube-apiserver", port, "/readyz", label="small-kube-apiserver", **flags)

    def start_scheduler(self) -> Running:
        """Start kube-scheduler."""
        return self.start_component("kube-scheduler", self.staged.ports.scheduler, "/readyz")

    def start_controller_manager(self) -> Running:
        """Start kube-controller-manager."""
        return self.start_component("kube-controller-manager", self.staged.ports.controller_manager, "/healthz")

    def keys(self, etcd: str) -> Iterator[tuple[str, int]]:
        """Yield every key of an etcd, and the bytes of key and value."""
        # From the least key on to the end, page by page.
        first, end = b"\0", b64encode(b"\0").decode()
        with Client(self.staged.ports.etcd[etcd]["client"], self.staged.etcd_credentials()) as client:
            while first:
                asked = {"key": b64encode(first).decode(), "range_end": end, "limit": PAGE}
                found = client.post("/v3/kv/range", asked).expect()
                for row in found.get("kvs", []):
                    key = b64decode(row["key"])
                    first = key + b"\0"
                    yield key.decode(), len(key) + len(b64decode(row.get("value", "")))
                if not found.get("more"):
                    return

    def end(self) -> None:
        """End everything, the last started first, and throw its files away."""
        for running in reversed([*self.running.values()]):
            running.end()
        shutil.rmtree(self.staged.folder, ignore_errors=True)


def _await(running: Running, client: Client, path: str) -> None:
    running.wait_until(partial(client.answers, path), why_not=lambda: client.last_words)


def _start_etcd(staged: Staged, name: str) -> Running:
    pod = staged.flags.get("etcd")
    words, module = _from_static_pod(staged, pod) if pod else _from_file(staged, name)
    return start(f"etcd-{name}", (str(build(module)), "program", "etcd", *words), staged.folder)


def _from_file(staged: Staged, name: str) -> tuple[list[str], Module]:
    """Return how the first member of an etcd of its own is started, and its release line."""
    source = min((staged.tree / "etcd" / name).glob("*/etcd.yaml"))
    manifest = json.loads((staged.tree / "MANIFEST.json").read_text())
    body = load(differ.rooted(source.read_text(), staged.folder))
    body |= differ.etcd_keys(body["name"], staged.ports.etcd[name])
    file = staged.folder / f"etcd-{name}.yaml"
    file.write_text(json.dumps(body, indent=1))
    reader = manifest["files"][str(source.relative_to(staged.tree))]["reader"]
    return ["--config-file", str(file)], ETCD_MODULES[reader]


def _from_static_pod(staged: Staged, pod: Mapping[str, str]) -> tuple[list[str], Module]:
    """Return how kubeadm's own etcd is started."""
    flags = {**pod, **differ.etcd_keys(pod["name"], staged.ports.etcd["main"])}
    return [f"--{flag}={str(value).lower() if value is True else value}" for flag, value in flags.items()], ETCD_37


@contextmanager
def control_plane(tree: Path, *, emulate: str | None = None, **flags: str) -> Iterator[Plane]:
    """Run a tree's etcds and API server, with `flags` besides its own, and end them."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    plane: Plane | None = None
    try:
        plane = Plane(stage(tree, folder, emulate=emulate))
        plane.start_etcds()
        plane.start_api_server(**flags)
        yield plane
    finally:
        if plane is not None:
            plane.end()
        shutil.rmtree(folder, ignore_errors=True)
