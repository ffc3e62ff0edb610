"""Tables of a few names, in the form of those under schemas/: what only a table made by hand can show.

The names and defaults are those of the real minors, as the programs of 1.36.3 and 1.37.2 printed them, but for those
that say so themselves.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

GATES: dict[str, dict[str, Any]] = {
    "1.36": {
        "GangScheduling": {"stage": "ALPHA", "default": False},
        "GenericWorkload": {"stage": "ALPHA", "default": False},
        "HPAScaleToZero": {"stage": "ALPHA", "default": False},
        "HostnameOverride": {"stage": "BETA", "default": True},
        "MadeUpDeprecated": {"stage": "DEPRECATED", "default": False},
    },
    "1.37": {
        "AllAlpha": {"stage": "ALPHA", "default": False},
        "GenericWorkload": {"stage": "BETA", "default": False},
        "HPAScaleToZero": {"stage": "BETA", "default": True},
        "HostnameOverride": {"stage": "GA", "default": True, "locked": True},
        "MadeUpDeprecated": {"stage": "DEPRECATED", "default": False},
        "LockOnExit": {
            "stage": "ALPHA",
            "default": False,
            "components": ["kube-apiserver", "kube-controller-manager", "kubelet", "kube-proxy"],
        },
        "NFTablesNetlink": {"stage": "BETA", "default": True},
    },
}
API_SERVER = {
    "default-watch-cache-size": {
        "type": "int",
        "default": "100",
        "deprecated": "watch caches are automatically sized",
    },
    "delete-collection-workers": {"type": "int", "default": "1"},
    "event-ttl": {"type": "duration", "default": "1h0m0s"},
    "feature-gates": {"type": "mapStringBool", "default": ""},
    "goaway-chance": {"type": "float64", "default": "0"},
    "made-up-count": {"type": "uint32", "default": "1"},
    "max-requests-inflight": {"type": "int", "default": "400"},
    "profiling": {"type": "bool", "default": "true"},
    "request-timeout": {"type": "duration", "default": "1m0s"},
    "runtime-config": {"type": "mapStringString", "default": ""},
    "tls-min-version": {"type": "string", "default": ""},
}
FLAGS: dict[str, dict[str, Any]] = {
    "1.36": {
        "kube-apiserver": {**API_SERVER, "made-up-count": {"type": "uint32", "default": "7"}},
        "kube-controller-manager": {
            "concurrent-gc-syncs": {"type": "int32", "default": "20"},
            "concurrent-service-syncs": {"type": "int32", "default": "1"},
        },
        "kube-scheduler": {"config": {"type": "string", "default": ""}},
        "kubelet": {
            "fail-cgroupv1": {"type": "bool", "default": "true"},
            "made-up-flag": {"type": "int32", "default": "1"},
        },
    },
    "1.37": {
        "kube-apiserver": API_SERVER,
        "kube-controller-manager": {
            "concurrent-disruption-syncs": {"type": "int32", "default": "1"},
            "concurrent-gc-syncs": {"type": "int32", "default": "20"},
        },
        "kube-scheduler": {"config": {"type": "string", "default": ""}},
        "kubelet": {
            "fail-cgroupv1": {"type": "bool", "default": "false"},
            "made-up-flag": {"type": "int32", "default": "2"},
        },
    },
}
ELSEWHERE: dict[str, dict[str, Any]] = {
    "1.36": {
        "flags": {"kube-controller-manager": {"concurrent-disruption-syncs": {"since": "1.37"}}},
        "gates": {"NFTablesNetlink": {"since": "1.37"}},
        "fields": {"KubeletConfiguration": {"defaultPodSysctls": {"since": "1.37"}}},
        "apis": {"scheduling.k8s.io/v1beta1/PodGroup": {"since": "1.37"}},
        "objects": {"DeploymentSpec": {"madeUpField": {"since": "1.37"}}},
    },
    "1.37": {
        "flags": {"kube-controller-manager": {"concurrent-service-syncs": {"until": "1.36"}}},
        "gates": {"GangScheduling": {"until": "1.36"}},
        "fields": {},
        "apis": {
            "scheduling.k8s.io/v1alpha1/Workload": {"until": "1.35"},
            "scheduling.k8s.io/v1alpha2/PodGroup": {"until": "1.36"},
        },
        "objects": {"DeploymentSpec": {"madeUpOldField": {"until": "1.36"}}},
    },
}
ON_REQUEST: dict[str, dict[str, Any]] = {
    "1.36": {"scheduling.k8s.io/v1alpha2": {"PodGroup": {"resource": "podgroups", "namespaced": True}}},
    "1.37": {"scheduling.k8s.io/v1beta1": {"PodGroup": {"resource": "podgroups", "namespaced": True}}},
}
SERVED = {
    "apps/v1": {"Deployment": {"resource": "deployments", "namespaced": True}, "DaemonSet": {}},
    "policy/v1": {"PodDisruptionBudget": {"resource": "poddisruptionbudgets", "namespaced": True}},
    "rbac.authorization.k8s.io/v1": {"ClusterRole": {}, "ClusterRoleBinding": {}},
    "v1": {"ConfigMap": {}, "Namespace": {}, "Service": {}, "ServiceAccount": {}},
    "scheduling.k8s.io/v1": {"PriorityClass": {"resource": "priorityclasses", "namespaced": False}},
}
OBJECTS = {
    "$defs": {
        "DeploymentSpec": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "replicas": {"type": "integer"},
                "selector": {"type": "object"},
                "strategy": {"type": "object"},
                "template": {"type": "object"},
            },
        },
    },
    "kinds": {
        "apps/v1/Deployment": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "apiVersion": {"const": "apps/v1"},
                "kind": {"const": "Deployment"},
                "metadata": {"type": "object"},
                "spec": {"$ref": "#/$defs/DeploymentSpec"},
            },
        }
    },
}


def _kind(name: str, version: str, properties: dict[str, Any], **definitions: Any) -> dict[str, Any]:
    head = {"apiVersion": {"const": version}, "kind": {"const": name}}
    definitions = {key: _closed(fields) for key, fields in definitions.items()}
    return {**_closed(head | properties), "$defs": definitions}


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _kubelet(minor: str) -> dict[str, Any]:
    numbers = {"maxPods": 110, "maxParallelImagePulls": None, "podPidsLimit": -1, "nodeLeaseDurationSeconds": 40}
    fields: dict[str, Any] = {
        name: {"type": "integer"} if value is None else {"type": "integer", "default": value}
        for name, value in numbers.items()
    }
    fields |= {
        "allowedUnsafeSysctls": {"type": "array", "items": {"type": "string"}},
        "crashLoopBackOff": {"$ref": "#/$defs/CrashLoopBackOff"},
        "evictionHard": {"type": "object", "additionalProperties": {"type": "string"}},
        "failCgroupV1": {"type": "boolean", "default": True},
        "featureGates": {"type": "object", "additionalProperties": {"type": "boolean"}},
        "memorySwap": {"$ref": "#/$defs/MemorySwap", "default": {"swapBehavior": "NoSwap"}},
        "topologyManagerScope": {"enum": ["container", "pod"], "type": "string"},
    }
    # A default that moved, in a struct whose default stands above it.
    if minor == "1.36":
        fields["memoryThrottlingFactor"] = {"type": "number", "default": 0.9}
        fields["memorySwap"] = {"$ref": "#/$defs/MemorySwap", "default": {"swapBehavior": ""}}
    else:
        fields["memoryThrottlingFactor"] = {"type": "number"}
        fields["defaultPodSysctls"] = {"type": "object", "additionalProperties": {"type": "string"}}
    return _kind(
        "KubeletConfiguration",
        "kubelet.config.k8s.io/v1beta1",
        fields,
        CrashLoopBackOff={"maxContainerRestartPeriod": {"type": "string"}},
        MemorySwap={"swapBehavior": {"type": "string"}},
    )


def _scheduler() -> dict[str, Any]:
    plugins = {"type": "array", "items": {"$ref": "#/$defs/Plugin"}}
    kind = _kind(
        "KubeSchedulerConfiguration",
        "kubescheduler.config.k8s.io/v1",
        {
            "delayCacheUntilActive": {"type": "boolean"},
            "parallelism": {"type": "integer"},
            "profiles": {"type": "array", "items": {"$ref": "#/$defs/Profile"}},
        },
        Plugin={"name": {"type": "string"}, "weight": {"type": "integer"}},
        PluginSet={"enabled": plugins, "disabled": plugins},
        Plugins={"score": {"$ref": "#/$defs/PluginSet"}, "multiPoint": {"$ref": "#/$defs/PluginSet"}},
        PluginConfig={"name": {"type": "string"}, "args": {"type": "object"}},
        Preemption={"minCandidateNodesPercentage": {"type": "integer"}},
        Profile={
            "schedulerName": {"type": "string"},
            "percentageOfNodesToScore": {"type": "integer"},
            "plugins": {"$ref": "#/$defs/Plugins"},
            "pluginConfig": {"type": "array", "items": {"$ref": "#/$defs/PluginConfig"}},
        },
    )
    kind["$defs"]["PluginConfig"]["allOf"] = [
        {
            "if": {"properties": {"name": {"const": "DefaultPreemption"}}},
            "then": {"properties": {"args": {"$ref": "#/$defs/Preemption"}}},
        }
    ]
    return kind


def _arguments(minor: str) -> dict[str, Any]:
    default = 10 if minor == "1.36" else 20
    fields = {"minCandidateNodesPercentage": {"type": "integer", "default": default}}
    return _kind("DefaultPreemptionArgs", "kubescheduler.config.k8s.io/v1", fields)


ADMISSION = _kind(
    "AdmissionConfiguration",
    "apiserver.config.k8s.io/v1",
    {"plugins": {"type": "array", "items": {"$ref": "#/$defs/Plugin"}}},
    Plugin={"name": {"type": "string"}, "configuration": {"type": "object"}},
)
LIMITS = _kind("Configuration", "eventratelimit.admission.k8s.io/v1alpha1", {"limits": {"type": "array"}})
KUBEADM = _kind("ClusterConfiguration", "kubeadm.k8s.io/v1beta4", {"apiServer": {"type": "object"}})
ETCD = {
    "3.6": {"experimental-corrupt-check-time": {"type": "integer"}},
    "3.7": {},
}
ETCD_KEYS = {
    "auto-compaction-retention": {"type": "string"},
    "client-transport-security": _closed({"cert-file": {"type": "string"}}),
    "corrupt-check-time": {"type": "integer"},
    "quota-backend-bytes": {"type": "integer"},
}


def write(root: Path) -> Path:
    """Write the tables of 1.36, 1.37, etcd 3.6 and 3.7 below a folder, which stands for the project's data rooms."""
    for minor in ("1.36", "1.37"):
        folder = root / "schemas" / "kubernetes" / minor
        _write(folder / "flags.json", FLAGS[minor])
        _write(folder / "gates.json", GATES[minor])
        _write(folder / "elsewhere.json", ELSEWHERE[minor])
        _write(folder / "resources.json", SERVED)
        _write(folder / "resources-on-request.json", ON_REQUEST[minor])
        _write(folder / "objects.json", OBJECTS)
        _write(folder / "kinds" / "KubeletConfiguration.json", _kubelet(minor))
        _write(folder / "kinds" / "KubeSchedulerConfiguration.json", _scheduler())
        _write(folder / "kinds" / "DefaultPreemptionArgs.json", _arguments(minor))
        _write(folder / "kinds" / "AdmissionConfiguration.json", ADMISSION)
        _write(folder / "kinds" / "EventRateLimitConfiguration.json", LIMITS)
        _write(folder / "kinds" / "ClusterConfiguration.json", KUBEADM)
    for minor, keys in ETCD.items():
        _write(root / "schemas" / "etcd" / minor / "keys.json", {**ETCD_KEYS, **keys})
    return root


def _write(path: Path, table: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(table))
