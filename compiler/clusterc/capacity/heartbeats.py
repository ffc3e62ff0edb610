"""What every machine tells the API servers all the time: leases, status, and what it allows itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clusterc import formulas
from clusterc.capacity import sources
from clusterc.capacity.formula import NODES, Formula, each, fact, read
from clusterc.capacity.settings import kubelet, number, seconds

if TYPE_CHECKING:
    from clusterc.capacity.formula import Amount, Bound
    from clusterc.capacity.load import Load
    from clusterc.model.cluster import Cluster
    from clusterc.model.pools import Pool

AREA = "heartbeats"
LEASE_BYTES = 500
NODE_BYTES = 20_000
KUBELET_QPS = 50
LEASE_SECONDS = 40
RENEWALS_PER_LEASE = LEASE_SECONDS / formulas.LEASE_RENEW_SECONDS


def lease_writes(load: Load) -> float:
    """Return renewals of node leases per second."""
    return sum(count * RENEWALS_PER_LEASE / _lease_seconds(load.cluster, pool) for pool, count in load.pools())


def status_writes(load: Load) -> float:
    """Return reports of unchanged node status per second."""
    return sum(count / _report_seconds(load.cluster, pool) for pool, count in load.pools())


def outage_writes(load: Load) -> float:
    """Return reports per second while the status of every node changes, as in a wide outage."""
    return sum(count / _update_seconds(load.cluster, pool) for pool, count in load.pools())


def kubelet_ceiling(load: Load) -> float:
    """Return the requests per second that kubelets allow themselves."""
    return sum(count * _kubelet_qps(load.cluster, pool) for pool, count in load.pools())


def _kubelet_qps(cluster: Cluster, pool: Pool) -> float:
    return number(kubelet(cluster, pool, "kubeAPIQPS"), KUBELET_QPS)


def _lease_seconds(cluster: Cluster, pool: Pool) -> float:
    return number(kubelet(cluster, pool, "nodeLeaseDurationSeconds"), LEASE_SECONDS)


def _update_seconds(cluster: Cluster, pool: Pool) -> float:
    return seconds(kubelet(cluster, pool, "nodeStatusUpdateFrequency"), formulas.LEASE_RENEW_SECONDS)


def _report_seconds(cluster: Cluster, pool: Pool) -> float:
    # The kubelet takes an update frequency given alone for the report frequency too.
    alone = seconds(kubelet(cluster, pool, "nodeStatusUpdateFrequency"), formulas.STATUS_REPORT_SECONDS)
    return seconds(kubelet(cluster, pool, "nodeStatusReportFrequency"), alone)


def _period(load: Load, rate: Amount) -> float:
    """Return the time between two writes of one node."""
    return load.nodes / rate(load) if load.nodes else 0


RENEWAL = read("renewal", "s", lambda load: _period(load, lease_writes), "kubelet.nodeLeaseDurationSeconds")
REPORT = read("report", "s", lambda load: _period(load, status_writes), "kubelet.nodeStatusReportFrequency")
UPDATE = read("update", "s", lambda load: _period(load, outage_writes), "kubelet.nodeStatusUpdateFrequency")
LEASE = fact("lease", LEASE_BYTES, "bytes", f"{sources.MEASURED}: 0.5 kB with its key")
NODE_OBJECT = fact("node object", NODE_BYTES, "bytes", f"{sources.HEARTBEATS}: 15 to 20 kB, 30 kB with managed fields")
LEASES = read("lease renewals", "1/s", lease_writes, "quantity lease-writes")
REPORTS = read("status reports", "1/s", status_writes, "quantity status-writes")

QUANTITIES = (
    Formula(
        id="lease-writes",
        name="Renewals of node leases",
        unit="1/s",
        value=lease_writes,
        text="nodes / renewal (a quarter of nodeLeaseDurationSeconds)",
        inputs=(NODES, RENEWAL),
        source=f"{sources.KUBELET}; Google reports 13,000/s at 130,000 nodes, which is the same 1/10 s",
        confidence="measured",
    ),
    Formula(
        id="lease-bytes",
        name="Bytes of lease renewals",
        unit="bytes/s",
        value=lambda load: lease_writes(load) * LEASE_BYTES,
        text="lease renewals x lease",
        inputs=(LEASES, LEASE),
        source=sources.MEASURED,
        confidence="derived",
    ),
    Formula(
        id="status-writes",
        name="Reports of unchanged node status",
        unit="1/s",
        value=status_writes,
        text="nodes / report (nodeStatusReportFrequency; the update frequency where that is given alone)",
        inputs=(NODES, REPORT),
        source=f"{sources.KUBELET}; {sources.HEARTBEATS}",
        confidence="documented",
    ),
    Formula(
        id="status-bytes",
        name="Bytes of node status reports",
        unit="bytes/s",
        value=lambda load: status_writes(load) * NODE_BYTES,
        text="status reports x node object",
        inputs=(REPORTS, NODE_OBJECT),
        source=f"{sources.HEARTBEATS}: 30 MB a minute at 5,000 nodes of 30 kB",
        confidence="documented",
    ),
    Formula(
        id="outage-status-writes",
        name="Node status reports in a wide outage",
        unit="1/s",
        value=outage_writes,
        text="nodes / update (nodeStatusUpdateFrequency), when the status of every node keeps changing",
        inputs=(
            NODES,
            UPDATE,
        ),
        source=f"{sources.KUBELET}; {sources.HEARTBEATS}",
        confidence="derived",
    ),
    Formula(
        id="kubelet-requests-ceiling",
        name="Requests that kubelets allow themselves",
        unit="1/s",
        value=kubelet_ceiling,
        text="nodes x kubeAPIQPS; more than any server takes, so join batches and priority levels are the protection",
        inputs=(
            NODES,
            each("kubeAPIQPS", "1/s", kubelet_ceiling, "kubelet.kubeAPIQPS"),
        ),
        source=sources.KUBELET,
        confidence="derived",
    ),
)


def quantities(_: Cluster) -> tuple[Formula, ...]:
    """Return what machines send."""
    return QUANTITIES


def limits(_: Cluster) -> tuple[Bound, ...]:
    """Return no limit: the seats of the nodes' priority level are what bounds their requests."""
    return ()
