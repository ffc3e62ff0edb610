"""Hypothesis strategies over the spec language: plain data of clusters that could be built.

Sizes run from one machine to 15,000; every mode, provider, preset, minor and gang mechanism is drawn, and what is drawn
fits together, so that a finding of severity error is a mistake of the compiler (or of these strategies).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from clusterc import pipeline
from clusterc.load.yaml_spec import load_yaml
from clusterc.model.cluster import Cluster
from clusterc.model.source import Source

Plain = dict[str, Any]

PRESETS = ("training", "inference", "general", "lab")
PROVIDERS = ("azure", "aws", "gcp", "metal", "aks", "eks", "gke")
VERSIONS = ("1.34", "1.34.4", "1.35", "1.35.4", "1.36", "1.36.3", "1.37", "v1.37.2")
MODES = ("native", "overlay", "flannel", "host")
NATIVE = {
    "azure": "azure-vnet",
    "aks": "azure-vnet",
    "aws": "aws-vpc",
    "eks": "aws-vpc",
    "gcp": "gce-alias",
    "gke": "gce-alias",
}
ONE_FAMILY = {"azure-vnet", "aws-vpc", "gce-alias"}
DUAL_STACK = {"podCIDR": "fd00:10:64::/48", "serviceCIDR": "fd00:10:32::/112"}
TAKES_BLOCKS = {"cilium", "flannel"}
# A machine with GPUs, some of which can be cut, and one without, of each provider's catalogue.
AZURE = (("Standard_ND96asr_v4", "1g.5gb"), ("Standard_ND96isr_H100_v5", None)), "Standard_D16ds_v5"
AWS = (("p4d.24xlarge", "1g.5gb"), ("g6.12xlarge", None), ("p5.48xlarge", None)), "m7i.8xlarge"
GOOGLE = (("a2-highgpu-8g", "1g.5gb"), ("g2-standard-96", None)), "n2-standard-8"
MACHINES = {"azure": AZURE, "aks": AZURE, "aws": AWS, "eks": AWS, "gcp": GOOGLE, "gke": GOOGLE}
EDGES = (1, 2, 10, 99, 100, 250, 251, 500, 501, 1_000, 1_001, 2_000, 2_001, 5_000, 5_001, 7_500, 15_000)
MOST_NODES = 15_000

NAMES = st.from_regex(r"[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,4})?", fullmatch=True)


@dataclass(frozen=True, slots=True)
class Place:
    """What the rest of a spec depends on."""

    provider: str
    preset: str
    minor: str


def sizes(most: int = MOST_NODES) -> st.SearchStrategy[int]:
    """Return numbers of machines: those at which something changes as often as all others together."""
    return st.sampled_from([edge for edge in EDGES if edge <= most] or [most]) | st.integers(1, most)


@st.composite
def specs(draw: st.DrawFn) -> Plain:
    """Return the plain data of one valid spec."""
    version = draw(st.sampled_from(VERSIONS))
    place = Place(
        draw(st.sampled_from(PROVIDERS)), draw(st.sampled_from(PRESETS)), ".".join(version.strip("v").split(".")[:2])
    )
    name = draw(NAMES)
    pools = draw(node_pools(place))
    body: Plain = {
        "preset": place.preset,
        "kubernetes": {"version": version},
        "provider": place.provider,
        "network": draw(network(place)),
        "controlPlane": draw(control_plane(name, place)),
        "nodePools": pools,
    }
    body |= draw(use(place, pools))
    metadata: Plain = {"name": name}
    return {"apiVersion": "clusterc.dev/v1alpha1", "kind": "Cluster", "metadata": metadata, "spec": body}


@st.composite
def network(draw: st.DrawFn, place: Place) -> Plain:
    """Return addresses for the largest cluster, and one of the plugins that do the mode."""
    mode = draw(st.sampled_from(MODES))
    native = NATIVE.get(place.provider, "cilium")
    plugins = {"native": (native, "cilium", "calico"), "overlay": ("cilium", "calico"), "flannel": ("flannel",)}
    cni = draw(st.sampled_from((None, *plugins.get(mode, ("flannel", "cilium", native)))))
    chosen = cni or {"native": native, "overlay": "cilium"}.get(mode, "flannel")
    # 16,384 blocks of 256 addresses, or at most 2^16 of the smaller ones that fewer pods ask for.
    spec: Plain = {
        "mode": mode,
        "nodeCIDR": "10.0.0.0/17",
        "podCIDR": "10.128.0.0/10",
        "serviceCIDR": "10.32.0.0/16",
    }
    if cni:
        spec["cni"] = cni
    proxies: tuple[str, ...] = ("nftables", "iptables", *(("none",) if chosen in {"cilium", "calico"} else ()))
    spec |= draw(
        optional(
            podBlockMask=st.just(24) if chosen in TAKES_BLOCKS else st.nothing(),
            dualStack=st.nothing() if chosen in ONE_FAMILY else st.just(DUAL_STACK),
            proxy=st.fixed_dictionaries({"mode": st.sampled_from(proxies)}),
            dns=optional(nodeLocal=st.booleans(), queriesPerNode=st.integers(0, 200)),
            underlayMTU=st.sampled_from([1460, 1500, 9000]),
            hub=st.fixed_dictionaries({"name": NAMES, "exposes": st.just(["nodes", "pods"])}),
        )
    )
    if chosen == "flannel":
        backends = st.sampled_from(["vxlan", "wireguard", *(["host-gw"] if place.provider == "metal" else [])])
        spec |= draw(optional(flannel=st.fixed_dictionaries({"backend": backends})))
    return spec


@st.composite
def control_plane(draw: st.DrawFn, name: str, place: Place) -> Plain:
    """Return an endpoint, and some of what else is usually said."""
    placement = draw(st.sampled_from([None, "dedicated", "stacked"]))
    odd = st.sampled_from([3, 5])
    # Stacked, every API server has a member beside it.
    stacked = placement == "stacked" or (placement is None and place.preset == "lab")
    etcd: Plain = draw(
        optional(
            disk=st.just({"class": "local-nvme", "writeLatency": "200us"}),
            quota=st.sampled_from(["2Gi", "8Gi"]),
            members=st.nothing() if stacked else odd,
            timers=st.just({"roundTrip": "5ms"}),
            version=st.sampled_from(["3.6.16", "3.7.3"]),
            compaction=st.just({"interval": "150s"}),
        )
    )
    servers = draw(
        optional(
            count=odd if stacked else st.integers(1, 9),
            audit=st.fixed_dictionaries({"level": st.sampled_from(["None", "Metadata", "RequestResponse"])}),
            encryption=st.just({"configFile": "/etc/kubernetes/encryption/config.yaml"}),
            eventTTL=st.sampled_from(["30m", "1h"]),
            flags=st.just({"request-timeout": "2m"}),
        )
    )
    spec: Plain = {"endpoint": f"api.{name}.internal:6443", "etcd": etcd, "apiServers": servers}
    if placement:
        spec["placement"] = placement
    return spec | draw(
        optional(
            eventsEtcd=optional(members=odd, quota=st.just("4Gi")),
            loadBalancer=st.fixed_dictionaries({"kind": st.sampled_from(["haproxy", "external"])}),
            backups=st.just({"interval": "30m", "keep": 10}),
        )
    )


@st.composite
def node_pools(draw: st.DrawFn, place: Place) -> list[Plain]:
    """Return one to three pools of 15,000 machines together at the most."""
    names = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    return [draw(node_pool(name, place, draw(sizes(MOST_NODES // len(names))))) for name in names]


@st.composite
def node_pool(draw: st.DrawFn, name: str, place: Place, most: int) -> Plain:
    """Return one pool of up to `most` machines."""
    pool: Plain = {
        "name": name,
        "role": draw(st.sampled_from(["training", "inference", "batch", "system", "general"])),
        "nodes": draw(st.just(most) | st.fixed_dictionaries({"min": st.integers(0, most), "max": st.just(most)})),
    }
    pool |= draw(own_machine() if place.provider == "metal" else rented_machine(place.provider))
    return pool | draw(
        optional(
            groups=st.just({"size": 100}),
            pods=optional(max=st.sampled_from([32, 64, 110]), style=st.sampled_from(["whole-node", "shared"])),
            images=st.just({"largest": "17Gi", "parallelPulls": 3}),
            labels=st.just({"example.com/team": "a"}),
            taints=st.just([{"key": "example.com/reserved", "effect": "NoSchedule"}]),
            sysctls=st.just({"net.core.somaxconn": 4096}),
            numa=st.fixed_dictionaries({"policy": st.sampled_from(["none", "restricted", "single-numa-node"])}),
            registry=st.just({"mirrors": [{"registry": "docker.io", "endpoints": ["https://mirror.internal"]}]}),
            spot=st.booleans(),
        )
    )


@st.composite
def own_machine(draw: st.DrawFn) -> Plain:
    """Return a machine by its size, with GPUs or without."""
    machine: Plain = {"cpu": draw(st.sampled_from([4, 64, 192])), "memory": draw(st.sampled_from(["16Gi", "2Ti"]))}
    machine |= draw(optional(network=st.just("100Gbps"), numaNodes=st.sampled_from([1, 2, 8])))
    gpu = draw(st.sampled_from([None, {"type": "h100-sxm5-80gb"}, {"type": "l40s", "count": 4}, {"type": "mi300x"}]))
    return {"machine": machine, "gpu": gpu} if gpu else {"machine": machine}


@st.composite
def rented_machine(draw: st.DrawFn, provider: str) -> Plain:
    """Return a machine of the provider's catalogue, whose GPUs may be cut."""
    with_gpus, without = MACHINES[provider]
    name, profile = draw(st.sampled_from([*with_gpus, (without, None)]))
    return {"machine": name, "gpu": {"mig": profile}} if profile and draw(st.booleans()) else {"machine": name}


@st.composite
def use(draw: st.DrawFn, place: Place, pools: list[Plain]) -> Plain:
    """Return who uses the machines and what runs there."""
    pool = draw(st.sampled_from(pools))
    most = pool["nodes"] if isinstance(pool["nodes"], int) else pool["nodes"]["max"]
    schedulers = ["kueue", *{"1.34": ["coscheduling"], "1.37": ["native"]}.get(place.minor, [])]
    body: Plain = draw(
        optional(
            teams=st.just([{"name": "team-a", "guarantees": [{"pool": pool["name"], "nodes": most}], "borrow": True}]),
            gangs=st.fixed_dictionaries({"scheduler": st.sampled_from(schedulers)}),
            balloons=st.just({"pools": [pool["name"]]}),
            addons=st.just(
                [
                    {
                        "name": "agent",
                        "kind": "DaemonSet",
                        "apiAccess": [{"verb": "watch", "resource": "pods", "scope": "node"}],
                    }
                ]
            ),
            autoscaler=st.fixed_dictionaries({"kind": st.sampled_from(["cluster-autoscaler", "karpenter", "none"])}),
            scale=optional(services=st.integers(0, 50_000), churn=st.integers(0, 100)),
            scheduler=optional(
                packing=st.sampled_from(["most-allocated", "least-allocated"]),
                profiles=st.just([{"name": "spread", "packing": "least-allocated"}]),
            ),
            upgrade=st.just({"order": [pool["name"]]}),
        )
    )
    if "gangs" in body:
        body["workloads"] = [{"name": "job", "pool": pool["name"], "pods": draw(st.integers(1, most)), "gang": True}]
    return body


def optional(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Plain]:
    """Return mappings that have each of the fields or lack it; a field of nothing is always lacking."""
    return st.fixed_dictionaries({}, optional={name: value for name, value in fields.items() if not value.is_empty})


def source(data: Plain) -> Source:
    """Return the data as if it had been read from a file, with places."""
    read, findings = load_yaml(json.dumps(data, indent=2), name="spec.yaml")
    assert read is not None, findings
    return read


def checked(data: Plain) -> pipeline.Checked:
    """Return the data, read and checked."""
    return pipeline.check(source(data), path=Path("spec.yaml"), root=Path())


def resolved(data: Plain) -> Cluster:
    """Return the cluster that the data describes; it must be right."""
    spec = checked(data)
    assert spec.is_right, spec.findings
    return pipeline.understand(spec)[0]
