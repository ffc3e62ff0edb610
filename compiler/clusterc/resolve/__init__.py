"""Spec to Cluster: every value that reaches an output file is decided here, once, in order, with its reason."""

from __future__ import annotations

from types import MappingProxyType

from clusterc import formulas
from clusterc.defaults.pools import pods_per_node
from clusterc.defaults.presets import presets
from clusterc.kubernetes import images, minor_of
from clusterc.model.cluster import Cluster
from clusterc.model.source import Source
from clusterc.resolve.ceilings import decide_ceilings
from clusterc.resolve.cloud import kubelet_flags
from clusterc.resolve.control_plane import decide_control_plane
from clusterc.resolve.facts import Facts
from clusterc.resolve.kubelet import base_kubelet
from clusterc.resolve.ledger import Ledger
from clusterc.resolve.network import decide_network
from clusterc.resolve.operations import decide_autoscaler, decide_declared, decide_prometheus, decide_scale
from clusterc.resolve.pools import decide_pool, total_nodes
from clusterc.resolve.tables import rung_for
from clusterc.resolve.teams import decide_namespaces, decide_priorities
from clusterc.resolve.workloads import decide_addons, decide_workloads
from clusterc.spec.cluster import Spec


def resolve(spec: Spec, source: Source) -> Cluster:
    """Decide every value of a cluster.

    The spec must have passed the checks of its references: pools, teams, GPU and machine types that it names exist.
    """
    body, metadata = spec.spec, spec.metadata
    ledger = Ledger(source, body.preset, presets())
    minor = minor_of(body.kubernetes.version)
    version = ledger.pick(
        "spec.kubernetes.version",
        body.kubernetes.version if body.kubernetes.version.count(".") == 2 else None,
        images(minor).patch,
        why=f"the newest release of {minor} whose own code was run or read for clusterc",
    )
    nodes = total_nodes(body)
    scale = decide_scale(body, ledger, nodes=nodes)
    pods = sum(pool.nodes.max * pods_per_node(pool, body) for pool in body.node_pools)
    facts = Facts(body, ledger, nodes, rung_for(nodes.max), minor, pods, scale.churn_per_second)
    network = decide_network(body, ledger, nodes=nodes, pods=pods, services=scale.services)
    peers = formulas.neighbours(nodes.max, pods, mode=network.mode, cni=network.cni)
    pools = tuple(decide_pool(pool, body, ledger, peers=peers, cni=network.cni) for pool in body.node_pools)
    control_plane = decide_control_plane(facts, network)
    return Cluster(
        name=metadata.name,
        labels=dict(sorted(metadata.labels.items())),
        preset=body.preset,
        provider=body.provider,
        ceilings=decide_ceilings(body, ledger),
        version=version,
        minor=minor,
        feature_gates=dict(sorted(body.kubernetes.feature_gates.items())),
        nodes=nodes,
        pools=pools,
        network=network,
        control_plane=control_plane,
        kubelet=base_kubelet(body, network.dns, ledger, nodes=nodes.max, minor=minor),
        kubelet_flags=kubelet_flags(body, ledger),
        scale=scale,
        priorities=decide_priorities(body, ledger, preflight=any(pool.preflight for pool in pools)),
        namespaces=decide_namespaces(body),
        teams={team.name: team.namespaces or (team.name,) for team in body.teams},
        quota_mechanism=body.quota.mechanism if body.quota else None,
        gang_scheduler=body.gangs.scheduler if body.gangs else None,
        workloads=decide_workloads(body, ledger),
        addons=decide_addons(body),
        prometheus=decide_prometheus(body, ledger),
        autoscaler=decide_autoscaler(body, ledger, nodes=nodes),
        declared=decide_declared(body, pools),
        decisions=MappingProxyType(ledger.decisions),
    )
