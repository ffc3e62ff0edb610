"""What the audit logs of all API servers take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clusterc.capacity import sources
from clusterc.capacity.addons import changes
from clusterc.capacity.formula import CHURN, Formula, read
from clusterc.capacity.objects import POD_BYTES

if TYPE_CHECKING:
    from clusterc.capacity.formula import Bound
    from clusterc.capacity.load import Load
    from clusterc.model.cluster import Cluster

AREA = "API servers"
# One line of the audit log: the request without bodies, with the object sent, with the answer as well.
LINE_BYTES = 1_000
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


def tokens(load: Load) -> float:
    """Return the requests for tokens of pods per second, which kubelets send."""
    return load.cluster.scale.churn_per_second + load.pods / TOKEN_SECONDS


def audit_bytes(load: Load) -> float:
    """Return the bytes per second of all audit logs together."""
    level = load.cluster.control_plane.api_server.audit_level
    logged = load.cluster.scale.churn_per_second * AUDITED_PER_POD + changes(load)
    return logged * AUDIT_BYTES[level] + (tokens(load) * LINE_BYTES if level != "None" else 0)


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


def quantities(_: Cluster) -> tuple[Formula, ...]:
    """Return what the audit logs take."""
    return QUANTITIES


def limits(_: Cluster) -> tuple[Bound, ...]:
    """Return no limit: the log is rotated."""
    return ()
