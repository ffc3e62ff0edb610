"""kube-scheduler: how much it does at once, how many nodes it scores, and how fast it binds."""

from __future__ import annotations

from dataclasses import dataclass

from clusterc import formulas
from clusterc.model.document import Tree
from clusterc.resolve.facts import Facts
from clusterc.resolve.ledger import Ledger
from clusterc.resolve.profiles import SAMPLE, profiles
from clusterc.resolve.tables import Rung
from clusterc.resolve.workloads import addon_version
from clusterc.spec.cluster import Body

KUBECONFIG = "/etc/kubernetes/scheduler.conf"


@dataclass(frozen=True, slots=True)
class Scheduler:
    """The scheduler's configuration and flags, decided."""

    config: Tree
    flags: dict[str, str]
    qps: float
    percentage: int
    image: str | None


def decide_scheduler(facts: Facts) -> Scheduler:
    """Return the scheduler's configuration: the default profile, and one for GPU pools where there are any."""
    body, ledger, rung = facts.body, facts.ledger, facts.rung
    said, path = body.scheduler, "spec.scheduler"
    fields = ledger.settings(f"{path}.extra", said.extra)
    percentage = _percentage(facts)
    qps = ledger.pick(f"{path}.qps", said.qps, rung.scheduler_qps, why=rung.why, source=rung.source)
    twice = max(1, int(2 * qps))
    burst = ledger.pick(f"{path}.burst", said.burst, twice, why="twice the rate: a gang's binds come at once")
    parallelism = ledger.pick(
        f"{path}.parallelism",
        said.parallelism,
        min(32, max(16, _api_cores(body, rung))),
        why="the cores of its machine, 16 to 32",
        source="kube-scheduler v1 defaults: 16",
    )
    fields.take("parallelism", parallelism, of=f"{path}.parallelism")
    fields.take("percentageOfNodesToScore", percentage, of=f"{path}.percentageOfNodesToScore")
    gang = body.gangs is not None
    fields.put("podInitialBackoffSeconds", 1, why="kube-scheduler's own default")
    fields.put(
        "podMaxBackoffSeconds",
        30 if gang else 10,
        why="a gang that does not fit must not be tried every ten seconds" if gang else "kube-scheduler's own default",
        source="KEP-4671 calls 10 s insufficient in large clusters",
    )
    fields.put("leaderElection", {"leaderElect": True}, why="one scheduler decides, the others stand by")
    fields.put(
        "clientConnection", {"kubeconfig": KUBECONFIG, "qps": qps, "burst": burst}, why="spec.scheduler.qps and burst"
    )
    fields.put("profiles", profiles(facts), why="the default profile, one for GPU pools, and spec.scheduler.profiles")
    return Scheduler(fields.tree(), _flags(facts), float(qps), percentage, _image(body, ledger))


def _image(body: Body, ledger: Ledger) -> str | None:
    """Return the scheduler that has the plugin, where gangs are placed by one that kubeadm's own scheduler lacks."""
    if body.gangs is None or body.gangs.scheduler != "coscheduling":
        return None
    release = addon_version(
        body,
        "scheduler-plugins",
        "v0.34.7",
        ledger,
        why="the newest release, for the one minor that it is built for; kubeadm's own scheduler has no Coscheduling",
        source="scheduler-plugins, README: compatibility matrix",
    )
    return f"registry.k8s.io/scheduler-plugins/kube-scheduler:{release}"


def _api_cores(body: Body, rung: Rung) -> int:
    machine = body.control_plane.api_servers.machine
    return machine.cpu // 1000 if machine else rung.api_cpu


def _percentage(facts: Facts) -> int:
    """Decide how many nodes are scored for a pod of any profile: as many as the scheduler itself thinks right."""
    nodes = facts.nodes.max
    return facts.ledger.pick(
        "spec.scheduler.percentageOfNodesToScore",
        facts.body.scheduler.percentage_of_nodes_to_score,
        0,
        why=f"left to the scheduler: {formulas.adaptive_percentage(nodes)} % of {nodes:,} nodes, "
        f"{formulas.nodes_scored(nodes, 0):,} of them",
        source=SAMPLE,
    )


def _flags(facts: Facts) -> dict[str, str]:
    flags = facts.ledger.settings("spec.scheduler.flags", facts.body.scheduler.flags)
    flags.put("config", "/etc/kubernetes/scheduler/config.yaml", why="the emitted configuration")
    if gates := facts.feature_gates:
        flags.put("feature-gates", gates, why="the same gates as the API server")
    return flags.flags()
