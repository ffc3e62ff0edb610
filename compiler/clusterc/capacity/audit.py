"""What the audit logs of all API servers take, and how far back they reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clusterc.capacity import sources
from clusterc.capacity.addons import changes
from clusterc.capacity.formula import CHURN, SERVERS, Formula, read
from clusterc.formulas import AUDIT_BYTES, token_requests
from clusterc.formulas import audit_bytes as logged_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clusterc.capacity.formula import Bound
    from clusterc.capacity.load import Load
    from clusterc.model.cluster import Cluster

AREA = "API servers"
DAY = 86_400
MIB = 1024**2
AUDIT = "spec.controlPlane.apiServers.audit"


def tokens(load: Load) -> float:
    """Return the requests for tokens of pods per second, which kubelets send."""
    return token_requests(load.cluster.scale.churn_per_second, load.pods)


def audit_bytes(load: Load) -> float:
    """Return the bytes per second of all audit logs together."""
    level = load.cluster.control_plane.api_server.audit_level
    return logged_bytes(load.cluster.scale.churn_per_second, load.pods, level=level, further=changes(load))


def reach_seconds(load: Load) -> float:
    """Return how far back the log of one API server reaches: its files full, none older than allowed."""
    servers, age, rate = len(load.cluster.control_plane.api_server.hosts), kept_seconds(load.cluster), audit_bytes(load)
    full = files(load.cluster) * file_bytes(load.cluster) * servers / rate if rate else age
    return min(full, age) if age else full


def files(cluster: Cluster) -> float:
    """Return the files that are kept, with the one that is written."""
    return _flag(cluster, "maxbackup") + 1


def file_bytes(cluster: Cluster) -> float:
    """Return the size at which a file is full."""
    return _flag(cluster, "maxsize") * MIB


def kept_seconds(cluster: Cluster) -> float:
    """Return the age at which a file goes; 0 where none does for its age."""
    return _flag(cluster, "maxage") * DAY


def _flag(cluster: Cluster, name: str) -> float:
    """Return a flag of the log, which the spec may have passed on in any form; 0 where it says no number."""
    text = cluster.control_plane.api_server.flags.get(f"audit-log-{name}", "")
    return int(text) if text.isdecimal() else 0


def _line(load: Load) -> float:
    return AUDIT_BYTES[load.cluster.control_plane.api_server.audit_level]


QUANTITIES = (
    Formula(
        id="audit-log-bytes",
        name="Audit logs of all API servers",
        unit="bytes/s",
        value=audit_bytes,
        text="(churn x 3 + changes by add-ons) x line + tokens x 1 kB, 0 where nothing is logged; reads, Events, "
        "leases and what kubelets report are not",
        inputs=(
            CHURN,
            read("changes by add-ons", "1/s", changes, "spec.addons"),
            read("line", "bytes", _line, "spec.controlPlane.apiServers.audit.level"),
            read("tokens", "1/s", tokens, "kubelet: one for each pod that starts, and for each every 48 minutes"),
        ),
        source=f"{sources.MEASURED}: 0.9 kB a line; "
        "kubernetes/kubernetes:pkg/kubelet/token/token_manager.go: renewed at 80 % of 3,607 s",
        confidence="estimate",
    ),
)


REACH = Formula(
    id="audit-log-seconds",
    name="Time that the audit log of one API server reaches back",
    unit="s",
    value=reach_seconds,
    text="files x file x API servers / audit logs, and no longer than age where that is said",
    inputs=(
        read("files", "files", lambda load: files(load.cluster), f"{AUDIT}.maxBackups"),
        read("file", "bytes", lambda load: file_bytes(load.cluster), f"{AUDIT}.maxSize"),
        read("age", "s", lambda load: kept_seconds(load.cluster), f"{AUDIT}.maxAge"),
        read("audit logs", "bytes/s", audit_bytes, "quantity audit-log-bytes"),
        SERVERS,
    ),
    source="kube-apiserver's reference: --audit-log-maxage, --audit-log-maxbackup, --audit-log-maxsize (MiB)",
    confidence="estimate",
)


def quantities(cluster: Cluster) -> Iterator[Formula]:
    """Return what the audit logs take, and how long they last where files are dropped as they fill."""
    yield from QUANTITIES
    flags = cluster.control_plane.api_server
    if flags.audit_level != "None" and _flag(cluster, "maxbackup") and _flag(cluster, "maxsize"):
        yield REACH


def limits(_: Cluster) -> tuple[Bound, ...]:
    """Return no limit: the log is rotated."""
    return ()
