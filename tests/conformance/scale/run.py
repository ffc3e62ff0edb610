"""The run: 500, 2,500, then 7,500 machines, on each a pod that fills it, under the emitted configuration."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from clusterc import pipeline
from clusterc.capacity.load import Load
from clusterc.capacity.objects import Stored
from clusterc.model.cluster import Cluster
from clusterc.model.pools import Pool
from conformance.control_plane.client import Client
from conformance.control_plane.metrics import Metrics, percentile
from conformance.control_plane.objects import Object, Places, ensure, named, objects_of
from conformance.control_plane.plane import Plane, control_plane
from conformance.control_plane.processes import soon
from conformance.control_plane.staging import LOGS
from conformance.scale import fleet
from conformance.scale.crowd import each
from conformance.scale.seen import Measured, Place, Stage
from conformance.scale.watches import watches
from conformance.trees import OUTPUT

NAME = "research-7500"
SPEC = OUTPUT.parent / "clusters" / f"{NAME}.yaml"
SIZES = (500, 2_500, 7_500)
# Few enough machines that the scheduler looks at all of them for each pod.
PACKED, SINGLES = 100, 16
BESIDE_A_GPU = {"cpu": "8", "memory": "64Gi"}
WATCHES = 2_000
SPACE, JOB, SINGLE = "language", "train-", "single-"
PODS = f"/api/v1/namespaces/{SPACE}/pods"
NODES, LEASES = "/api/v1/nodes", "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"
# A look at the metrics costs the scheduler as much as some pods.
DEADLINE_SECONDS, LOOK_SECONDS = 1200, 0.5
PAGE = 500
GONE = {"gracePeriodSeconds": 0}
SLI = "scheduler_pod_scheduling_sli_duration_seconds"
SCORED = {"extension_point": "Score", "plugin": "NodeResourcesFit", "profile": fleet.OTHER_PROFILE}


@dataclass(slots=True)
class Run:
    """One control plane on its way through the sizes."""

    cluster: Cluster
    plane: Plane
    admin: Client
    pool_of: dict[str, str] = field(default_factory=dict)
    filled: set[str] = field(default_factory=set)

    def scheduler(self) -> Metrics:
        with self.plane.metrics_client("kube-scheduler") as client:
            return Metrics(client.get("/metrics").text)

    def add_machines(self, load: Load) -> int:
        """Register the machines that a size has more than the last one, let pods on them, and return how many."""
        number = len(self.pool_of)
        new = [(pool, name) for pool, name in fleet.machines(load) if name not in self.pool_of]
        self.pool_of |= {name: pool.name for pool, name in new}

        def register(client: Client, item: tuple[int, tuple[Pool, str]]) -> None:
            place, (pool, name) = item
            body = fleet.node(self.cluster, pool, name, number + place)
            client.post(NODES, body).expect()
            # Admission taints every new machine as not ready, and the node controller takes the taint off.
            client.patch(f"{NODES}/{name}", {"spec": {"taints": body["spec"]["taints"] or None}}).expect()
            client.post(LEASES, fleet.lease(name)).expect()

        each(self.plane, enumerate(new), register)
        return len(new)

    def fill(self, load: Load) -> float:
        """Create a pod for every machine that has none, wait until all are bound, and return the seconds it took."""
        empty = [(pool, name) for pool, name in fleet.machines(load) if name not in self.filled]
        self.filled |= {name for _, name in empty}
        return self.bind([fleet.whole_node_pod(self.cluster, pool, f"{JOB}{name}") for pool, name in empty])

    def bind(self, pods: list[Object]) -> float:
        """Create pods and wait until each is bound; return the seconds that it took."""
        started, bound = time.monotonic(), self._bound() + len(pods)
        each(self.plane, pods, lambda client, pod: client.post(PODS, pod).expect())
        if not soon(lambda: self._bound() >= bound, seconds=DEADLINE_SECONDS, pause=LOOK_SECONDS):
            raise AssertionError(f"{bound - self._bound():g} of {len(pods)} pods were not scheduled")
        return time.monotonic() - started

    def _bound(self) -> float:
        return self.scheduler().total("scheduler_schedule_attempts_total", result="scheduled")

    def remove(self, pods: list[Object]) -> None:
        """Delete pods at once, for no kubelet confirms their end."""
        each(
            self.plane,
            pods,
            lambda client, pod: client.ask("DELETE", f"{PODS}/{pod['metadata']['name']}", GONE).expect(),
        )

    def scored(self) -> int:
        """Return how many machines the scheduler scores for a pod that fits on all of them."""
        tolerations = [{"operator": "Exists"}]
        container = {"name": "c", "image": "i", "resources": {"requests": {"cpu": "1m"}}}
        probe = named("probe", spec={"tolerations": tolerations, "containers": [container]})
        before = self.scheduler().total("scheduler_plugin_evaluation_total", **SCORED)
        self.bind([probe])
        after = self.scheduler().total("scheduler_plugin_evaluation_total", **SCORED)
        self.remove([probe])
        return int(after - before)

    def stage(self, size: int) -> Stage:
        """Grow to a size, fill every new machine, and look."""
        load = Load.of(self.cluster, size)
        started = time.monotonic()
        machines, nodes_seconds = self.add_machines(load), time.monotonic() - started
        pods = load.nodes - len(self.filled)
        scored, heap, before = self.scored(), self.heap_bytes(), self.scheduler().buckets(SLI)
        pods_seconds = self.fill(load)
        after = self.scheduler().buckets(SLI)
        p50, p90, p99 = (percentile(before, after, share) for share in (0.5, 0.9, 0.99))
        events = self.stored("events").values()
        return Stage(
            load=load,
            machines_per_second=machines / nodes_seconds,
            pods=pods,
            pods_per_second=pods / pods_seconds,
            latency_seconds=(p50, p90, p99),
            scored=scored,
            stored=self.stored("main"),
            events=Stored(sum(each.objects for each in events), sum(each.total_bytes for each in events)),
            database_bytes=self.database_bytes(),
            heap_before_pods=heap,
            heap_bytes=self.heap_bytes(),
            peak_bytes={name: running.peak_bytes() for name, running in self.plane.running.items()},
        )

    def stored(self, etcd: str) -> dict[str, Stored]:
        """Return the objects and bytes of an etcd by resource."""
        found: dict[str, Stored] = {}
        for key, size in self.plane.keys(etcd):
            resource = key.split("/")[2] if key.startswith("/registry/") else key
            before = found.get(resource, Stored(0, 0))
            found[resource] = Stored(before.objects + 1, before.total_bytes + size)
        return found

    def database_bytes(self) -> int:
        """Return the size of the main etcd's file."""
        staged = self.plane.staged
        with Client(staged.ports.etcd["main"]["client"], staged.etcd_credentials()) as client:
            return int(client.post("/v3/maintenance/status", {}).expect()["dbSize"])

    def heap_bytes(self) -> int:
        """Return what the API server holds once garbage is collected: heap and stacks."""
        self.admin.get("/debug/pprof/heap", gc=1, debug=1)
        metrics = Metrics(self.admin.get("/metrics").text)
        return int(metrics.total("go_memstats_alloc_bytes") + metrics.total("go_memstats_stack_inuse_bytes"))

    def packed(self, pool: Pool, profile: str) -> int:
        """Return on how many machines the pods of one GPU each lie that a profile places; then take them away."""
        assert pool.gpu is not None
        wanted = {pool.gpu.resource: "1", **BESIDE_A_GPU}
        pods = [fleet.pod(pool, f"{SINGLE}{profile}-{number}", wanted, profile=profile) for number in range(SINGLES)]
        self.bind(pods)
        used = {place.node for place in self.places() if place.pod.startswith(f"{SINGLE}{profile}-")}
        self.remove(pods)
        return len(used)

    def places(self) -> Iterator[Place]:
        """Yield where every pod is."""
        after = ""
        while True:
            page = self.admin.get(PODS, limit=PAGE, **{"continue": after}).expect()
            for pod in page["items"]:
                spec = pod["spec"]
                yield Place(
                    pod["metadata"]["name"], spec.get("nodeSelector", {}).get(fleet.POOL_LABEL), spec.get("nodeName")
                )
            after = page["metadata"].get("continue", "")
            if not after:
                return

    def watch_bytes(self) -> float:
        """Return what one more watch of a machine's pods costs the API server, as a kubelet holds it."""
        names, before = list(self.pool_of)[:WATCHES], self.heap_bytes()
        with watches(self.plane, names):
            held = Metrics(self.admin.get("/metrics").text).total(
                "apiserver_longrunning_requests", verb="WATCH", resource="pods"
            )
            assert held >= len(names)
            return (self.heap_bytes() - before) / len(names)

    def audit(self) -> tuple[float, float]:
        """Return the bytes of a line of the audit log, and the lines about each pod from its creation to its end."""
        lines = (self.plane.staged.folder / LOGS / "audit.log").read_text().splitlines()
        of_pods = [line for line in lines if '"resource":"pods"' in line and f'"name":"{SINGLE}' in line]
        return sum(len(line) + 1 for line in lines) / len(lines), len(of_pods) / (2 * SINGLES)


def resolved() -> Cluster:
    """Return the cluster as clusterc decides it."""
    checked = pipeline.read(SPEC, name=SPEC.name, root=SPEC.parents[1])
    assert checked.is_right, checked.findings
    return pipeline.understand(checked)[0]


def measure(tree: Path = OUTPUT / NAME) -> Measured:
    """Run through all sizes, and return what was seen."""
    cluster = resolved()
    with control_plane(tree) as plane, plane.client() as admin:
        places = Places(admin)
        for _, item in objects_of(tree):
            admin.apply(places.item(item), item, force="true").expect()
        ensure(admin, f"/api/v1/namespaces/{SPACE}/serviceaccounts", named("default"))
        plane.start_scheduler()
        run = Run(cluster, plane, admin)
        run.add_machines(Load.of(cluster, PACKED))
        pool = next(pool for pool in cluster.pools if pool.gpu is not None)
        packed = {profile: run.packed(pool, profile) for profile in (fleet.GPU_PROFILE, fleet.OTHER_PROFILE)}
        stages = tuple(run.stage(size) for size in SIZES)
        line_bytes, lines_per_pod = run.audit()
        return Measured(
            cluster=cluster,
            stages=stages,
            packed=packed,
            watches=WATCHES,
            watch_bytes=run.watch_bytes(),
            audit_line_bytes=line_bytes,
            audit_lines_per_pod=lines_per_pod,
            places=tuple(run.places()),
            pool_of=dict(run.pool_of),
        )
