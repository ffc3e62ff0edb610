"""flannel: its settings, its DaemonSet, and the rights it needs."""

from __future__ import annotations

import json
from collections.abc import Iterator

from clusterc.emit._object import api_object, binding, fields, rule
from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.document import Document, Impact, Tree, Value
from clusterc.model.network import Flannel

NAME = "flannel"
NAMESPACE = "kube-flannel"
OWNER = ("spec.network.flannel", "spec.network.podCIDR")
LABELS = {"app": "flannel", "tier": "node"}


def documents(cluster: Cluster, _capacity: Capacity) -> Iterator[Document]:
    """Yield flannel's objects, where flannel is the network plugin."""
    network = cluster.network
    if network.flannel is None:
        return
    labels = {"pod-security.kubernetes.io/enforce": "privileged"}
    yield api_object("Namespace", NAMESPACE, {}, owner=OWNER, labels=labels)
    yield api_object("ServiceAccount", NAME, {}, namespace=NAMESPACE, owner=OWNER)
    rules: list[Value] = [
        rule([""], ["pods"], ["get"]),
        rule([""], ["nodes"], ["get", "list", "watch"]),
        rule([""], ["nodes/status"], ["patch"]),
    ]
    yield api_object("ClusterRole", NAME, {"rules": rules}, owner=OWNER)
    yield binding(NAME, namespace=NAMESPACE, owner=OWNER)
    data: Tree = {"cni-conf.json": _cni(), "net-conf.json": _net(network.plugin)}
    yield api_object(
        "ConfigMap",
        "kube-flannel-cfg",
        {"data": data},
        namespace=NAMESPACE,
        owner=OWNER,
        labels=LABELS,
        impact=Impact.RESTART,
    )
    yield api_object(
        "DaemonSet",
        "kube-flannel-ds",
        {"spec": _daemon_set(network.flannel, network.plugin)},
        namespace=NAMESPACE,
        owner=OWNER,
        labels=LABELS,
        impact=Impact.RESTART,
    )


def _net(said: Tree) -> str:
    names = ("Network", "EnableNFTables", "Backend", "EnableIPv6", "IPv6Network")
    return json.dumps({name: said[name] for name in names if name in said}, indent=2) + "\n"


def _cni() -> str:
    delegate: Tree = {"hairpinMode": True, "isDefaultGateway": True}
    plugins: list[Value] = [
        {"type": "flannel", "delegate": delegate},
        {"type": "portmap", "capabilities": {"portMappings": True}},
    ]
    return json.dumps({"name": "cbr0", "cniVersion": "1.0.0", "plugins": plugins}, indent=2) + "\n"


def _mount(name: str, path: str) -> Tree:
    return {"name": name, "mountPath": path}


def _host(name: str, path: str, kind: str = "DirectoryOrCreate") -> Tree:
    return {"name": name, "hostPath": {"path": path, "type": kind}}


def _daemon_set(flannel: Flannel, said: Tree) -> Tree:
    pod: Tree = {
        "serviceAccountName": NAME,
        "hostNetwork": True,
        "priorityClassName": "system-node-critical",
        "tolerations": [{"operator": "Exists"}],
        "initContainers": [
            {
                "name": "install-cni-plugin",
                "image": flannel.cni_plugin_image,
                "command": ["cp"],
                "args": ["-f", "/flannel", "/opt/cni/bin/flannel"],
                "volumeMounts": [_mount("cni-plugin", "/opt/cni/bin")],
            },
            {
                "name": "install-cni",
                "image": flannel.image,
                "command": ["cp"],
                "args": ["-f", "/etc/kube-flannel/cni-conf.json", "/etc/cni/net.d/10-flannel.conflist"],
                "volumeMounts": [_mount("cni", "/etc/cni/net.d"), _mount("config", "/etc/kube-flannel")],
            },
        ],
        "containers": [_container(flannel, said)],
        "volumes": [
            _host("run", "/run/flannel"),
            _host("cni-plugin", "/opt/cni/bin"),
            _host("cni", "/etc/cni/net.d"),
            {"name": "config", "configMap": {"name": "kube-flannel-cfg"}},
            _host("xtables-lock", "/run/xtables.lock", "FileOrCreate"),
        ],
    }
    return {
        "revisionHistoryLimit": said["revisionHistoryLimit"],
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": said["maxUnavailable"]}},
        "selector": {"matchLabels": {**LABELS}},
        "template": {"metadata": {"labels": {**LABELS}}, "spec": pod},
    }


def _container(flannel: Flannel, said: Tree) -> Tree:
    return {
        "name": "kube-flannel",
        "image": flannel.image,
        "command": ["/opt/bin/flanneld"],
        "args": ["--ip-masq", "--kube-subnet-mgr", "--healthz-port=8081"],
        "env": [
            {"name": "POD_NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
            {"name": "POD_NAMESPACE", "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}},
            {"name": "EVENT_QUEUE_DEPTH", "value": str(flannel.event_queue_depth)},
            {"name": "CONT_WHEN_CACHE_NOT_READY", "value": said["CONT_WHEN_CACHE_NOT_READY"]},
        ],
        "resources": said["resources"],
        "securityContext": {"privileged": False, "capabilities": {"add": ["NET_ADMIN", "NET_RAW"]}},
        "livenessProbe": {
            "httpGet": {"path": "/healthz", "port": 8081},
            **fields(said["livenessProbe"]),
        },
        "volumeMounts": [
            _mount("run", "/run/flannel"),
            _mount("config", "/etc/kube-flannel/"),
            _mount("xtables-lock", "/run/xtables.lock"),
        ],
    }
