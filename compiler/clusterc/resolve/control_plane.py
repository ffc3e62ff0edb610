"""The control plane as a whole: what stands where, in the order in which one decision needs another."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite

from clusterc.model.control_plane import ControlPlane
from clusterc.model.network import Network
from clusterc.resolve.api_server import api_server_flags, decide_api_server
from clusterc.resolve.controllers import decide_controllers
from clusterc.resolve.etcd import decide_etcd, decide_events_etcd
from clusterc.resolve.event_limits import event_limits
from clusterc.resolve.facts import Facts
from clusterc.resolve.fairness import priority_levels
from clusterc.resolve.ledger import Ledger
from clusterc.resolve.node_files import plane_host
from clusterc.resolve.scheduler import decide_scheduler

SECOND = 10**9


def decide_control_plane(facts: Facts, network: Network) -> ControlPlane:
    """Return API servers, etcd, controllers and scheduler, decided."""
    ledger, plane = facts.ledger, facts.body.control_plane
    placement = ledger.pick("spec.controlPlane.placement", plane.placement, "dedicated", why="etcd shares no machine")
    stacked = placement == "stacked"
    api = decide_api_server(facts, stacked=stacked)
    etcd = decide_etcd(facts, api_hosts=api.hosts, stacked=stacked)
    events = decide_events_etcd(facts)
    api = replace(api, flags=api_server_flags(facts, api, events))
    controllers = decide_controllers(facts, network)
    scheduler = decide_scheduler(facts)
    return ControlPlane(
        placement=placement,
        host=plane_host(facts.body, ledger, nodes=facts.nodes, cni=network.cni),
        api_server=api,
        etcd=etcd,
        events_etcd=events,
        controller_manager_flags=controllers,
        controller_manager_qps=int(_number(controllers["kube-api-qps"], 1)),
        controller_manager_burst=int(_number(controllers["kube-api-burst"], 1)),
        node_eviction_rate=_number(controllers["node-eviction-rate"], 0),
        scheduler=scheduler.config,
        scheduler_flags=scheduler.flags,
        scheduler_qps=scheduler.qps,
        scheduler_image=scheduler.image,
        nodes_to_score_percent=scheduler.percentage,
        priority_levels=priority_levels(facts.body, ledger),
        event_limits=event_limits(facts, create_qps=float(controllers["kube-api-qps"]), bind_qps=scheduler.qps),
        certificate_validity=_hours(plane.certificates.validity, "validity", ledger),
        ca_validity=_hours(plane.certificates.ca_validity, "caValidity", ledger),
    )


def _number(text: str, otherwise: float) -> float:
    """Return the number of a flag, which the spec may have passed on in any form; a check refuses what is none."""
    try:
        number = float(text)
    except ValueError:
        return otherwise
    return number if isfinite(number) else otherwise


def _hours(nanoseconds: int, name: str, ledger: Ledger) -> str:
    text = f"{nanoseconds // (3600 * SECOND)}h"
    return ledger.fixed(f"spec.controlPlane.certificates.{name}", text, why="as kubeadm writes it")
