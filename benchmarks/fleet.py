"""Clusters of 10 to 15,000 nodes, as many as are asked for: the same text on every machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

LEAST, MOST = 10, 15_000


def write(folder: Path, count: int) -> Path:
    """Write `count` specs whose sizes are spread evenly on a logarithmic scale, and return their folder."""
    folder.mkdir(parents=True)
    for number in range(count):
        nodes = round(LEAST * (MOST / LEAST) ** (number / max(1, count - 1)))
        name = f"cluster-{number:03d}"
        # JSON is YAML, and costs the reader as much.
        (folder / f"{name}.yaml").write_text(json.dumps(_spec(name, nodes), indent=2), encoding="utf-8")
    return folder


def _spec(name: str, nodes: int) -> dict[str, Any]:
    gpu_nodes = nodes * 4 // 5
    return {
        "apiVersion": "clusterc.dev/v1alpha1",
        "kind": "Cluster",
        "metadata": {"name": name},
        "spec": {
            "preset": "training",
            "kubernetes": {"version": "1.37.2"},
            "provider": "azure",
            "network": {
                "mode": "native",
                "nodeCIDR": "10.0.0.0/17",
                "podCIDR": "10.128.0.0/9",
                "serviceCIDR": "10.32.0.0/16",
            },
            "controlPlane": {
                "endpoint": f"api.{name}.internal:6443",
                "etcd": {"disk": {"class": "local-nvme", "writeLatency": "200us"}},
            },
            "nodePools": [
                _pool("a100", "training", "Standard_ND96amsr_A100_v4", gpu_nodes),
                _pool("cpu", "batch", "Standard_D64ds_v5", nodes - gpu_nodes),
            ],
            "teams": [
                {"name": "language", "guarantees": [{"pool": "a100", "nodes": gpu_nodes // 2}], "borrow": True},
                {"name": "vision", "guarantees": [{"pool": "a100", "nodes": gpu_nodes // 4}], "borrow": True},
            ],
            "quota": {"mechanism": "team-taints"},
            "gangs": {"scheduler": "native"},
            "workloads": [{"name": "pretrain", "pool": "a100", "pods": max(1, gpu_nodes // 2), "gang": True}],
            "autoscaler": {"kind": "cluster-autoscaler"},
        },
    }


def _pool(name: str, role: str, machine: str, most: int) -> dict[str, Any]:
    return {
        "name": name,
        "role": role,
        "machine": machine,
        "nodes": {"min": 0, "max": most},
        "groups": {"size": 600},
        "images": {"largest": "17Gi"},
    }
