"""What kubelets are told: a base for every machine, and what each pool says otherwise."""

from __future__ import annotations

from math import ceil

from clusterc import quantity
from clusterc.kubernetes import Minor
from clusterc.model.document import Tree
from clusterc.model.network import Dns
from clusterc.model.pools import Machine, Taint
from clusterc.resolve.ledger import Ledger, Settings
from clusterc.spec.cluster import Body
from clusterc.spec.pools import NodePool

MIB = 1024**2
GIB = 1024**3
EVICTION_MEMORY_BYTES = GIB
DEFAULTS = "kubelet.config.k8s.io/v1beta1 defaults"
OURS = "clusterc's choice; the kubelet's own default is"


def base_kubelet(body: Body, dns: Dns, ledger: Ledger, *, nodes: int, minor: Minor) -> Tree:
    """Return the fields that every kubelet of the cluster shares."""
    base = ledger.settings("kubelet", {})
    _identity(base, dns)
    _heartbeats(base)
    _requests(base, nodes)
    _eviction(base)
    base.put("cgroupDriver", "systemd", why="the driver kubeadm and containerd use", source="kubeadm v1beta4")
    base.put("maxPods", 110, why="the kubelet's own default; pools say otherwise", source=DEFAULTS)
    base.put("rotateCertificates", True, why="client certificates renew themselves before they expire")
    base.put("containerLogMaxSize", "50Mi", why="a training job writes more than the default 10Mi between two looks")
    base.put("containerLogMaxFiles", 5, why="the kubelet's own default", source=DEFAULTS)
    base.put("shutdownGracePeriod", "2m", why="pods get 90 s and critical ones 30 s more when the machine stops")
    base.put("shutdownGracePeriodCriticalPods", "30s", why="the critical pods' part of shutdownGracePeriod")
    if body.kubernetes.feature_gates and minor.supported:
        base.put(
            "featureGates", dict(sorted(body.kubernetes.feature_gates.items())), why="spec.kubernetes.featureGates"
        )
    return base.tree()


def _identity(base: Settings, dns: Dns) -> None:
    base.put(
        "authentication",
        {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True, "cacheTTL": "2m"},
            "x509": {"clientCAFile": "/etc/kubernetes/pki/ca.crt"},
        },
        why="nobody reads a kubelet without the API server's word",
    )
    base.put("authorization", {"mode": "Webhook"}, why="nobody reads a kubelet without the API server's word")
    base.put("clusterDomain", dns.domain, why="spec.network.dns.domain")
    base.put("clusterDNS", [dns.address], why="the cache on every node" if dns.node_local else "CoreDNS's Service")
    base.put("staticPodPath", "/etc/kubernetes/manifests", why="where kubeadm puts the control plane's pods")
    base.put("containerRuntimeEndpoint", "unix:///run/containerd/containerd.sock", why="containerd's own socket")


def _heartbeats(base: Settings) -> None:
    base.put("nodeStatusUpdateFrequency", "10s", why="the kubelet's own default", source=DEFAULTS)
    base.put(
        "nodeStatusReportFrequency",
        "5m",
        why="given beside nodeStatusUpdateFrequency: left out it would become 10s, 30 times the writes",
        source="kubelet SetDefaults_KubeletConfiguration",
    )
    base.put("nodeLeaseDurationSeconds", 40, why="renewed every 10 s", source=DEFAULTS)


def _requests(base: Settings, nodes: int) -> None:
    base.put("kubeAPIQPS", 50, why="the kubelet's own default; more would let a fleet flood the API", source=DEFAULTS)
    base.put("kubeAPIBurst", 100, why="the kubelet's own default", source=DEFAULTS)
    large = nodes > 1000
    why = f"{nodes:,} nodes: events are most of what a failing fleet writes" if large else "the kubelet's own default"
    base.put("eventRecordQPS", 5 if large else 50, why=why, source=f"{OURS} 50" if large else DEFAULTS)
    base.put("eventBurst", 10 if large else 100, why=why, source=f"{OURS} 100" if large else DEFAULTS)
    base.put("registryPullQPS", 5, why="the kubelet's own default", source=DEFAULTS)
    base.put("registryBurst", 10, why="the kubelet's own default", source=DEFAULTS)
    base.put(
        "nodeStatusMaxImages",
        10 if nodes > 2000 else 50,
        why=f"{nodes:,} nodes: image names are most of a Node object; fewer keep the watch cache small"
        if nodes > 2000
        else "the kubelet's own default",
        source=f"{OURS} 50" if nodes > 2000 else DEFAULTS,
    )
    base.put("configMapAndSecretChangeDetectionStrategy", "Watch", why="the kubelet's own default", source=DEFAULTS)


def _eviction(base: Settings) -> None:
    base.put(
        "evictionHard",
        {
            "memory.available": quantity.format_bytes(EVICTION_MEMORY_BYTES),
            "nodefs.available": "10%",
            "nodefs.inodesFree": "5%",
            "imagefs.available": "15%",
            "imagefs.inodesFree": "5%",
            "pid.available": "5%",
        },
        why="every signal is named: naming one drops the defaults of the others",
        source="kubelet eviction defaults",
    )
    base.put("imageGCHighThresholdPercent", 85, why="the kubelet's own default", source=DEFAULTS)
    base.put("imageGCLowThresholdPercent", 75, why="frees room for one large image at a time")
    base.put("podPidsLimit", 16384, why="data loaders fork a lot; a limit keeps one pod from taking the machine")
    base.put("enforceNodeAllocatable", ["pods"], why="reserved resources are kept from pods, not enforced on daemons")


def pool_kubelet(
    pool: NodePool,
    machine: Machine,
    ledger: Ledger,
    *,
    style: str,
    has_gpu: bool,
    max_pods: int,
    taints: tuple[Taint, ...],
) -> Tree:
    """Return the fields in which a pool's kubelets differ from the base."""
    fields = ledger.settings(f"spec.nodePools[{pool.name}].kubelet", pool.kubelet)
    fields.take("maxPods", max_pods, of=f"spec.nodePools[{pool.name}].pods.max")
    _pulls(fields, pool, ledger)
    _reserved(fields, machine)
    _alignment(fields, pool, machine, ledger, share=has_gpu and style == "shared")
    if fields.value("memoryManagerPolicy") == "Static" and machine.numa_nodes:
        _reserved_memory(fields, machine.numa_nodes)
    if taints:
        registered = [{"key": t.key, "value": t.value, "effect": t.effect} for t in taints]
        fields.put("registerWithTaints", registered, why="the pool's taints hold before the first pod can arrive")
    return fields.tree()


def _pulls(fields: Settings, pool: NodePool, ledger: Ledger) -> None:
    path, one_by_one = f"spec.nodePools[{pool.name}].images.parallelPulls", fields.given("serializeImagePulls") is True
    pulls = ledger.pick(
        path,
        pool.images.parallel_pulls,
        1 if one_by_one else 5,
        why="the pool's kubelets are told serializeImagePulls" if one_by_one else "one large image holds up no other",
        source="OpenAI 2018: a 17 GB image blocked all other pulls",
    )
    pulls = fields.take("maxParallelImagePulls", pulls, of=path)
    fields.put("serializeImagePulls", pulls == 1, why="contradicts maxParallelImagePulls above 1 otherwise")


def reserved_memory_bytes(memory_bytes: int) -> int:
    """Return what the kubelet keeps for itself: 25 % of the first 4 GiB, 20 % of the next 4, 10, 6 and 2 % beyond.

    GKE's published formula; rounded up to whole MiB.
    """
    steps = ((4 * GIB, 25), (4 * GIB, 20), (8 * GIB, 10), (112 * GIB, 6), (memory_bytes, 2))
    rest, total = memory_bytes, 0
    for size, percent in steps:
        part = min(rest, size)
        total += part * percent
        rest -= part
    return ceil(total / 100 / MIB) * MIB


def reserved_cpu_millicores(millicores: int) -> int:
    """Return 6 % of the first core, 1 % of the second, 0.5 % of the next two, 0.25 % of the rest: GKE's formula."""
    steps = ((1000, 600), (1000, 100), (2000, 50), (millicores, 25))
    rest, total = millicores, 0
    for size, share in steps:
        part = min(rest, size)
        total += part * share
        rest -= part
    return ceil(total / 10_000)


def _reserved(fields: Settings, machine: Machine) -> None:
    memory = reserved_memory_bytes(machine.memory_bytes)
    cpu = reserved_cpu_millicores(machine.cpu_millicores)
    source = "GKE's node allocatable formula"
    why = f"of {quantity.format_cpu(machine.cpu_millicores)} cores and {quantity.format_bytes(machine.memory_bytes)}"
    fields.put(
        "kubeReserved",
        {"cpu": f"{cpu}m", "memory": f"{memory // MIB}Mi", "ephemeral-storage": "10Gi", "pid": "10000"},
        why=f"{why}, for kubelet and runtime",
        source=source,
    )
    system = min(2 * GIB, memory)
    fields.put(
        "systemReserved",
        {"cpu": "500m", "memory": f"{system // MIB}Mi", "ephemeral-storage": "10Gi"},
        why="for sshd, systemd and the host's own agents",
    )


def _alignment(fields: Settings, pool: NodePool, machine: Machine, ledger: Ledger, *, share: bool) -> None:
    """Decide the topology, CPU and memory managers together, since each refuses what the others assume."""
    path = f"spec.nodePools[{pool.name}].numa.policy"
    policy = ledger.pick(
        path,
        pool.numa.policy if pool.numa else None,
        "restricted" if share else "none",
        why="pods that share a machine get CPUs, memory and GPUs of one NUMA node"
        if share
        else "a pod that takes the whole machine has nothing to align",
        source="Kubernetes' topology manager",
    )
    aligned = str(fields.take("topologyManagerPolicy", policy, of=path)) in {"restricted", "single-numa-node"}
    fields.put("topologyManagerScope", "pod" if aligned else "container", why="a pod's containers share its devices")
    cpus = fields.put("cpuManagerPolicy", "static" if aligned else "none", why="alignment needs CPUs of a pod's own")
    if aligned and cpus == "static":
        fields.put("cpuManagerPolicyOptions", {"full-pcpus-only": "true"}, why="no two pods share a physical core")
    if aligned and (machine.numa_nodes or 0) > 8:
        options = {"max-allowable-numa-nodes": str(machine.numa_nodes)}
        fields.put("topologyManagerPolicyOptions", options, why="the topology manager stops at 8 NUMA nodes otherwise")
    if aligned and machine.numa_nodes:
        fields.put("memoryManagerPolicy", "Static", why="memory of the CPUs' own NUMA node")


def _reserved_memory(fields: Settings, numa_nodes: int) -> None:
    """Reserve memory on each NUMA node; the sum must equal kubeReserved + systemReserved + evictionHard exactly."""
    sizes = [
        _kept(fields, "kubeReserved", "memory", 0),
        _kept(fields, "systemReserved", "memory", 0),
        _kept(fields, "evictionHard", "memory.available", EVICTION_MEMORY_BYTES),
    ]
    total = sum(size or 0 for size in sizes)
    # A share of a machine's memory, or what is no quantity at all, is for a check to refuse.
    if None in sizes or not total:
        return
    unit, name = (MIB, "Mi") if total % MIB == 0 else (1, "")
    share, rest = divmod(total // unit, numa_nodes)
    fields.put(
        "reservedMemory",
        [
            {"numaNode": node, "limits": {"memory": f"{share + (1 if node < rest else 0)}{name}"}}
            for node in range(numa_nodes)
        ],
        why=f"kubeReserved + systemReserved + evictionHard = {total // unit}{name} over {numa_nodes} NUMA nodes",
        source="kubelet's memory manager: the sum must be equal",
    )


def _kept(fields: Settings, name: str, key: str, default: int) -> int | None:
    """Return the bytes that one entry of a field keeps from pods, or None where it is no size."""
    entries = fields.value(name) or {}
    return quantity.kubernetes_bytes(entries.get(key, default)) if isinstance(entries, dict) else None
