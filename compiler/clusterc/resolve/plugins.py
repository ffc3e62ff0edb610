"""The network plugin's own configuration: what its manifest, chart or operator is told, by its own names."""

from __future__ import annotations

from clusterc.model.document import Scalar, Tree, Value
from clusterc.model.network import Flannel
from clusterc.resolve.dns import NODE_LOCAL_ADDRESS
from clusterc.resolve.ledger import Ledger, Settings
from clusterc.resolve.workloads import MIB, Running, component
from clusterc.spec.cluster import Body

FLANNEL = "flannel's own manifest"
RUNNING = Running(100, 100 * MIB, "5%")
AT_ONCE = "one node at a time takes a day at thousands of nodes"
# Labels of single pods would use up the 65,535 identities of a cluster.
IDENTITY_LABELS = (
    r"k8s:io\.kubernetes\.pod\.namespace",
    r"k8s:io\.cilium\.k8s\.policy",
    r"k8s:clusterc\.dev/team",
    r"k8s:app",
)


def passed_on(body: Body, cni: str, ledger: Ledger) -> dict[str, Scalar]:
    """Return what the spec passes on to the plugin as it is, and what the AWS plugin is told beside it."""
    fields = ledger.settings("spec.network.settings", body.network.settings)
    if cni == "aws-vpc":
        why = "a /28 for each slot instead of one address: sixteen times fewer calls to EC2 and units of the network"
        source = "AWS's EKS best practices, networking/prefix-mode"
        fields.put("ENABLE_PREFIX_DELEGATION", "true", why=why, source=source)
        fields.put("WARM_PREFIX_TARGET", "1", why="one prefix ahead, so that no pod waits for EC2", source=source)
    return {name: _scalar(value) for name, value in fields.tree().items()}


def _scalar(value: Value) -> Scalar:
    return value if isinstance(value, (bool, int, float, str)) else str(value)


def plugin(
    body: Body,
    cni: str,
    ledger: Ledger,
    *,
    packets: tuple[int, int],
    proxy_mode: str,
    node_local: bool,
    flannel: Flannel | None,
) -> Tree:
    """Return the plugin's settings; `packets` are the largest of the machines' interfaces, and of a pod."""
    device_mtu, mtu = packets
    fields = ledger.settings("network.plugin", {})
    if flannel:
        _runs(fields, component(body, "flannel", RUNNING, ledger))
        _flannel(fields, body, flannel, mtu=device_mtu, nftables=proxy_mode == "nftables")
    elif cni == "cilium":
        _cilium(fields, body, mtu=device_mtu, replaces_proxy=proxy_mode == "none")
    elif cni == "calico":
        _calico(fields, body, mtu=mtu, proxy_mode=proxy_mode)
    elif cni == "azure-vnet":
        fields.put("mode", "transparent", why="pods are routed by the machine, so that policies see their addresses")
        if node_local:
            why = "the cache listens on the machine, not in the pod's network"
            fields.put("ipsToRouteViaHost", [NODE_LOCAL_ADDRESS], why=why)
    elif cni == "aws-vpc":
        fields.put("AWS_VPC_ENI_MTU", mtu, why="spec.network.mtu")
    elif cni == "gce-alias":
        fields.put("mtu", mtu, why="spec.network.mtu")
    return fields.tree()


def _flannel(fields: Settings, body: Body, flannel: Flannel, *, mtu: int, nftables: bool) -> None:
    backend: Tree = {"Type": flannel.backend}
    if flannel.backend == "vxlan":
        backend |= {"Port": flannel.port, "VNI": 1, "DirectRouting": flannel.direct_routing}
    if flannel.backend in {"vxlan", "wireguard"}:
        backend |= {"MTU": mtu}
    why = "spec.network.flannel; without a type flannel would fall back to udp. From MTU it takes off its own wrapping"
    fields.put("Backend", backend, why=why)
    fields.put("Network", str(body.network.pod_cidr), why="spec.network.podCIDR")
    fields.put("EnableNFTables", nftables, why="rules of one kind on a machine: as kube-proxy's mode")
    if dual := body.network.dual_stack:
        fields.put("EnableIPv6", True, why="spec.network.dualStack")
        fields.put("IPv6Network", str(dual.pod_cidr), why="spec.network.dualStack.podCIDR")
    fields.put("CONT_WHEN_CACHE_NOT_READY", "false", why="a node without its routes takes no pods", source=FLANNEL)
    probe: Tree = {"initialDelaySeconds": 30, "periodSeconds": 10}
    fields.put("livenessProbe", probe, why="time to list all nodes before it is looked at")
    fields.put("revisionHistoryLimit", 2, why="old revisions are objects too")


def _runs(fields: Settings, running: Running) -> None:
    fields.put("resources", {"requests": running.requests}, why="as published", source=FLANNEL)
    fields.put("maxUnavailable", running.max_unavailable, why=AT_ONCE)


def _cilium(fields: Settings, body: Body, *, mtu: int, replaces_proxy: bool) -> None:
    overlay = body.network.mode == "overlay"
    fields.put("MTU", mtu, why="the machines' own packet, from which Cilium takes off its wrapping")
    fields.put("ipam", {"mode": "kubernetes"}, why="pods get the node's block that kube-controller-manager hands out")
    fields.put("kubeProxyReplacement", replaces_proxy, why="spec.network.proxy.mode")
    fields.put("labels", " ".join(IDENTITY_LABELS), why="labels of single pods would use up 65,535 identities")
    fields.put("operator", {"replicas": 2}, why="one acts, the other stands by")
    fields.put("routingMode", "tunnel" if overlay else "native", why=f"spec.network.mode {body.network.mode}")
    if overlay:
        fields.put("tunnelProtocol", "vxlan", why="what network cards take off the CPU most often")
    else:
        fields.put("ipv4NativeRoutingCIDR", str(body.network.pod_cidr), why="spec.network.podCIDR")
    if dual := body.network.dual_stack:
        fields.put("ipv6", {"enabled": True}, why="spec.network.dualStack")
        if not overlay:
            fields.put("ipv6NativeRoutingCIDR", str(dual.pod_cidr), why="spec.network.dualStack.podCIDR")
    rollout: Tree = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "5%"}}
    fields.put("updateStrategy", rollout, why=AT_ONCE)


def _calico(fields: Settings, body: Body, *, mtu: int, proxy_mode: str) -> None:
    planes = {"none": "BPF", "nftables": "Nftables"}
    overlay = body.network.mode == "overlay"
    fields.put("mtu", mtu, why="spec.network.mtu")
    fields.put("blockSize", 26, why="Calico's own default: a node takes 64 addresses at a time", source="Calico IPPool")
    if body.network.dual_stack:
        why = "as many addresses as a block of IPv4 has"
        fields.put("ipv6", {"blockSize": 122}, why=why, source="Calico IPPool")
    fields.put("encapsulation", "VXLAN" if overlay else "None", why=f"spec.network.mode {body.network.mode}")
    fields.put("bgp", "Disabled" if overlay else "Enabled", why="routes are told to neighbours only without wrapping")
    fields.put("natOutgoing", "Enabled", why="outside nobody knows pod addresses")
    why = "rules of one kind: as kube-proxy's mode; without kube-proxy Calico's own Services need BPF"
    fields.put("linuxDataplane", planes.get(proxy_mode, "Iptables"), why=why)
    rollout: Tree = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "5%"}}
    fields.put("nodeUpdateStrategy", rollout, why=AT_ONCE)
