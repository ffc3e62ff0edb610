"""The whole spec, valid by construction."""

from __future__ import annotations

from ipaddress import IPv4Network

from hypothesis import strategies as st

from specs.basic import NAME, Plain, optional
from specs.control_plane import control_plane, scheduler
from specs.machines import gpu_types
from specs.network import network
from specs.operations import autoscaler, gitops, monitoring, provider_limits, rbac, scale, upgrade, waivers
from specs.passed_on import feature_gates
from specs.place import place
from specs.pools import node_pools
from specs.teams import balloons, gangs, priorities, quota, teams
from specs.work import addons, webhooks, workloads


@st.composite
def specs(draw: st.DrawFn) -> Plain:
    """Return the plain data of one valid spec."""
    name, here, types = draw(NAME), place(draw), gpu_types(draw)
    pools = node_pools(draw, here, types)
    body: Plain = {
        "preset": here.preset,
        "kubernetes": {"version": here.version}
        | optional(draw, target="kubeadm", featureGates=lambda: feature_gates(draw)),
        "provider": here.provider,
        "network": network(draw, here, pools),
        "controlPlane": control_plane(draw, name, here),
        "nodePools": [pool.said for pool in pools],
    }
    if types.said:
        body["gpuTypes"] = types.said
    body |= optional(
        draw,
        teams=lambda: teams(draw, pools),
        quota=lambda: quota(draw),
        gangs=lambda: gangs(draw, here),
        balloons=lambda: balloons(draw, pools),
    )
    above_balloons = body.get("balloons", {}).get("priority", -10) + 1
    body |= optional(draw, priorities=lambda: priorities(draw, above_balloons))
    addresses = IPv4Network(body["network"]["serviceCIDR"]).num_addresses
    body |= optional(
        draw,
        scale=lambda: scale(draw, addresses),
        scheduler=lambda: scheduler(draw),
        providerLimits=lambda: provider_limits(draw, pools),
        workloads=lambda: workloads(draw, pools, body),
        addons=lambda: addons(draw, pools, body),
        webhooks=lambda: webhooks(draw, pools),
        monitoring=lambda: monitoring(draw),
        autoscaler=lambda: autoscaler(draw),
        gitops=lambda: gitops(draw),
        rbac=lambda: rbac(draw),
        waivers=lambda: waivers(draw),
    )
    if changes := upgrade(draw, here, pools):
        body["upgrade"] = changes
    metadata = {"name": name} | optional(draw, labels={"environment": "test"})
    return {"apiVersion": "clusterc.dev/v1alpha1", "kind": "Cluster", "metadata": metadata, "spec": body}
