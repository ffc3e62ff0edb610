"""The tree's README: what no file of it brings, and what of the spec only a human can supply."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.model.cluster import Cluster
from clusterc.model.promises import Addon


def supply(cluster: Cluster) -> str:
    """Return the section on what no file here can bring."""
    items = [*_machines(cluster), *_network(cluster), *_jobs(cluster), *_operations(cluster)]
    head = "## What a human must supply\n\nBeside what a step below has from you:\n\n"
    return head + "".join(f"- {item}\n" for item in items)


def _machines(cluster: Cluster) -> Iterator[str]:
    yield (
        "Machines with containerd 2, kubelet and kubeadm of this release, runc, and the CNI plugins in `/opt/cni/bin`."
    )
    api = cluster.control_plane.api_server
    balancer = f"DNS records: `{api.endpoint_host}` to the load balancer, and one"
    if not api.endpoint_is_name:
        balancer = f"`{api.endpoint_host}` as the load balancer's address, and a DNS record"
    yield f"{balancer} for every host that the files name."
    directory = cluster.control_plane.etcd.backup_directory
    yield f"A disk of its own at `{directory}` on every etcd machine, its snapshots copied elsewhere."
    if any(pool.gpu for pool in cluster.pools):
        yield "GPU drivers, container toolkit and device plugin: the GPUs' resources appear only with them."
    for pool in cluster.pools:
        if pool.pre_pulled:
            yield f"On every machine of {pool.name}, before jobs start: {', '.join(f'`{i}`' for i in pool.pre_pulled)}."
    if cluster.declared.preflight_pools:
        yield (
            f"Tests of the machines of {_and(cluster.declared.preflight_pools)} before they take jobs: "
            f"pods{_class(cluster, 'preflight')}, and what keeps jobs off untested machines."
        )


def _network(cluster: Cluster) -> Iterator[str]:
    network = cluster.network
    if network.cni in {"azure-vnet", "aws-vpc", "gce-alias"}:
        yield f"Pod addresses from {network.pod_cidr}, assigned and routed by {cluster.provider}; no route tables."
    if network.dual_stack:
        yield (
            "An IPv6 address and default route on every machine beside those of IPv4; where no cloud tells the kubelet "
            "of both, `KUBELET_EXTRA_ARGS=--node-ip=IPv4,IPv6` in `/etc/default/kubelet`."
        )
    if network.hub:
        ranges = {"nodes": network.node_cidr, "pods": network.pod_cidr, "services": network.service_cidr}
        shown = ", ".join(f"{name} {ranges[name]}" for name in network.hub_exposes)
        nat = " Services are reached through NAT." if network.hub_nat_services else ""
        yield f"Routes in hub `{network.hub}` to {shown or 'nothing'}; none to other clusters.{nat}"
    if network.host_ports:
        ports = ", ".join(
            f"{name} {first}-{first + count - 1}" for name, (first, count) in sorted(network.host_ports.items())
        )
        yield f"Ports left free on every machine: {ports}."
    if network.mode == "host" and not cluster.minor.has_mutating_admission_policy:
        yield "`dnsPolicy: ClusterFirstWithHostNet` in every pod with `hostNetwork`: nothing sets it in this minor."
    if cluster.declared.accounting:
        internal = ", ".join(cluster.declared.accounting)
        yield f"Counters of the traffic of each namespace that take {internal} for internal and all else for external."


def _jobs(cluster: Cluster) -> Iterator[str]:
    declared, quota, gangs = cluster.declared, cluster.quota_mechanism, cluster.gang_scheduler
    if quota == "team-taints":
        yield (
            "What gives each team its machines (`quota.mechanism: team-taints`): taints on as many as it is promised, "
            "and tolerations in its pods."
        )
    elif quota == "resource-quota" or declared.limits:
        yield "A ResourceQuota in every namespace of a team, with its guarantees and limits."
    if "kueue" in {quota, gangs}:
        what = [*(["guarantees"] if quota == "kueue" else []), *(["gangs"] if gangs == "kueue" else [])]
        yield f"Kueue, with a ClusterQueue for each team and LocalQueues in its namespaces: it keeps the {_and(what)}."
    if gangs == "native":
        yield "A PodGroup (`scheduling.k8s.io/v1beta1`) for each gang, named in its pods' `schedulingGroup`."
    elif gangs == "coscheduling":
        yield (
            "The kube-scheduler of scheduler-plugins in its static pod, and its PodGroups: Kubernetes' own knows no "
            "plugin `Coscheduling` and would not start with these profiles."
        )
    if declared.balloon_pools:
        yield (
            f"Balloons in {_and(declared.balloon_pools)}: pods{_class(cluster, 'balloon')}, each as large as a job's, "
            "which give way to jobs at once."
        )
    if declared.members:
        yield "RoleBindings for the members of each team in its namespaces."


def _operations(cluster: Cluster) -> Iterator[str]:
    declared = cluster.declared
    addons = [_addon(addon) for addon in cluster.addons if addon.name not in _emitted(cluster)]
    if addons:
        yield f"The add-ons of the spec, which no file here installs: {'; '.join(addons)}."
    if cluster.autoscaler:
        yield f"{cluster.autoscaler.kind}, with at most {cluster.autoscaler.join_batch} machines joining at once."
    if declared.prometheus:
        shards = cluster.prometheus.shards
        store = ", and the store it writes to" if cluster.prometheus.remote_store else ""
        yield f"Prometheus in {shards} shard{'s' * (shards != 1)} with its rules{store}."
    if declared.receivers:
        yield f"Alertmanager with the receivers {_and(declared.receivers, code=True)}."
    if declared.webhooks:
        yield f"The servers and configurations of the webhooks {_and(declared.webhooks)}."
    if declared.roles:
        yield f"The bindings of the roles {_and(declared.roles, code=True)}."
    if declared.gitops:
        yield f"{declared.gitops}, and the applications that the spec describes."


def _class(cluster: Cluster, name: str) -> str:
    return f" of priority class `{name}`" if any(rung.name == name for rung in cluster.priorities) else ""


def _emitted(cluster: Cluster) -> set[str]:
    """Return the components that files of the tree install."""
    network = cluster.network
    return {
        "coredns",
        *(["node-local-dns"] if network.dns.node_local else []),
        *(["flannel", "flannel-cni-plugin"] if network.flannel else []),
        *(["kube-proxy"] if network.kube_proxy else []),
    }


def _addon(addon: Addon) -> str:
    account = f", under the service account {addon.namespace}/{addon.name}" if addon.api_access else ""
    return f"{addon.name} ({addon.kind}{account})"


def _and(names: tuple[str, ...] | list[str], *, code: bool = False) -> str:
    shown = [f"`{name}`" if code else name for name in names]
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]
