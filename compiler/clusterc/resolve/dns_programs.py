"""How CoreDNS and the cache on every machine run: what they take, how they stop, what they remember."""

from __future__ import annotations

from clusterc.model.document import Tree
from clusterc.resolve.ledger import Ledger, Settings
from clusterc.resolve.workloads import MIB, Running

KUBEADM = "kubeadm's own CoreDNS"
NODE_CACHE = "Kubernetes' own node-local-dns manifest"


def coredns(ledger: Ledger, running: Running, *, domain: str, replicas: int) -> Tree:
    """Return CoreDNS's settings: fields of its Deployment and its disruption budget, and options of its plugins."""
    fields = ledger.settings("network.dns.coredns", {})
    fields.put(
        "resources",
        {"requests": running.requests, "limits": {"memory": running.requests["memory"]}},
        why="the queries of a replica were measured on two cores; a limit on CPU would drop queries at the peak",
        source="CoreDNS's page on scaling",
    )
    fields.put("lameduck", "30s", why="clients find out that it leaves while it still answers", source="EKS's guide")
    fields.put("terminationGracePeriodSeconds", 45, why="lameduck, and 15 s for what is under way after it")
    fields.put("ttl", 30, why="a Service's new address is known after half a minute", source=KUBEADM)
    fields.put("max_concurrent", 1000, why="queries to slow resolvers outside do not use up the memory", source=KUBEADM)
    fields.put("cache", 30, why="seconds that answers of resolvers outside are kept", source=KUBEADM)
    fields.put("disable", domain, why="the kubernetes plugin answers from memory; a cache would only delay news of it")
    fields.put(
        "livenessProbe",
        {"initialDelaySeconds": 60, "timeoutSeconds": 5, "failureThreshold": 5},
        why="a slow start, or a busy moment, is no reason to be killed",
        source=KUBEADM,
    )
    _spread(fields, replicas)
    leaves = "one replica at a time leaves, in a rollout and when machines are drained"
    fields.put("maxUnavailable", running.max_unavailable, why=leaves)
    fields.put("revisionHistoryLimit", 2, why="old ReplicaSets are objects too")
    return fields.tree()


def _spread(fields: Settings, replicas: int) -> None:
    few = replicas <= 3
    fields.put("maxSkew", 1, why="replicas never gather on one machine, where they would share its limit of queries")
    fields.put(
        "whenUnsatisfiable",
        "DoNotSchedule" if few else "ScheduleAnyway",
        why=f"{replicas} replicas: "
        + ("each on a machine of its own" if few else "a full cluster still gets its names"),
    )
    fields.put("weight", 100, why="of all wishes about its place this one counts most", source=KUBEADM)


def node_cache(ledger: Ledger, running: Running) -> Tree:
    """Return the settings of the cache on every machine: fields of its DaemonSet, and options of its plugins."""
    fields = ledger.settings("network.dns.nodeCache", {})
    fields.put(
        "resources",
        {"requests": running.requests, "limits": {"memory": f"{running.memory_bytes * 4 // MIB}Mi"}},
        why="ten thousand answers of each kind are a few MiB; the limit leaves room for a storm",
        source="clusterc's choice; upstream asks for 25m and 5Mi",
    )
    fields.put("success", "9984 30", why="answers, and seconds that each is kept", source=NODE_CACHE)
    fields.put(
        "denial",
        "9984 5",
        why="a pod's name that is asked for too early is asked for again after 5 s, as the ranks of an MPI job do",
        source=NODE_CACHE,
    )
    fields.put("cache", 30, why="seconds that answers from outside and of addresses are kept", source=NODE_CACHE)
    fields.put(
        "livenessProbe", {"initialDelaySeconds": 60, "timeoutSeconds": 5}, why="as upstream runs it", source=NODE_CACHE
    )
    fields.put("maxUnavailable", running.max_unavailable, why="one at a time takes a day at thousands of nodes")
    fields.put("revisionHistoryLimit", 2, why="old revisions are objects too")
    return fields.tree()
