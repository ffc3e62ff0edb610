"""Machines and whole-node pods of a cluster as the model decides it: what kubelets and jobs would send."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from ipaddress import IPv4Address
from typing import Any

from clusterc.capacity.load import Load
from clusterc.model.cluster import Cluster
from clusterc.model.pools import Pool
from conformance.control_plane.objects import Object, amount

POOL_LABEL = "clusterc.dev/pool"
GPU_PROFILE, OTHER_PROFILE = "gpu", "default-scheduler"
# A job leaves this much of its machine to the agents that run there.
AGENTS_MILLICORES, AGENTS_BYTES = 4_000, 8 * 2**30
SOME_DISK_BYTES = 10**12
UUID = "8d3c2f5e-9b1a-4c6d-8e7f-0a1b2c3d4e5f"
TIME = "2026-01-01T00:00:00Z"
CONDITIONS = {
    "MemoryPressure": ("False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    "DiskPressure": ("False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    "PIDPressure": ("False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    "Ready": ("True", "KubeletReady", "kubelet is posting ready status"),
}
SYSTEM = {
    "architecture": "amd64",
    "bootID": UUID,
    "containerRuntimeVersion": "containerd://2.3.0",
    "kernelVersion": "6.8.0-1030-azure",
    "kubeProxyVersion": "",
    "machineID": UUID.replace("-", ""),
    "operatingSystem": "linux",
    "osImage": "Ubuntu 24.04.3 LTS",
    "systemUUID": UUID,
}


def machines(load: Load) -> Iterator[tuple[Pool, str]]:
    """Yield every machine of a cluster at one size: its pool, and a name that it has at every larger size too."""
    for pool, count in load.pools():
        for number in range(count):
            yield pool, f"{pool.name}-{number:04d}"


def node(cluster: Cluster, pool: Pool, name: str, number: int) -> Object:
    """Return a Node as its kubelet registers it."""
    settings: dict[str, Any] = {**cluster.kubelet, **pool.kubelet}
    capacity = _capacity(pool)
    return {
        "metadata": {"name": name, "labels": {**pool.labels, **_own_labels(pool, name)}},
        "spec": {
            "providerID": f"azure:///subscriptions/{UUID}/resourceGroups/research/virtualMachines/{name}",
            "taints": [{"key": taint.key, "value": taint.value, "effect": taint.effect} for taint in pool.taints],
        },
        "status": {
            "capacity": {resource: str(value) for resource, value in capacity.items()},
            "allocatable": {resource: str(value) for resource, value in allocatable(settings, capacity).items()},
            "conditions": [_condition(kind) for kind in CONDITIONS],
            "addresses": [
                {"type": "InternalIP", "address": str(IPv4Address(int(cluster.network.node_cidr[0]) + number))},
                {"type": "Hostname", "address": name},
            ],
            "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
            "nodeInfo": {**SYSTEM, "kubeletVersion": f"v{cluster.version}"},
            "images": [_image(number) for number in range(int(settings["nodeStatusMaxImages"]))],
        },
    }


def _own_labels(pool: Pool, name: str) -> dict[str, str]:
    return {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "node.kubernetes.io/instance-type": pool.machine.type or "unknown",
    }


def _capacity(pool: Pool) -> dict[str, Decimal]:
    machine = pool.machine
    capacity = {
        "cpu": Decimal(machine.cpu_millicores) / 1000,
        "memory": Decimal(machine.memory_bytes),
        "ephemeral-storage": Decimal(machine.local_disk_bytes or SOME_DISK_BYTES),
        "pods": Decimal(pool.max_pods),
    }
    return capacity if pool.gpu is None else {**capacity, pool.gpu.resource: Decimal(pool.gpu.per_node)}


def allocatable(settings: dict[str, Any], capacity: dict[str, Decimal]) -> dict[str, Decimal]:
    """Return what a kubelet offers of its machine: what it does not keep, by the emitted settings."""
    kept = [settings.get("kubeReserved", {}), settings.get("systemReserved", {})]
    kept.append({"memory": settings["evictionHard"]["memory.available"]})
    return {
        resource: value - sum((amount(part[resource]) or Decimal(0) for part in kept if resource in part), Decimal(0))
        for resource, value in capacity.items()
    }


def _condition(kind: str) -> Object:
    status, reason, message = CONDITIONS[kind]
    times = {"lastHeartbeatTime": TIME, "lastTransitionTime": TIME}
    return {"type": kind, "status": status, "reason": reason, "message": message, **times}


def _image(number: int) -> Object:
    name = f"registry.internal/research/training-image-{number:02d}"
    return {"names": [f"{name}@sha256:{number:064x}", f"{name}:2026-11-{number:02d}"], "sizeBytes": 10**9 + number}


def lease(name: str) -> Object:
    """Return the lease that a kubelet renews."""
    owner = {"apiVersion": "v1", "kind": "Node", "name": name, "uid": UUID}
    spec = {"holderIdentity": name, "leaseDurationSeconds": 40, "renewTime": "2026-01-01T00:00:00.000000Z"}
    return {"metadata": {"name": name, "ownerReferences": [owner]}, "spec": spec}


def whole_node_pod(cluster: Cluster, pool: Pool, name: str) -> Object:
    """Return a pod of a job that fills a machine of a pool."""
    offered = allocatable({**cluster.kubelet, **pool.kubelet}, _capacity(pool))
    wanted = {
        "cpu": f"{int(offered['cpu'] * 1000) - AGENTS_MILLICORES}m",
        "memory": str(int(offered["memory"]) - AGENTS_BYTES),
    }
    if pool.gpu is not None:
        wanted[pool.gpu.resource] = str(pool.gpu.per_node)
    return pod(pool, name, wanted)


def pod(pool: Pool, name: str, wanted: dict[str, str], *, profile: str | None = None) -> Object:
    """Return a pod of a training job for a pool, with the scheduler's profile that the tree's README asks for."""
    usual = OTHER_PROFILE if pool.gpu is None else GPU_PROFILE
    return {
        "metadata": {"name": name, "labels": {"app": "train", "pool": pool.name}},
        "spec": {
            "schedulerName": profile or usual,
            "nodeSelector": {POOL_LABEL: pool.name},
            "tolerations": [
                {"key": taint.key, "operator": "Equal", "value": taint.value, "effect": taint.effect}
                for taint in pool.taints
            ],
            "restartPolicy": "Never",
            "containers": [_container(wanted)],
            "volumes": [
                {"name": "shm", "emptyDir": {"medium": "Memory", "sizeLimit": "64Gi"}},
                {"name": "data", "hostPath": {"path": "/mnt/data", "type": "Directory"}},
            ],
        },
    }


def _container(wanted: dict[str, str]) -> Object:
    return {
        "name": "train",
        "image": "registry.internal/train:2026-11",
        "command": ["torchrun", "--nproc-per-node=8", "train.py", "--config=/etc/train/config.yaml"],
        "env": [{"name": f"TRAIN_SETTING_{number}", "value": f"value-{number}"} for number in range(12)],
        "resources": {"requests": wanted, "limits": wanted},
        "volumeMounts": [{"name": "shm", "mountPath": "/data/shm"}, {"name": "data", "mountPath": "/data"}],
    }
