"""Whether the kubelet's own field contradicts the number of pods that addresses and memory are reckoned with."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.check._view import Mistake, View
from clusterc.defaults.pools import max_pods
from clusterc.diagnostics import Finding

CONTRADICTS = Mistake("CC5001", "max-pods-contradiction")


def findings(view: View) -> Iterator[Finding]:
    """Return every pool whose kubelet is told another number of pods than the pool has."""
    for i, pool in enumerate(view.body.node_pools):
        passed, most = pool.kubelet.get("maxPods"), max_pods(pool, view.body)
        is_number = isinstance(passed, int) and not isinstance(passed, bool)
        if not is_number or passed == most or not view.whole("spec.nodePools", i, "pods"):
            continue
        said = "says" if pool.pods.max else "is by default"
        yield view.finding(
            CONTRADICTS,
            view.at("spec.nodePools", i, "kubelet.maxPods"),
            f"kubelet.maxPods of pool {pool.name} is {passed}, but pods.max {said} {most}",
            fix=f"write pods: {{max: {passed}}} and remove kubelet.maxPods: addresses are reckoned with pods.max",
            related=(view.related(f"{most} pods", "spec.nodePools", i, "pods.max"),) if pool.pods.max else (),
        )
