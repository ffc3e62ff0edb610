"""HAProxy in front of the API servers: it passes TCP through and asks each server whether it is ready."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.control_plane import authority
from clusterc.model.document import Document, Form, Impact, Tree


def documents(cluster: Cluster, _capacity: Capacity) -> Iterator[Document]:
    """Yield haproxy.cfg, unless the balancer is supplied by hand or there is one server."""
    api = cluster.control_plane.api_server
    if api.load_balancer != "haproxy":
        return
    # A wildcard of IPv4 takes no connection to an IPv6 address.
    bind = f"[::]:{api.endpoint_port} v4v6" if ":" in api.endpoint_host else f":{api.endpoint_port}"
    servers = "".join(f"    server {host} {authority(host, 6443)}\n" for host in api.hosts)
    yield Document(
        path="control-plane/load-balancer/haproxy.cfg",
        kind="HAProxy",
        body=_text(bind, servers, api.balancer),
        reader="haproxy",
        owner=("spec.controlPlane.endpoint", "spec.controlPlane.apiServers"),
        impact=Impact.DYNAMIC,
        form=Form.TEXT,
    )


def _text(bind: str, servers: str, said: Tree) -> str:
    timeouts = "".join(f"    {name} {value}\n" for name, value in said.items() if name.startswith("timeout "))
    check = " ".join(f"{name} {said[name]}" for name in ("inter", "fall", "rise", "slowstart"))
    return f"""\
global
    maxconn {said["maxconn"]}

defaults
    mode tcp
    # A watch is silent for minutes; HTTP/2 pings every 30 s keep the connection known.
{timeouts}
frontend kube-apiserver
    bind {bind}
    default_backend kube-apiserver

backend kube-apiserver
    balance {said["balance"]}
    option httpchk GET /readyz
    http-check expect status 200
    # The check reads only the status of an anonymous path; clients verify the certificate themselves.
    default-server check check-ssl verify none {check} init-addr last,libc,none
{servers}"""
