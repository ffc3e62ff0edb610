"""Every program that reads, by the name that the manifest calls it, and what each of them said."""

from __future__ import annotations

import time
from collections import defaultdict

from conformance import hosts
from conformance.flag_tables import read_flags
from conformance.programs import ETCD_36, ETCD_37, NEWEST, NODE, Module, Reader, Verdict, kubernetes
from conformance.trees import Request

MODULES: dict[str, Module] = {
    **dict.fromkeys(("corefile", "cni", "containerd-hosts", "flannel"), NODE),
    "etcd-3.6": ETCD_36,
    "etcd-3.7": ETCD_37,
}
TABLES = "flag tables of"


class Judges:
    """The programs, asked once for each text.

    A reader's name may end in the Kubernetes minor whose component reads (`kubelet@1.36`); without it, the newest does.
    `accepted` has the programs that accepted a kind of file; `refused` how many spoilt copies of it were refused.
    `read` has the texts of both for each minor, for the components that differ between minors.
    """

    def __init__(self) -> None:
        self.accepted: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.refused: dict[tuple[str, str], int] = defaultdict(int)
        self.read: dict[tuple[str, str, str], tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
        self.seconds: dict[str, float] = defaultdict(float)
        self.texts: dict[str, int] = defaultdict(int)
        self._readers: dict[str, Reader] = {}
        self._known: dict[tuple[str, str], Verdict] = {}

    def ask(self, requests: list[tuple[str, str]]) -> list[Verdict]:
        """Return the verdict on each (reader, text); one text is read once."""
        fresh = [request for request in dict.fromkeys(requests) if request not in self._known]
        groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for reader, text in fresh:
            groups[_program(reader)].append((reader, text))
        for program, group in groups.items():
            self._start(program, group[0][0])
            started = time.monotonic()
            self._known |= dict(zip(group, self._verdicts(program, group), strict=True))
            self.seconds[program] += time.monotonic() - started
            self.texts[program] += len(group)
        return [self._known[request] for request in requests]

    def accept(self, request: Request, verdict: Verdict) -> None:
        """Note that a program has accepted a text."""
        self.accepted[request.kind, request.reader].add(verdict.read_by)
        self.read[request.kind, request.reader, request.minor][0].add(request.text)

    def refuse(self, spoilt: Request) -> None:
        """Note that a program has refused a spoilt copy."""
        refused = self.read[spoilt.kind, spoilt.reader, spoilt.minor][1]
        self.refused[spoilt.kind, spoilt.reader] += spoilt.text not in refused
        refused.add(spoilt.text)

    def _verdicts(self, program: str, group: list[tuple[str, str]]) -> list[Verdict]:
        named = [reader.partition("@") for reader, _ in group]
        texts = [text for _, text in group]
        if program in hosts.PROGRAMS:
            return [hosts.PROGRAMS[program](text) for text in texts]
        if program.startswith(TABLES):
            return [
                read_flags(name.removeprefix("flags:"), minor, text)
                for (name, _, minor), text in zip(named, texts, strict=True)
            ]
        return self._readers[program].ask([(name, text) for (name, *_), text in zip(named, texts, strict=True)])

    def _start(self, program: str, reader: str) -> None:
        if program not in self._readers and program not in hosts.PROGRAMS and not program.startswith(TABLES):
            self._readers[program] = Reader(_module(reader))

    def close(self) -> None:
        """End the readers."""
        for reader in self._readers.values():
            reader.close()

    def speed(self) -> list[str]:
        """Return for each program how many texts it has read, and how long each took."""
        return [
            f"{program}: {count} texts, {self.seconds[program] / count * 1000:.0f} ms each"
            for program, count in sorted(self.texts.items())
        ]


def _program(reader: str) -> str:
    name, _, minor = reader.partition("@")
    if name in hosts.PROGRAMS:
        return name
    if name.startswith("flags:") and minor:
        return f"{TABLES} {minor}"
    return _module(reader).name


def _module(reader: str) -> Module:
    name, _, minor = reader.partition("@")
    return MODULES.get(name, kubernetes(minor or NEWEST, whole=not minor))
