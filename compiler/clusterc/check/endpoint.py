"""Whether the control plane's endpoint is a host and a port, as kubeadm takes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address

from clusterc.check._view import Mistake, View
from clusterc.diagnostics import Finding

NOT_AN_ENDPOINT = Mistake("CC0006", "value-not-allowed", "kubeadm, validation of controlPlaneEndpoint")

_PORT = re.compile(r"[1-9][0-9]{0,4}")
_HOST = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")


def findings(view: View) -> Iterator[Finding]:
    """Return the endpoint if it has another form."""
    path, endpoint = view.at("spec.controlPlane.endpoint"), view.body.control_plane.endpoint
    host, _, port = endpoint.rpartition(":")
    if host and _PORT.fullmatch(port) and 0 < int(port) < 65536 and _is_host(host):
        if nobody := _reaches_nobody(host):
            message = f"{view.source.name(path)} is {endpoint!r}, {nobody}"
            fix = "write the name or address of the load balancer before the API servers"
            yield view.finding(NOT_AN_ENDPOINT, path, message, fix=fix)
        return
    bare = re.sub(r"^[a-z]+://|/.*$", "", endpoint)
    guess = _guess(bare)
    message = f"{view.source.name(path)} is {endpoint!r}, not a host and a port"
    yield view.finding(NOT_AN_ENDPOINT, path, message, fix=f"write host:port without a scheme, such as {guess}")


def _guess(text: str) -> str:
    """Return an endpoint that a text may have meant, or an example; never the text itself."""
    host, _, port = text.rpartition(":") if re.search(r":\d+$", text) else (text.rstrip(":"), "", "6443")
    right = port.lstrip("0") if _PORT.fullmatch(port.lstrip("0")) and int(port) < 65536 else "6443"
    host = re.sub(r"\.{2,}", ".", host.partition("%")[0] + ("]" if "%" in host and "]" in host else "")).strip(".")
    return f"{host if _is_host(host) and not _reaches_nobody(host) else 'api.example.internal'}:{right}"


def _reaches_nobody(host: str) -> str:
    """Return why other machines find nobody at a host, in words, or an empty text."""
    if host == "localhost" or host.endswith(".localhost"):
        return "which is every machine itself"
    try:
        address = ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return ""
    if address.is_loopback:
        return "which is every machine itself"
    if address.is_unspecified or address.is_multicast:
        return "which is the address of no machine"
    if address.is_link_local:
        return "which is reached from one link alone"
    return ""


def _is_host(host: str) -> bool:
    if "%" in host:
        return False
    try:
        ip_address(host.removeprefix("[").removesuffix("]") if host.startswith("[") else host)
    except ValueError:
        return len(host) <= 253 and _HOST.fullmatch(host) is not None and not host.replace(".", "").isdigit()
    return host.startswith("[") == (":" in host)
