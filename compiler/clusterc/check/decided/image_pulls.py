"""Whether a pool's kubelets may pull images both one by one and side by side, which they refuse."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.check._view import Mistake, View
from clusterc.check.decided._kubelets import kubelets
from clusterc.diagnostics import Finding
from clusterc.model.cluster import Cluster

CONTRADICTS = Mistake("CC5002", "image-pulls-contradiction", "kubelet, ValidateKubeletConfiguration")


def findings(view: View, cluster: Cluster) -> Iterator[Finding]:
    """Return every pool whose kubelets would not start because of it."""
    for kubelet in kubelets(view, cluster):
        serial, most = kubelet.told.get("serializeImagePulls"), kubelet.told.get("maxParallelImagePulls")
        if serial is True and isinstance(most, int) and most > 1:
            yield kubelet.finding(
                CONTRADICTS,
                f"serializeImagePulls is true and maxParallelImagePulls {most}; a kubelet with both does not start",
                "serializeImagePulls",
                "maxParallelImagePulls",
                fix="remove serializeImagePulls, or write images: {parallelPulls: 1}",
            )
