"""The audit log: what is written down, where, and how much of it is kept."""

from __future__ import annotations

from clusterc import quantity
from clusterc.model.document import Tree, Value
from clusterc.resolve.ledger import Ledger, Settings, Show
from clusterc.spec.control_plane import Audit

SECOND = 10**9
SECOND = 10**9
AUDIT = "spec.controlPlane.apiServers.audit"
AUDIT_POLICY = "/etc/kubernetes/apiserver/audit-policy.yaml"


def audit_flags(flags: Settings, said: Audit, ledger: Ledger) -> None:
    """Decide the flags of the audit log, where there is one."""
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
    flags.take("audit-log-maxage", age // (86_400 * SECOND), of=f"{AUDIT}.maxAge")
    backups = _kept(ledger, said, "max_backups", "maxBackups", why="ten files beside the one that is written")
    flags.take("audit-log-maxbackup", backups, of=f"{AUDIT}.maxBackups")
    why = "with ten backups, about 2 GiB of the machine's disk"
    size = _kept(ledger, said, "max_size", "maxSize", why=why, show=quantity.format_bytes)
    flags.take("audit-log-maxsize", max(1, size // 1024**2), of=f"{AUDIT}.maxSize")


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
