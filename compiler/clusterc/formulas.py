"""Scaling arithmetic that more than one stage needs: pure functions, each with its source."""

from __future__ import annotations

from ipaddress import IPv4Network
from math import ceil, log2

# Upstream kube-scheduler, pkg/scheduler/schedule_one.go: never fewer than 100 nodes are looked at.
LEAST_NODES_TO_SCORE = 100
# kubelet: a lease is renewed every quarter of its 40 s (nodeLeaseRenewIntervalFraction).
LEASE_RENEW_SECONDS = 10
# Kubernetes' own benchmark must reach 270 pods/s at 5,000 nodes, EKS reached 500; with plugins of one's own, less.
SCHEDULER_PODS_PER_SECOND = 100
# Scheduled, Pulling, Pulled, Created, Started.
EVENTS_PER_START = 5
# kubelet: an unchanged status is reported every five minutes (nodeStatusReportFrequency).
STATUS_REPORT_SECONDS = 300
# A pod as it is stored, and a line of the audit log: the request without bodies, with the object sent, with the answer.
POD_BYTES, LINE_BYTES = 10_000, 1_000
AUDIT_BYTES = {
    "None": 0,
    "Metadata": LINE_BYTES,
    "Request": LINE_BYTES + POD_BYTES,
    "RequestResponse": LINE_BYTES + 2 * POD_BYTES,
}
# A pod is created, bound and deleted; the status that its kubelet reports is not logged.
AUDITED_PER_POD = 3
# A pod's token is asked for when it starts, and again after 80 % of its 3,607 s; who asked is logged, never the token.
TOKEN_SECONDS = 0.8 * 3_607
# The network plugin keeps the block's own address, its gateway's and that of its broadcast.
KEPT_OF_BLOCK = 3


def adaptive_percentage(nodes: int) -> int:
    """Return the share of nodes, in percent, that kube-scheduler scores by itself."""
    return max(5, 50 - nodes // 125)


def nodes_scored(nodes: int, percentage: int) -> int:
    """Return how many feasible nodes kube-scheduler scores for one pod; `percentage` 0 means its own choice."""
    if nodes < LEAST_NODES_TO_SCORE:
        return nodes
    share = percentage or adaptive_percentage(nodes)
    return min(nodes, max(LEAST_NODES_TO_SCORE, nodes * share // 100))


def start_rate(create_qps: float, bind_qps: float) -> float:
    """Return the pods that start per second: created and bound one request each, no faster than they are placed."""
    return min(create_qps, bind_qps, SCHEDULER_PODS_PER_SECOND)


def token_requests(churn: float, pods: int) -> float:
    """Return the requests for tokens of pods per second, which kubelets send."""
    return churn + pods / TOKEN_SECONDS


def audit_bytes(churn: float, pods: int, *, level: str, further: float = 0) -> float:
    """Return the bytes per second of all audit logs together.

    `churn` are pods that start per second, `further` other requests per second that change something.
    """
    logged = churn * AUDITED_PER_POD + further
    return logged * AUDIT_BYTES[level] + (token_requests(churn, pods) * LINE_BYTES if level != "None" else 0)


def neighbours(nodes: int, pods: int, *, mode: str, cni: str) -> int:
    """Return the addresses on a machine's own network: machines, and pods whose addresses are those of its interfaces.

    Google's machines ask only their gateway, and routed or wrapped pods hide behind their machines.
    """
    return nodes + (pods if cni in {"azure-vnet", "aws-vpc"} and mode != "overlay" else 0)


def block_mask(max_pods: int) -> int:
    """Return the longest block with room for every pod, and twice as many addresses so that none is reused at once."""
    return 32 - ceil(log2(max(2 * max_pods, max_pods + KEPT_OF_BLOCK)))


def blocks(pod_cidr: IPv4Network, mask: int) -> int:
    """Return how many blocks of a length a range holds."""
    return int(2 ** max(0, mask - pod_cidr.prefixlen)) if mask >= pod_cidr.prefixlen else 0


def cidr_for(nodes: int, mask: int) -> int:
    """Return the longest range that holds a block for every node."""
    return mask - ceil(log2(max(1, nodes)))


def dns_replicas(queries_per_second: int) -> int:
    """Return CoreDNS replicas: one for 20,000 queries per second, two at least.

    CoreDNS's own scaling page measures 33,669 internal queries per second on two cores.
    """
    return max(2, ceil(queries_per_second / 20_000))


def dns_cpu_millicores(queries_per_second: int, replicas: int) -> int:
    """Return what each CoreDNS asks for: two cores for 20,000 queries per second, on which more were measured.

    Less in proportion, in steps of 50m; 100m, which kubeadm's own asks for, at the least, and two cores at the most.
    """
    share = ceil(2000 * queries_per_second / replicas / 20_000 / 50) * 50
    return min(2000, max(100, share))


def dns_memory_bytes(pods: int, services: int) -> int:
    """Return the memory of one CoreDNS in bytes: MB = (pods + services) / 1000 + 54 (CoreDNS's scaling page)."""
    return int(((pods + services) / 1000 + 54) * 1_000_000)


def typha_replicas(nodes: int) -> int:
    """Return Calico's Typha replicas as its operator reckons them (GetExpectedTyphaScale)."""
    if nodes <= 4:
        return 1
    return max(3, nodes // 200 + 2)


def join_batch(nodes: int) -> int:
    """Return how many machines may join at once: a tenth, 500 at most (AKS's guide for large clusters)."""
    return max(1, min(nodes // 10, 500))
