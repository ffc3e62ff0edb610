"""Whether the control plane's endpoint is a host and a port, as kubeadm takes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address

from clusterc.check._view import Mistake, View
from clusterc.diagnostics import Finding

NOT_AN_ENDPOINT = Mistake("CC0006", "value-not-allowed", "kubeadm, validation of controlPlaneEndpoint")

_HOST = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")


def findings(view: View) -> Iterator[Finding]:
    """Return the endpoint if it has another form."""
    path, endpoint = view.at("spec.controlPlane.endpoint"), view.body.control_plane.endpoint
    host, _, port = endpoint.rpartition(":")
    if host and port.isascii() and port.isdigit() and 0 < int(port) < 65536 and _is_host(host):
        return
    bare = re.sub(r"^[a-z]+://|/.*$", "", endpoint)
    guess = bare if re.search(r":\d+$", bare) else f"{bare.rstrip(':') or 'api.example.internal'}:6443"
    message = f"{view.source.name(path)} is {endpoint!r}, not a host and a port"
    yield view.finding(NOT_AN_ENDPOINT, path, message, fix=f"write host:port without a scheme, such as {guess}")


def _is_host(host: str) -> bool:
    try:
        ip_address(host.removeprefix("[").removesuffix("]") if host.startswith("[") else host)
    except ValueError:
        return len(host) <= 253 and _HOST.fullmatch(host) is not None and not host.replace(".", "").isdigit()
    return host.startswith("[") == (":" in host)
