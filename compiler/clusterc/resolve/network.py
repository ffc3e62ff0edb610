"""Addresses and packets: who assigns, who routes, how large a packet may be, how names are found."""

from __future__ import annotations

from clusterc import quantity
from clusterc.defaults import network as usual
from clusterc.defaults.network import OVERHEAD, takes_blocks, underlay_mtu, wrapping
from clusterc.defaults.pools import block_mask, largest_max_pods
from clusterc.model.document import Tree
from clusterc.model.network import DualStack, Flannel, Network
from clusterc.model.pools import Sizes
from clusterc.resolve.dns import decide_dns
from clusterc.resolve.ledger import Ledger
from clusterc.resolve.plugins import passed_on, plugin
from clusterc.resolve.workloads import addon_version
from clusterc.spec.cluster import Body

FLANNEL = "v0.28.9"
_JUDGED = "the release whose own {} judges the emitted settings in the tests"
# Releases of plugins that come with charts or manifests of their own, and why these.
PLUGIN_RELEASES = {
    "aws-vpc": ("v1.23.2", _JUDGED.format("manifest")),
    "calico": ("v3.32.1", "the newest release that was known; no test reads its operator's objects"),
    "cilium": ("1.20.2", _JUDGED.format("chart")),
}
FLANNEL_EVENT_QUEUE = 5000
SYNC_PERIOD_NS = 30 * 10**9


def decide_network(body: Body, ledger: Ledger, *, nodes: Sizes, pods: int, services: int) -> Network:
    """Return the network, decided. `pods` and `services` are those of the largest size."""
    spec, path = body.network, "spec.network"
    ledger.given(f"{path}.mode", spec.mode)
    cni = ledger.pick(
        f"{path}.cni", spec.cni, usual.plugin(body), why=f"the usual plugin for {spec.mode} on {body.provider}"
    )
    for name, cidr in (("nodeCIDR", spec.node_cidr), ("podCIDR", spec.pod_cidr), ("serviceCIDR", spec.service_cidr)):
        ledger.given(f"{path}.{name}", str(cidr))
    mask = _block_mask(body, ledger)
    flannel = _flannel(body, cni, ledger, nodes)
    device_mtu, mtu = _mtu(body, cni, ledger)
    proxy_mode = ledger.pick(
        f"{path}.proxy.mode",
        spec.proxy.mode,
        "nftables",
        why="constant look-up time at any number of services; iptables grows with them",
        source="Kubernetes' nftables announcement (GA in 1.33); ipvs is deprecated since 1.35",
    )
    dns = decide_dns(body, ledger, nodes=nodes, pods=pods, services=services)
    dual = spec.dual_stack
    if dual:
        ledger.given(f"{path}.dualStack", str(dual.pod_cidr))
    return Network(
        mode=spec.mode,
        cni=cni,
        node_cidr=spec.node_cidr,
        pod_cidr=spec.pod_cidr,
        service_cidr=spec.service_cidr,
        dual_stack=DualStack(dual.pod_cidr, dual.service_cidr, dual.pod_block_mask) if dual else None,
        pod_block_mask=mask,
        mtu=mtu,
        device_mtu=device_mtu,
        kube_proxy=None if proxy_mode == "none" else _kube_proxy(body, proxy_mode, ledger),
        proxy_mode=proxy_mode,
        dns=dns,
        flannel=flannel,
        settings=passed_on(body, cni, ledger),
        plugin=plugin(
            body,
            cni,
            ledger,
            packets=(device_mtu, mtu),
            proxy_mode=proxy_mode,
            node_local=dns.node_local,
            flannel=flannel,
        ),
        hub=spec.hub.name if spec.hub else None,
        hub_exposes=spec.hub.exposes if spec.hub else (),
        hub_nat_services=bool(spec.hub and spec.hub.nat_services),
        peers={peer.name: tuple(str(cidr) for cidr in peer.cidrs) for peer in spec.peers},
        rdma=spec.host.rdma,
        plugin_release=_plugin_release(body, cni, ledger),
        host_ports={port.name: (port.port, port.count) for port in spec.host.ports},
    )


def _block_mask(body: Body, ledger: Ledger) -> int | None:
    if not takes_blocks(body):
        return None
    most = largest_max_pods(body)
    return ledger.pick(
        "spec.network.podBlockMask",
        body.network.pod_block_mask,
        block_mask(body),
        why=f"twice as many addresses as the {most} pods of a machine, so that none is reused at once",
        source="GKE's flexible pod ranges (256 addresses for 110 pods)",
    )


def _flannel(body: Body, cni: str, ledger: Ledger, nodes: Sizes) -> Flannel | None:
    if cni != "flannel":
        return None
    said, path = body.network.flannel, "spec.network.flannel"
    backend = ledger.pick(
        f"{path}.backend",
        said.backend if said else None,
        "vxlan",
        why="works on any network; host-gw needs all machines in one subnet",
        source="flannel's page on backends",
    )
    version = addon_version(
        body, "flannel", FLANNEL, ledger, why="the release whose own code reads the emitted settings in the tests"
    )
    cni_plugin = addon_version(
        body,
        "flannel-cni-plugin",
        "v1.9.1-flannel3",
        ledger,
        why="the release in flannel's own manifest",
        source="flannel, Documentation/kube-flannel.yml",
    )
    return Flannel(
        backend=backend,
        port=ledger.pick(
            f"{path}.port",
            said.port if said and "port" in said.model_fields_set else None,
            8472,
            why="Linux' own port of VXLAN",
        ),
        direct_routing=ledger.pick(
            f"{path}.directRouting",
            said.direct_routing if said and "direct_routing" in said.model_fields_set else None,
            default=False,
            why="packets are wrapped inside one subnet too: one way for all",
        ),
        event_queue_depth=ledger.fixed(
            f"{path}.eventQueueDepth",
            max(FLANNEL_EVENT_QUEUE, 2 * nodes.max),
            why=f"flanneld does not start when more nodes ({nodes.max:,}) are listed than its queue holds",
            source="flannel's documentation of EVENT_QUEUE_DEPTH",
        ),
        image=f"ghcr.io/flannel-io/flannel:{version}",
        cni_plugin_image=f"ghcr.io/flannel-io/flannel-cni-plugin:{cni_plugin}",
    )


def _plugin_release(body: Body, cni: str, ledger: Ledger) -> str | None:
    if cni not in PLUGIN_RELEASES:
        return None
    release, why = PLUGIN_RELEASES[cni]
    return addon_version(body, cni, release, ledger, why=why)


def _mtu(body: Body, cni: str, ledger: Ledger) -> tuple[int, int]:
    spec = body.network
    underlay = ledger.pick(
        "spec.network.underlayMTU",
        spec.underlay_mtu,
        underlay_mtu(body),
        why=f"the usual packet between machines of {body.provider}",
        source="AWS VPC 9001; Google VPC 1460; Ethernet 1500",
    )
    wrapped = wrapping(body)
    overhead = OVERHEAD[wrapped]
    mtu = ledger.pick(
        "spec.network.mtu",
        spec.mtu,
        underlay - overhead,
        why=f"underlay {underlay} - {overhead} for {wrapped}"
        if overhead
        else f"the underlay's {underlay}; {cni} adds nothing",
        source="flannel's constants: VXLAN 50, WireGuard 80 bytes",
    )
    return mtu + overhead, mtu


def _kube_proxy(body: Body, mode: str, ledger: Ledger) -> Tree:
    said = body.network.proxy
    fields = ledger.settings("network.kubeProxy", {})
    fields.put("mode", mode, why="always written: the default changes between minors")
    fields.put("clusterCIDR", _cidrs(body), why="spec.network.podCIDR")
    fields.put(
        "clientConnection",
        {"kubeconfig": "/var/lib/kube-proxy/kubeconfig.conf", "qps": 10, "burst": 20},
        why="twice the default; one watch carries nearly everything",
    )
    fields.put("metricsBindAddress", "0.0.0.0:10249", why="Prometheus reads it from outside the pod")
    period = ledger.pick(
        "spec.network.proxy.minSyncPeriod",
        said.min_sync_period,
        1_000_000_000,
        why="kube-proxy's own default",
        show=quantity.format_duration,
    )
    fields.put(
        mode,
        {
            "minSyncPeriod": quantity.format_duration(period),
            "syncPeriod": quantity.format_duration(max(period, SYNC_PERIOD_NS)),
        },
        why="spec.network.proxy.minSyncPeriod; kube-proxy's own 30s for everything, or as long as that",
    )
    minimum = ledger.pick(
        "spec.network.proxy.conntrackMin",
        said.conntrack_min,
        131_072,
        why="kube-proxy's own default",
        source="kube-proxy v1alpha1 defaults",
    )
    fields.put(
        "conntrack",
        {"maxPerCore": 32_768, "min": minimum, "tcpEstablishedTimeout": "24h0m0s"},
        why="max(min, 32,768 per core) connections",
    )
    return fields.tree()


def _cidrs(body: Body) -> str:
    dual = body.network.dual_stack
    return str(body.network.pod_cidr) + (f",{dual.pod_cidr}" if dual else "")
