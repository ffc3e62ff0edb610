"""NodeLocal DNS: a cache on every machine, asked at a link-local address, which forwards over TCP to CoreDNS."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.emit._object import api_object, fields
from clusterc.emit.coredns import LABELS as COREDNS_LABELS
from clusterc.emit.coredns import NAMESPACE, OWNER
from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.document import Document, Impact, Tree
from clusterc.model.network import Dns

NAME = "node-local-dns"
UPSTREAM = "kube-dns-upstream"
LABELS = {"k8s-app": NAME}


def documents(cluster: Cluster, _capacity: Capacity) -> Iterator[Document]:
    """Yield the cache's objects, where a cache runs."""
    dns = cluster.network.dns
    if not dns.node_local:
        return
    yield api_object("ServiceAccount", NAME, {}, namespace=NAMESPACE, owner=OWNER)
    data: Tree = {"Corefile.base": _corefile(dns)}
    yield api_object("ConfigMap", NAME, {"data": data}, namespace=NAMESPACE, owner=OWNER)
    yield api_object("Service", UPSTREAM, {"spec": _upstream()}, namespace=NAMESPACE, owner=OWNER, labels=LABELS)
    yield api_object(
        "DaemonSet",
        NAME,
        {"spec": _daemon_set(dns)},
        namespace=NAMESPACE,
        owner=OWNER,
        labels=LABELS,
        impact=Impact.RESTART,
    )


def _zone(zone: str, dns: Dns, *, forward: str, cache: str, health: str = "") -> str:
    return f"""\
{zone}:53 {{
    errors
    cache {cache}
    reload
    loop
    bind {dns.address}
    forward . {forward}
    prometheus :9253
{health}}}
"""


def _corefile(dns: Dns) -> str:
    """Return the cache's Corefile; it puts the addresses of CoreDNS and of the node's resolvers in by itself."""
    said, health = dns.node_cache, f"    health {dns.address}:8080\n"
    # CoreDNS is asked over TCP, which no lost packet holds up; resolvers outside are asked as they are used to.
    inside, outside = "__PILLAR__CLUSTER__DNS__ {\n        force_tcp\n    }", "__PILLAR__UPSTREAM__SERVERS__"
    names = f"{{\n        success {said['success']}\n        denial {said['denial']}\n    }}"
    cache = str(said["cache"])
    return (
        _zone(dns.domain, dns, forward=inside, cache=names, health=health)
        + _zone("in-addr.arpa", dns, forward=inside, cache=cache)
        + _zone("ip6.arpa", dns, forward=inside, cache=cache)
        + _zone(".", dns, forward=outside, cache=cache)
    )


def _upstream() -> Tree:
    """Return the Service by which the cache reaches CoreDNS: `kube-dns` itself may be taken over by the cache."""
    return {
        "selector": {**COREDNS_LABELS},
        "ports": [
            {"name": "dns", "port": 53, "protocol": "UDP", "targetPort": 53},
            {"name": "dns-tcp", "port": 53, "protocol": "TCP", "targetPort": 53},
        ],
    }


def _daemon_set(dns: Dns) -> Tree:
    pod: Tree = {
        "serviceAccountName": NAME,
        "automountServiceAccountToken": False,
        "priorityClassName": "system-node-critical",
        "hostNetwork": True,
        "dnsPolicy": "Default",
        "tolerations": [{"operator": "Exists"}],
        "containers": [_container(dns)],
        "volumes": [
            {"name": "xtables-lock", "hostPath": {"path": "/run/xtables.lock", "type": "FileOrCreate"}},
            {
                "name": "config",
                "configMap": {"name": NAME, "items": [{"key": "Corefile.base", "path": "Corefile.base"}]},
            },
        ],
    }
    return {
        "revisionHistoryLimit": dns.node_cache["revisionHistoryLimit"],
        "updateStrategy": {
            "type": "RollingUpdate",
            "rollingUpdate": {"maxUnavailable": dns.node_cache["maxUnavailable"]},
        },
        "selector": {"matchLabels": {**LABELS}},
        "template": {"metadata": {"labels": {**LABELS}}, "spec": pod},
    }


def _container(dns: Dns) -> Tree:
    return {
        "name": "node-cache",
        "image": dns.node_local_image,
        "args": [
            "-localip",
            dns.address,
            "-conf",
            "/etc/Corefile",
            "-basecorefile",
            "/etc/config/Corefile.base",
            "-upstreamsvc",
            UPSTREAM,
            "-setupiptables=false",
        ],
        "securityContext": {"capabilities": {"add": ["NET_ADMIN"]}},
        "ports": [
            {"name": "metrics", "containerPort": 9253, "hostPort": 9253, "protocol": "TCP"},
        ],
        "resources": dns.node_cache["resources"],
        "livenessProbe": {
            "httpGet": {"host": dns.address, "path": "/health", "port": 8080},
            **fields(dns.node_cache["livenessProbe"]),
        },
        "volumeMounts": [
            {"name": "xtables-lock", "mountPath": "/run/xtables.lock"},
            {"name": "config", "mountPath": "/etc/config", "readOnly": True},
        ],
    }
