"""What a spec passes on to a component as it is: fields, flags and keys that the component has in every minor.

Fields that only make sense together are drawn together.
"""

from __future__ import annotations

from hypothesis import strategies as st

from specs.basic import FLAG, Plain, some

KUBELET: tuple[Plain, ...] = (
    {"podPidsLimit": 8192},
    {"containerLogMaxSize": "100Mi", "containerLogMaxFiles": 3},
    {"imageGCHighThresholdPercent": 90, "imageGCLowThresholdPercent": 60},
    {"imageMaximumGCAge": "168h"},
    {"evictionSoft": {"memory.available": "5%"}, "evictionSoftGracePeriod": {"memory.available": "1m30s"}},
    {"evictionHard": {"memory.available": "2Gi"}},
    {"kubeReserved": {"cpu": "1", "memory": "4Gi", "ephemeral-storage": "20Gi"}},
    {"systemReserved": {"cpu": "1500m", "memory": "3Gi"}},
    {"allowedUnsafeSysctls": ["net.core.somaxconn", "kernel.shm*"]},
    {"kubeAPIQPS": 20, "kubeAPIBurst": 40},
    {"eventRecordQPS": 2},
    {"nodeStatusMaxImages": -1},
    {"shutdownGracePeriod": "5m", "shutdownGracePeriodCriticalPods": "1m"},
    {"topologyManagerPolicyOptions": {"prefer-closest-numa-nodes": "true"}},
    {"failSwapOn": False, "memorySwap": {"swapBehavior": "NoSwap"}},
    {"singleProcessOOMKill": True},
    {"streamingConnectionIdleTimeout": "1h"},
    {"cpuCFSQuota": False},
    {"serverTLSBootstrap": True},
    {"reservedSystemCPUs": "0-3"},
)
KUBELET_SINCE_35 = (*KUBELET, {"crashLoopBackOff": {"maxContainerRestartPeriod": "1m"}})
SYSCTLS: tuple[Plain, ...] = (
    {"net.core.rmem_max": 268_435_456},
    {"net.ipv4.tcp_rmem": "4096 87380 268435456"},
    {"vm.swappiness": 0},
    {"vm.max_map_count": 2_097_152},
)
API_SERVER: tuple[Plain, ...] = (
    {"request-timeout": "2m"},
    {"min-request-timeout": 3600},
    {"profiling": False},
    {"tls-min-version": "VersionTLS12"},
    {"audit-log-compress": True},
    {"audit-log-path": "-"},
    {"goaway-chance": 0.01},
    {"delete-collection-workers": 4},
    {"oidc-issuer-url": "https://idp.internal", "oidc-client-id": "kubernetes"},
)
CONTROLLER_MANAGER: tuple[Plain, ...] = (
    {"node-monitor-period": "5s"},
    {"large-cluster-size-threshold": 100},
    {"concurrent-gc-syncs": 50},
    {"terminated-pod-gc-threshold": 5000},
    {"node-eviction-rate": 0.5},
    {"profiling": False},
)
SCHEDULER_FLAGS: tuple[Plain, ...] = ({"profiling": False}, {"v": 2}, {"pod-max-in-unschedulable-pods-duration": "5m"})
SCHEDULER_FIELDS: tuple[Plain, ...] = (
    {"podInitialBackoffSeconds": 2, "podMaxBackoffSeconds": 60},
    {"delayCacheUntilActive": True},
    {"enableProfiling": False, "enableContentionProfiling": False},
    {"leaderElection": {"leaderElect": True, "leaseDuration": "30s", "renewDeadline": "20s", "retryPeriod": "4s"}},
)
ETCD: tuple[Plain, ...] = (
    {"max-request-bytes": 3_145_728},
    {"snapshot-count": 50_000},
    {"max-txn-ops": 256},
    {"log-level": "warn"},
    {"listen-client-http-urls": "https://0.0.0.0:2382"},
    {"pre-vote": True},
)
# Known to every component of every minor, and off unless said; a gate of one component is known to all of them.
GATES = ("SchedulerAsyncAPICalls", "EventedPLEG", "CPUManagerPolicyAlphaOptions")
CNI_SETTINGS: dict[str, tuple[Plain, ...]] = {
    "cilium": ({"rollOutCiliumPods": True}, {"enableIPv4Masquerade": False}, {"autoDirectNodeRoutes": True}),
    "aws-vpc": (
        {"AWS_VPC_K8S_CNI_EXTERNALSNAT": True},
        {"WARM_PREFIX_TARGET": 2},
        {"AWS_VPC_K8S_CNI_LOGLEVEL": "WARN"},
    ),
}


def any_of(draw: st.DrawFn, settings: tuple[Plain, ...]) -> Plain:
    """Return up to three of the settings, together."""
    return {name: value for each in some(draw, settings, most=3) for name, value in each.items()}


def kubelet_fields(draw: st.DrawFn, minor: int) -> Plain:
    """Return fields of KubeletConfiguration."""
    return any_of(draw, KUBELET_SINCE_35 if minor >= 35 else KUBELET)


def feature_gates(draw: st.DrawFn) -> Plain:
    """Return gates that can be switched either way."""
    return {gate: draw(FLAG) for gate in some(draw, GATES)}
