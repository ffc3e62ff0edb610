"""The tables under `schemas/`: what the components of each minor know, said by the components themselves.

`make tables` writes them all; `make tables MINORS=1.37` those of one minor. One entry a line, sorted, no dates.
"""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from conformance.control_plane.processes import LOOPBACK, free_port, start
from conformance.programs import ETCD_36, ETCD_37, MINORS, Module, build, kubernetes, last_words, run
from conformance.tables_elsewhere import elsewhere

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
COMPONENTS = ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy")
ETCDS = {"3.6": ETCD_36, "3.7": ETCD_37}
EVERY_VERSION, EVERY_GATE = "--runtime-config=api/all=true", "--feature-gates=AllAlpha=true,AllBeta=true"
WIDTH = 110
ELSEWHERE = "elsewhere.json"
Resources = dict[str, dict[str, dict[str, Any]]]


def minor_tables(minor: str) -> dict[str, str]:
    """Return the files of a minor below `schemas/kubernetes/MINOR`, all but `elsewhere.json`."""
    components = {name: _said(kubernetes(minor, f"./components/{name}"), "tables") for name in (*COMPONENTS, "kubeadm")}
    reader = kubernetes(minor)
    by_default, on_request = resources(reader)
    kinds = _said(reader, "tables", "kinds")
    return {
        "flags.json": text({name: components[name]["flags"] for name in COMPONENTS}, depth=2),
        "gates.json": text(gates({name: component["gates"] for name, component in components.items()}), depth=1),
        "objects.json": text(_said(reader, "tables", "objects")),
        "resources.json": text(by_default, depth=2),
        "resources-on-request.json": text(on_request, depth=2),
        **{f"kinds/{name}.json": text(kind) for name, kind in kinds.items()},
    }


def etcd_tables(line: str) -> dict[str, str]:
    """Return the files of an etcd release line below `schemas/etcd/LINE`."""
    return {"keys.json": text(_said(ETCDS[line], "tables", "keys"), depth=1)}


def gates(components: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return every gate, with the components that know it unless all but kubeadm do, which has gates of its own."""
    table: dict[str, Any] = {}
    for name in sorted({name for known in components.values() for name in known}):
        knowing = [component for component, known in components.items() if name in known]
        table[name] = dict(components[knowing[0]][name])
        if knowing != [*COMPONENTS]:
            table[name]["components"] = knowing
    return table


def resources(reader: Module) -> tuple[Resources, Resources]:
    """Return what kube-apiserver serves by default, and what --runtime-config adds: `gated` where a gate must be on."""
    with _etcd() as url:
        usual, every, gated = (
            _said(reader, "tables", "resources", url, *flags)
            for flags in ((), (EVERY_VERSION,), (EVERY_VERSION, EVERY_GATE))
        )
    added: Resources = {}
    for version, kinds in gated.items():
        for kind, entry in kinds.items():
            if kind not in usual.get(version, {}):
                mark = {} if kind in every.get(version, {}) else {"gated": True}
                added.setdefault(version, {})[kind] = {**entry, **mark}
    return usual, added


def text(value: Any, *, depth: int | None = None) -> str:
    """Return JSON with sorted keys: one entry a line at `depth`, or without it, as many lines as keep them short."""
    return _text(value, "", depth) + "\n"


def _text(value: Any, indent: str, depth: int | None) -> str:
    flat = json.dumps(value, sort_keys=True, ensure_ascii=False)
    done = len(indent) + len(flat) <= WIDTH if depth is None else depth == 0
    if done or not value or not isinstance(value, (dict, list)):
        return flat
    inner, below = indent + " ", None if depth is None else depth - 1
    if isinstance(value, list):
        rows = [inner + _text(item, inner, below) for item in value]
        return "[\n" + ",\n".join(rows) + f"\n{indent}]"
    rows = [f"{inner}{json.dumps(key)}: {_text(value[key], inner, below)}" for key in sorted(value)]
    return "{\n" + ",\n".join(rows) + f"\n{indent}}}"


def _said(module: Module, *arguments: str) -> Any:
    result = run([str(build(module)), *arguments])
    if result.returncode != 0:
        raise RuntimeError(f"{module.name} {' '.join(arguments)} failed:\n{last_words(result)}")
    return json.loads(result.stdout)


@contextmanager
def _etcd() -> Iterator[str]:
    """Run an etcd on loopback and yield its address."""
    client, peer = f"http://{LOOPBACK}:{free_port()}", f"http://{LOOPBACK}:{free_port()}"
    flags = {
        "data-dir": "etcd",
        "listen-client-urls": client,
        "advertise-client-urls": client,
        "listen-peer-urls": peer,
        "initial-advertise-peer-urls": peer,
        "initial-cluster": f"default={peer}",
        "unsafe-no-fsync": "true",
    }
    command = [str(build(ETCD_37)), "program", "etcd", *(f"--{name}={value}" for name, value in flags.items())]
    with TemporaryDirectory(prefix="clusterc-tables-") as folder:
        etcd = start("etcd", command, Path(folder))
        try:
            etcd.wait_until(lambda: _listens(client))
            yield client
        finally:
            etcd.end()


def _listens(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, int(url.rpartition(":")[2]))) == 0


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write a folder's files, and remove those that are no longer made; `elsewhere.json` is made of all minors."""
    for stale in {path for path in folder.rglob("*.json") if str(path.relative_to(folder)) not in {*files, ELSEWHERE}}:
        stale.unlink()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def written() -> list[str]:
    """Return the minors that have tables."""
    return [minor for minor in MINORS if (SCHEMAS / "kubernetes" / minor / "flags.json").exists()]


def main(arguments: list[str]) -> None:
    """Write the tables of the minors named, or of all."""
    for line in ETCDS:
        write(SCHEMAS / "etcd" / line, etcd_tables(line))
    for minor in arguments or MINORS:
        write(SCHEMAS / "kubernetes" / minor, minor_tables(minor))
    for minor, table in elsewhere(SCHEMAS / "kubernetes", written()).items():
        (SCHEMAS / "kubernetes" / minor / ELSEWHERE).write_text(text(table, depth=3), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
