"""On which addresses a program listens, and to which it speaks, as the kernel says."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from pathlib import Path

# States of a socket: TCP that listens, TCP that is connected, UDP that takes from anybody.
LISTENING, ESTABLISHED, TAKING = "0A", "01", "07"


def listeners(process: int) -> set[str]:
    """Return the addresses on which a process listens."""
    return {local for state, local, _ in _sockets(process) if state in {LISTENING, TAKING}}


def connections(process: int) -> set[str]:
    """Return the addresses that a process is connected with."""
    return {remote for state, _, remote in _sockets(process) if state == ESTABLISHED}


def _sockets(process: int) -> Iterator[tuple[str, str, str]]:
    """Yield (state, local address, remote address) of a process's TCP and UDP sockets."""
    inodes = _inodes(process)
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            _, local, remote, state, *rest = line.split()
            if rest[5] in inodes:
                yield state, _address(local), _address(remote)


def _inodes(process: int) -> set[str]:
    found = set()
    for descriptor in Path(f"/proc/{process}/fd").iterdir():
        try:
            target = str(descriptor.readlink())
        except FileNotFoundError:
            continue
        if target.startswith("socket:["):
            found.add(target[8:-1])
    return found


def _address(text: str) -> str:
    """Return an address of /proc/net/tcp, whose words of four bytes are in the machine's own order."""
    digits = bytes.fromhex(text.partition(":")[0])
    packed = b"".join(digits[at : at + 4][::-1] for at in range(0, len(digits), 4))
    address = ipaddress.ip_address(packed)
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)
