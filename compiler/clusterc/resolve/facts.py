"""What every decision about the control plane looks at."""

from __future__ import annotations

from dataclasses import dataclass

from clusterc.kubernetes import Minor
from clusterc.model.pools import Sizes
from clusterc.resolve.ledger import Ledger
from clusterc.resolve.tables import Rung
from clusterc.spec.cluster import Body


@dataclass(frozen=True, slots=True)
class Facts:
    """The spec, the ledger to note decisions in, the size of the cluster, its rung of the ladder, its minor.

    `pods` are those of the largest size, `churn` those that start per second.
    """

    body: Body
    ledger: Ledger
    nodes: Sizes
    rung: Rung
    minor: Minor
    pods: int
    churn: float

    @property
    def has_native_gangs(self) -> bool:
        """Return whether gangs are placed by kube-scheduler itself."""
        gangs = self.body.gangs
        return bool(gangs and gangs.scheduler == "native" and self.minor.has_native_gangs)

    @property
    def feature_gates(self) -> str:
        """Return the feature gates of every control-plane component, as a flag has them; empty where there are none."""
        gates = dict(self.body.kubernetes.feature_gates)
        if self.has_native_gangs:
            gates.setdefault("GenericWorkload", True)
        return ",".join(f"{name}={str(on).lower()}" for name, on in sorted(gates.items()))
