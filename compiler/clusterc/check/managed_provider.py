"""Whether the provider lets one run a control plane: a managed one brings its own, which reads none of the files."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.check._view import Mistake, View
from clusterc.diagnostics import Finding, Severity

MANAGED = Mistake("CC3002", "managed-control-plane", severity=Severity.WARNING)
_MACHINES_OF = {"aks": "azure", "eks": "aws", "gke": "gcp"}


def findings(view: View) -> Iterator[Finding]:
    """Return that what is built is a control plane of one's own, where the provider runs one."""
    provider = view.body.provider
    machines = _MACHINES_OF.get(provider)
    if machines is None:
        return
    target = view.body.kubernetes.target
    yield view.finding(
        MANAGED,
        view.at("spec.provider"),
        f"{provider} runs the control plane itself; what is built for {target} (API servers, etcd, load balancer, "
        f"joining machines) is a control plane of your own, and {provider} reads none of it",
        fix=f"write provider: {machines} for one on its machines; for {provider}, use lint and capacity",
    )
