"""What host programs are given of a shipped text: nothing for which they would ask beyond this machine."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

import pytest

from conformance import hosts
from conformance.hosts import RESOLVERS, SERVER_NAME, haproxy
from conformance.trees import TREES, Request, requests

SHIPPED = [request for tree in TREES for request in requests(tree) if request.reader == "haproxy"]


def servers(text: str) -> list[str]:
    return [line.split()[2] for line in text.splitlines() if line.split()[:1] == ["server"]]


@pytest.mark.parametrize("request_", SHIPPED, ids=[request.tree for request in SHIPPED])
def test_haproxy_is_given_addresses_alone(request_: Request, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def kept(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        read.append(Path(command[-1]).read_text())
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(hosts, "run", kept)
    haproxy(request_.text)
    copy, resolvers, rest = read[0].partition(RESOLVERS)
    assert (resolvers, rest) == (RESOLVERS, "")
    assert "resolvers" not in copy
    assert servers(copy)
    assert all(ip_address(server.rpartition(":")[0]).is_loopback for server in servers(copy))
    differ = [(old, new) for old, new in zip(request_.text.splitlines(), copy.splitlines(), strict=True) if old != new]
    assert len(differ) == len(servers(copy))
    assert [old for old, new in differ if old.split()[3:] != new.split()[3:] or old.split()[1] != new.split()[1]] == []


@pytest.mark.parametrize("address", ["10.0.0.11:6443", "[fd00::1]:6443", "api_0/x:6443", "api-0", "-api:6443"])
def test_what_is_no_host_name_with_a_port_goes_to_haproxy_as_it_is(address: str) -> None:
    line = f"    server api-0 {address} check"
    assert SERVER_NAME.sub(r"\g<1>127.0.0.1", line) == line
