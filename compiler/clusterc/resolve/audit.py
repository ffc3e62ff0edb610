"""The audit log: what is written down, where, and how much of it is kept."""

from __future__ import annotations

from math import ceil

from clusterc import formulas, quantity
from clusterc.model.document import Tree, Value
from clusterc.resolve.facts import Facts
from clusterc.resolve.ledger import Ledger, Settings, Show
from clusterc.spec.control_plane import Audit

SECOND = 10**9
DAY_SECONDS, HOUR_SECONDS = 86_400, 3600
GIB = 1024**3
AUDIT = "spec.controlPlane.apiServers.audit"
# What one API server may hold: a third of a disk of 100 GiB, where etcd, images and the system's own logs may lie too.
MOST_BYTES = 32 * GIB
# What a server takes beyond an even share of the reckoned rate, on a busy day, with add-ons that change something.
ROOM = 1.5
# Files are cheap where little is logged.
LEAST_FILES = 10
AUDIT_POLICY = "/etc/kubernetes/apiserver/audit-policy.yaml"


def audit_flags(flags: Settings, facts: Facts, *, servers: int) -> None:
    """Decide the flags of the audit log, where there is one."""
    said, ledger = facts.body.control_plane.api_servers.audit, facts.ledger
    if said.level == "None":
        return
    flags.put("audit-policy-file", AUDIT_POLICY, why="the emitted policy")
    flags.put("audit-log-path", "/var/log/kubernetes/audit/audit.log", why="on the machine's own disk")
    flags.put(
        "audit-log-mode",
        "batch",
        why="a blocking log makes every request wait for the disk",
        source="kube-apiserver's reference",
    )
    age = _kept(ledger, said, "max_age", "maxAge", why="a week to look back", show=quantity.format_duration)
    flags.take("audit-log-maxage", age // (DAY_SECONDS * SECOND), of=f"{AUDIT}.maxAge")
    why = "a file that is searched in one go; how many of them there are says how far back they reach"
    size = _kept(ledger, said, "max_size", "maxSize", why=why, show=quantity.format_bytes)
    rate = formulas.audit_bytes(facts.churn, facts.pods, level=said.level) / servers
    number, why = backups(rate, age // SECOND, size)
    source = "quantity audit-log-bytes of `clusterc capacity`; the room and the most are clusterc's choice"
    number = ledger.pick(f"{AUDIT}.maxBackups", said.max_backups, number, why=why, source=source)
    flags.take("audit-log-maxbackup", number, of=f"{AUDIT}.maxBackups")
    flags.take("audit-log-maxsize", max(1, size // 1024**2), of=f"{AUDIT}.maxSize")


def backups(rate: float, seconds: int, size_bytes: int) -> tuple[int, str]:
    """Return how many files hold this time of a server's log, within what it may take of the disk; and why.

    `rate` is in bytes per second.
    """
    days = quantity.format_duration(seconds * SECOND)
    wanted, most = ceil(rate * ROOM * seconds / size_bytes), max(1, MOST_BYTES // size_bytes)
    formula = f"{rate / 1000:,.1f} kB/s of each server x {ROOM} x {days} / {quantity.format_bytes(size_bytes)}"
    if wanted <= most:
        return max(wanted, min(LEAST_FILES, most)), f"{formula} = {wanted:,} files; {LEAST_FILES} at the least"
    hours = int(most * size_bytes / (rate * ROOM) / HOUR_SECONDS)
    disk = f"{quantity.format_bytes(MOST_BYTES)} of the machine's disk at the most"
    return most, f"{disk}, which hold {hours:,} h; {formula} = {wanted:,} files"


def _kept(ledger: Ledger, said: Audit, field: str, name: str, *, why: str, show: Show = int) -> int:
    """Decide how much of the audit log is kept, in one respect."""
    value: int = getattr(said, field)
    return ledger.pick(f"{AUDIT}.{name}", value if field in said.model_fields_set else None, value, why=why, show=show)


def audit_policy(level: str, ledger: Ledger) -> Tree:
    """Return the policy: nothing of what fills a log at scale, no secret's content, and the rest at one level."""
    if level == "None":
        return {}
    fields = ledger.settings("controlPlane.apiServers.auditPolicy", {})
    fields.put("omitStages", ["RequestReceived"], why="one line for each request, when it is answered")
    fields.put("omitManagedFields", True, why="who owns which field is half of an object and says nothing here")
    core: Value = ""
    rules: list[Value] = [
        {"level": "None", "verbs": ["get", "list", "watch"]},
        {"level": "None", "resources": [{"group": core, "resources": ["events"]}]},
        {"level": "None", "resources": [{"group": "events.k8s.io", "resources": ["events"]}]},
        {"level": "None", "resources": [{"group": "coordination.k8s.io", "resources": ["leases"]}]},
        {
            "level": "None",
            "userGroups": ["system:nodes"],
            "resources": [{"group": core, "resources": ["nodes/status", "pods/status"]}],
        },
        {
            "level": "Metadata",
            "resources": [
                {"group": core, "resources": ["secrets", "configmaps", "serviceaccounts/token"]},
                {"group": "authentication.k8s.io", "resources": ["tokenreviews"]},
            ],
        },
        {"level": level},
    ]
    fields.put(
        "rules",
        rules,
        why="no reads, Events, leases, or status that kubelets report; of secrets and tokens only who and when",
        source="Kubernetes' page on auditing; the rates are those of `clusterc capacity`",
    )
    return fields.tree()
