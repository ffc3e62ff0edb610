"""Whether what is passed on to a program replaces what clusterc writes there itself, from another part of the spec."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from clusterc.check._view import Mistake, View
from clusterc.check.etcd_keys import MAIN
from clusterc.defaults.control_plane import etcds, placement
from clusterc.defaults.network import plugin
from clusterc.diagnostics import Finding, Step

OWNED = Mistake("CC0020", "said-otherwise")

_DOCUMENT = {"apiVersion": "", "kind": ""}
_SCHEDULER = _DOCUMENT | {
    "profiles": "spec.scheduler.plugins, pluginConfig and profiles",
    "clientConnection": "spec.scheduler.qps and burst",
}
_OF_MEMBERS = (
    "name",
    "listen-client-urls",
    "advertise-client-urls",
    "listen-peer-urls",
    "initial-advertise-peer-urls",
    "listen-metrics-urls",
    "initial-cluster",
)
_ETCD = {
    "data-dir": "",
    "initial-cluster-state": "",
    "initial-cluster-token": "metadata.name",
}
# Stacked members have flags of kubeadm's instead.
_DEDICATED = {"client-transport-security": "", "peer-transport-security": ""}
_PLUGINS = {
    "cilium": {
        "cluster": "metadata.name",
        "ipam": "",
        "MTU": "spec.network.mtu",
        "kubeProxyReplacement": "spec.network.proxy.mode",
        "k8sServiceHost": "spec.controlPlane.endpoint",
        "k8sServicePort": "spec.controlPlane.endpoint",
        "routingMode": "spec.network.mode",
        "tunnelProtocol": "spec.network.mode",
        "ipv4NativeRoutingCIDR": "spec.network.podCIDR",
        "ipv6": "spec.network.dualStack",
        "ipv6NativeRoutingCIDR": "spec.network.dualStack.podCIDR",
    },
    "aws-vpc": {"AWS_VPC_ENI_MTU": "spec.network.mtu"},
}


def findings(view: View) -> Iterator[Finding]:
    """Return every name that is clusterc's own."""
    body = view.body
    for i, pool in enumerate(body.node_pools):
        yield from _owned(view, pool.kubelet, _DOCUMENT, "spec.nodePools", i, "kubelet")
    yield from _owned(view, body.scheduler.extra, _SCHEDULER, "spec.scheduler.extra")
    for place, etcd in etcds(body):
        stacked = place == MAIN and placement(body) == "stacked"
        owned = _ETCD | ({} if stacked else _DEDICATED) | dict.fromkeys(_OF_MEMBERS, f"{place}.hosts")
        yield from _owned(view, etcd.extra, owned, place, "extra")
    yield from _owned(view, body.network.settings, _PLUGINS.get(plugin(body), {}), "spec.network.settings")


def _owned(view: View, given: Mapping[str, Any], owned: Mapping[str, str], *steps: Step) -> Iterator[Finding]:
    for name in given:
        if name in owned:
            path = (*view.at(*steps), name)
            place = owned[name]
            message = f"{name} is written by clusterc itself" + (f", from {place}" if place else "")
            fix = f"say it in {place}" if place else "remove it"
            yield view.of_key(view.finding(OWNED, path, message, fix=fix), path)
