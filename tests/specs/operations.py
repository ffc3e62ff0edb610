"""`scale`, `monitoring`, `autoscaler`, `upgrade`, `gitops`, `rbac`, `waivers`: how the cluster is run."""

from __future__ import annotations

from hypothesis import strategies as st

from clusterc import catalog
from specs.basic import BYTES, DURATION, FLAG, FRACTION, Plain, names, number, one_of, optional, some
from specs.control_plane import machine
from specs.network import KEPT_OF_SUBNET
from specs.place import Place
from specs.pools import Pool


def provider_limits(draw: st.DrawFn, pools: list[Pool]) -> Plain:
    """Return ceilings of the provider, corrected: groups are no larger, and subnets have what is kept of them."""
    said = {name: draw(_COUNT) for name in some(draw, catalog.ceiling_names(), most=2)}
    if "nodesPerGroup" in said:
        said["nodesPerGroup"] = max(said["nodesPerGroup"], *(pool.group for pool in pools), 1)
    if "reservedAddressesPerSubnet" in said:
        said["reservedAddressesPerSubnet"] = min(said["reservedAddressesPerSubnet"], KEPT_OF_SUBNET)
    return said


def scale(draw: st.DrawFn, service_addresses: int) -> Plain:
    """Return promises beyond the pools; the services have an address each."""
    return optional(
        draw,
        services=lambda: number(draw, 0, service_addresses - 2),
        endpointsPerService=_COUNT,
        configMaps=_COUNT,
        secrets=_COUNT,
        customObjects=_COUNT,
        objectSize=BYTES,
        namespaces=_COUNT,
        containersPerPod=_FEW,
        churn=_COUNT,
        podsPerNode=_FEW,
        nodeChangesPerMinute=_COUNT,
    )


def monitoring(draw: st.DrawFn) -> Plain:
    """Return Prometheus and who is told."""
    return optional(
        draw,
        prometheus=lambda: prometheus(draw),
        receivers=lambda: [{"name": name, "severities": ["critical"]} for name in names(draw, 2)],
    )


def prometheus(draw: st.DrawFn) -> Plain:
    """Return settings of Prometheus."""
    return optional(
        draw,
        machine=lambda: machine(draw),
        shards=_FEW,
        scrapeInterval=DURATION,
        retention=DURATION,
        remoteStore=FLAG,
        seriesPerNode=_COUNT,
        seriesPerPod=_COUNT,
        drop=["apiserver_request_.*"],
    )


def autoscaler(draw: st.DrawFn) -> Plain:
    """Return who adds and removes machines."""
    return {"kind": draw(_AUTOSCALER)} | optional(
        draw,
        joinBatch=_COUNT,
        joinPause=DURATION,
        maxTerminateFraction=FRACTION,
        scaleDown=lambda: optional(draw, unneeded=DURATION, afterAdd=DURATION, utilization=FRACTION),
        resources={"cpu": 2, "memory": "4Gi"},
    )


def upgrade(draw: st.DrawFn, place: Place, pools: list[Pool]) -> Plain:
    """Return how the cluster is upgraded, with the surge of the place."""
    said = optional(draw, order=lambda: some(draw, [pool.name for pool in pools]))
    return said | ({"maxSurge": place.surge} if place.surge else {})


def gitops(draw: st.DrawFn) -> Plain:
    """Return what applies the built tree."""
    applications = [
        {"name": name, "path": "objects"} | optional(draw, wave=_WAVE, prune=FLAG) for name in names(draw, 2)
    ]
    return {"tool": draw(_TOOL)} | optional(draw, applications=applications)


def rbac(draw: st.DrawFn) -> Plain:
    """Return roles."""
    roles = [
        {"name": name, "groups": ["ops"], "access": draw(_ACCESS)} | optional(draw, namespaces=["ci", "dev"])
        for name in names(draw, 2, least=1)
    ]
    return optional(draw, roles=roles)


def waivers(draw: st.DrawFn) -> list[Plain]:
    """Return accepted risks, of which one is over."""
    said = {"rule": "CC3001", "path": "spec.nodePools", "reason": "measured", "owner": "platform"}
    return [said | {"expires": draw(_DAY)} | optional(draw, ticket="PLAT-1")]


_COUNT, _FEW = one_of(1, 250, 100_000), one_of(1, 5, 30)
_AUTOSCALER = one_of("cluster-autoscaler", "karpenter", "none")
_WAVE = one_of(-100, 0, 100)
_TOOL = one_of("argocd", "flux", "none")
_ACCESS = one_of("view", "edit", "admin", "cluster-admin")
_DAY = one_of("2026-01-01", "2030-12-31")
