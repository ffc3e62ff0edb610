"""All that is not as emitted when a tree's control plane runs on one machine: these tables, and nothing else.

A cluster's machines become one: host names become the loopback address, ports become free ones, and a cluster of etcd
becomes its first member. Absolute paths become the same paths below the run's own folder, as in a chroot.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from conformance.control_plane.processes import LOOPBACK, free_port
from conformance.minors import for_newest

NODE = "node-0"
# The address of cluster DNS within the range of Services, as kubeadm has it.
DNS = 10
SMALLER = 100
OVERRIDES = "etcd-servers-overrides"
# kubeadm takes the loopback address for a request to choose one; this one belongs to nobody (RFC 5737).
NOBODYS_ADDRESS = "192.0.2.1"
MACHINE_PATHS = re.compile(r"(?<![\w/.])/(etc|var)/(?=[a-z])")


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports of one run."""

    api_server: int
    scheduler: int
    controller_manager: int
    etcd: Mapping[str, Mapping[str, int]]

    @classmethod
    def free(cls, etcds: tuple[str, ...]) -> Ports:
        """Return ports on which nobody listens, three for each etcd."""
        etcd = {name: {use: free_port() for use in ("client", "peer", "metrics")} for name in etcds}
        return cls(free_port(), free_port(), free_port(), etcd)


def url(port: int, scheme: str = "https") -> str:
    """Return the address of a port of this machine."""
    return f"{scheme}://{LOOPBACK}:{port}"


def etcd_keys(name: str, ports: Mapping[str, int]) -> dict[str, Any]:
    """Return the keys of etcd's configuration that differ, by name, for the member called `name`."""
    return {
        # Host names and addresses of the member.
        "listen-client-urls": url(ports["client"]),
        "advertise-client-urls": url(ports["client"]),
        "listen-peer-urls": url(ports["peer"]),
        "initial-advertise-peer-urls": url(ports["peer"]),
        "listen-metrics-urls": url(ports["metrics"], "http"),
        # One member instead of three or five.
        "initial-cluster": f"{name}={url(ports['peer'])}",
        # This disk says nothing of the machines' disks, and what it holds is thrown away.
        "unsafe-no-fsync": True,
    }


def etcd_overrides(emitted: str, members: Mapping[str, str], ports: Mapping[str, Mapping[str, int]]) -> str:
    """Return --etcd-servers-overrides as emitted but for the addresses; `members` has the etcd behind each of them."""
    found = []
    for override in emitted.split(","):
        resource, sharp, servers = override.partition("#")
        here = dict.fromkeys(url(ports[members[server]]["client"]) for server in servers.split(";"))
        found.append(f"{resource}{sharp}{';'.join(here)}")
    return ",".join(found)


def api_server_flags(
    emitted: Mapping[str, str], ports: Ports, members: Mapping[str, str], *, emulate: str | None
) -> dict[str, str]:
    """Return the flags of kube-apiserver that differ; `members` has the tree's etcd behind each address of a member."""
    main, *others = ports.etcd
    flags = {
        # Addresses and ports of the machine.
        "advertise-address": LOOPBACK,
        "bind-address": LOOPBACK,
        "secure-port": str(ports.api_server),
        "etcd-servers": url(ports.etcd[main]["client"]),
        # kube-apiserver refuses to publish a loopback address as the endpoint of the Service `kubernetes`.
        "endpoint-reconciler-type": "none",
    }
    if others:
        # What goes to which etcd is as emitted: a tree that has several and does not say it fails here.
        flags[OVERRIDES] = etcd_overrides(emitted[OVERRIDES], members, ports.etcd)
    if emulate:
        # The newest release serves what an older one serves.
        flags["emulated-version"] = emulate
    return flags


def settings(changes: Mapping[str, Any]) -> dict[str, str]:
    """Return those of the differing settings that are neither an address nor a port of this machine."""
    of_machine = {name for name, value in changes.items() if LOOPBACK in str(value) or name == "secure-port"}
    return {name: str(value).lower() for name, value in changes.items() if name not in of_machine}


def small_api_server_flags(admission: str) -> dict[str, str]:
    """Return the flags with which two cores are enough to ask more of an API server than it takes."""
    return {
        "max-requests-inflight": "20",
        "max-mutating-requests-inflight": "10",
        "admission-control-config-file": admission,
    }


def small_event_limits(body: dict[str, Any]) -> dict[str, Any]:
    """Return an AdmissionConfiguration whose buckets of Events are so small that a test can empty them."""
    plugins = deepcopy(body["plugins"])
    for limit in (limit for plugin in plugins for limit in plugin["configuration"]["limits"]):
        limit |= {"qps": max(1, limit["qps"] // SMALLER), "burst": max(1, limit["burst"] // SMALLER)}
    return {**body, "plugins": plugins}


def scheduler_flags(ports: Ports) -> dict[str, str]:
    """Return the flags of kube-scheduler that differ."""
    return {"bind-address": LOOPBACK, "secure-port": str(ports.scheduler)}


def controller_manager_flags(ports: Ports) -> dict[str, str]:
    """Return the flags of kube-controller-manager that differ."""
    return {"bind-address": LOOPBACK, "secure-port": str(ports.controller_manager)}


def cluster_configuration(body: dict[str, Any], ports: Ports, folder: Path) -> dict[str, Any]:
    """Return kubeadm's ClusterConfiguration with what differs."""
    api = body["apiServer"]
    return {
        **body,
        # The endpoint is a load balancer's name.
        "controlPlaneEndpoint": f"{LOOPBACK}:{ports.api_server}",
        "apiServer": {**api, "certSANs": [*api["certSANs"], LOOPBACK]},
        "certificatesDir": str(folder / "etc/kubernetes/pki"),
        "kubernetesVersion": for_newest(f"kubernetesVersion: {body['kubernetesVersion']}").split()[1],
    }


def init_configuration(body: dict[str, Any], ports: Ports) -> dict[str, Any]:
    """Return kubeadm's InitConfiguration with what differs."""
    return {
        **body,
        "localAPIEndpoint": {"advertiseAddress": NOBODYS_ADDRESS, "bindPort": ports.api_server},
        # kubeadm takes the machine's own name otherwise.
        "nodeRegistration": {**body["nodeRegistration"], "name": NODE},
    }


def for_etcd_certificates(cluster: dict[str, Any]) -> dict[str, Any]:
    """Return a ClusterConfiguration for which kubeadm makes etcd's certificates, which a human supplies otherwise."""
    sans = {"serverCertSANs": [LOOPBACK], "peerCertSANs": [LOOPBACK]}
    return {**cluster, "etcd": {"local": {"dataDir": "/nowhere", **sans}}}


def service(item: dict[str, Any], ranges: str) -> dict[str, Any]:
    """Return a Service of another tree with an address out of the ranges that a running API server gives."""
    # A dry run asks any one of an API server's ranges, so that the other tree's cannot be added to them.
    address = str(ip_network(ranges.split(",", maxsplit=1)[0])[DNS])
    return {**item, "spec": {**item["spec"], "clusterIP": address}}


def rooted(text: str, folder: Path) -> str:
    """Return a text in which the machine's absolute paths lie below `folder`."""
    return MACHINE_PATHS.sub(lambda match: f"{folder}/{match[1]}/", text)
