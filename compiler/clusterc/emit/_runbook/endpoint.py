"""The step that makes the API servers' common address answer."""

from __future__ import annotations

from clusterc.emit._runbook.step import Need, Step, place
from clusterc.model.cluster import Cluster


def endpoint_step(cluster: Cluster) -> Step:
    """Return the step: HAProxy, or a balancer that is supplied by hand."""
    api = cluster.control_plane.api_server
    name, port = api.endpoint_host, api.endpoint_port
    if api.load_balancer != "haproxy":
        return Step(
            key="endpoint",
            title="The endpoint",
            where=(
                f"Your load balancer behind `{api.endpoint}`: TCP passed through to port 6443 of "
                f"{', '.join(f'`{host}`' for host in api.hosts)}, health by `GET /readyz` over TLS, idle connections "
                "kept for 15 minutes."
            ),
            script=(),
            check=(f"getent hosts {name}",),
            expected="the balancer's address, on every machine",
        )
    apart = ", none of them an API server, whose own port is the same" if port == "6443" else ""
    return Step(
        key="endpoint",
        title="The endpoint",
        where=(
            f"On each machine behind `{name}`{apart}. Two of them share one address (VRRP) if the loss of one must not "
            "stop the cluster."
        ),
        needs=(
            Need("`haproxy`", "HAProxy, from the machine's packages"),
            Need(f"`{name}`", "an address of theirs, or the record of one, known to every machine"),
        ),
        script=(
            place("/etc/haproxy", "control-plane/load-balancer/haproxy.cfg"),
            "haproxy -c -f /etc/haproxy/haproxy.cfg",
            "systemctl enable haproxy",
            "systemctl reload-or-restart haproxy",
        ),
        check=("systemctl is-active haproxy",),
        expected="`active`; its servers are down until there are API servers",
    )
