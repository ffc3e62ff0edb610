"""What machines of a cloud need beside the cluster: somebody who knows the cloud, and waits to be waited for."""

from __future__ import annotations

from clusterc.resolve.ledger import Ledger
from clusterc.spec.cluster import Body


def kubelet_flags(body: Body, ledger: Ledger) -> dict[str, str]:
    """Return the flags of every kubelet, those of the API servers' machines too."""
    if body.provider == "metal":
        return {}
    flags = ledger.settings("kubelet.flags", {})
    flags.put(
        "cloud-provider",
        "external",
        why=f"machines of {body.provider} take no pods before cloud-controller-manager has given them an identity",
        source="kubelet's reference: no cloud is built in since 1.31; autoscalers find machines by that identity",
    )
    return flags.flags()
