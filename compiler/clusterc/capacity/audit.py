"""What the audit logs of all API servers take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clusterc.capacity import sources
from clusterc.capacity.addons import requests
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
# A pod is created and bound; what its kubelet reports is not logged.
AUDITED_PER_POD = 2


def audit_bytes(load: Load) -> float:
    """Return the bytes per second of all audit logs together."""
    changes = load.cluster.scale.churn_per_second * AUDITED_PER_POD + requests(load)
    return changes * AUDIT_BYTES[load.cluster.control_plane.api_server.audit_level]


QUANTITIES = (
    Formula(
        id="audit-log-bytes",
        name="Audit logs of all API servers",
        unit="bytes/s",
        value=audit_bytes,
        text="(churn x 2 + requests of add-ons) x a line of 1 kB, 11 kB with requests, 21 kB with answers; "
        "requests of nodes, Events and leases are not logged",
        inputs=(CHURN, read("requests of add-ons", "1/s", requests, "quantity addon-requests")),
        source=f"{sources.MEASURED}: 0.9 kB a line; those of service accounts are longer",
        confidence="estimate",
    ),
)


def quantities(_: Cluster) -> tuple[Formula, ...]:
    """Return what the audit logs take."""
    return QUANTITIES


def limits(_: Cluster) -> tuple[Bound, ...]:
    """Return no limit: the log is rotated."""
    return ()
