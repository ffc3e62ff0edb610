"""A cluster decided by hand: sane values for every field, and the few that a test cares about by name."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from clusterc import catalog
from clusterc.kubernetes import Minor
from clusterc.model.cluster import Ceiling, Cluster
from clusterc.model.control_plane import ApiServer, ControlPlane, Etcd, EtcdMember, PriorityLevel
from clusterc.model.network import Dns, Network
from clusterc.model.pools import Host, Machine, Pool, Sizes
from clusterc.model.promises import Addon, ApiAccess, Autoscaler, Prometheus, Scale, Workload, Write

if TYPE_CHECKING:
    from clusterc.model.document import Tree
    from clusterc.model.network import Flannel

SECOND = 10**9
GIB = 1024**3
GBPS = 10**9
NODE = Machine(cpu_millicores=96_000, memory_bytes=900 * GIB, network_bps=100 * GBPS)


def cluster(  # noqa: PLR0913 - every field a test may care about, by name
    *pools: Pool,
    nodes: int = 7_500,
    pods_per_node: int = 11,
    provider: str = "metal",
    ceilings: dict[str, Ceiling] | None = None,
    network: Network | None = None,
    control_plane: ControlPlane | None = None,
    scale: Scale | None = None,
    workloads: tuple[Workload, ...] = (),
    addons: tuple[Addon, ...] = (),
    prometheus: Prometheus | None = None,
    autoscaler: Autoscaler | None = None,
    kubelet: Tree | None = None,
) -> Cluster:
    """Return a cluster of these pools; of one pool of `nodes` machines where there are none."""
    pools = pools or (pool("gpu", Sizes(nodes, nodes, nodes), pods_per_node=pods_per_node),)
    return Cluster(
        name="sample",
        labels={},
        preset="training",
        provider=provider,
        ceilings={
            name: Ceiling(row["value"], row["note"], row["source"]) for name, row in catalog.ceilings(provider).items()
        }
        | (ceilings or {}),
        version="1.37.2",
        minor=Minor(37),
        feature_gates={},
        nodes=Sizes(
            sum(p.nodes.min for p in pools), sum(p.nodes.desired for p in pools), sum(p.nodes.max for p in pools)
        ),
        pools=pools,
        network=network or make_network(),
        control_plane=control_plane or make_control_plane(),
        kubelet=kubelet or {},
        scale=scale or make_scale(),
        priorities=(),
        namespaces=(),
        teams={},
        quota_mechanism=None,
        gang_scheduler=None,
        workloads=workloads,
        addons=addons,
        prometheus=prometheus or make_prometheus(),
        autoscaler=autoscaler,
    )


def pool(  # noqa: PLR0913 - every field a test may care about, by name
    name: str = "gpu",
    nodes: Sizes = Sizes(7_500, 7_500, 7_500),  # noqa: B008 - frozen
    *,
    machine: Machine = NODE,
    max_pods: int = 32,
    pods_per_node: int = 11,
    kubelet: Tree | None = None,
    sysctls: dict[str, str] | None = None,
    largest_image_bytes: int | None = None,
    pre_pulled: tuple[str, ...] = (),
    registry_bps: int | None = None,
    disk_bps: int | None = None,
    group_size: int | None = None,
) -> Pool:
    """Return a pool of whole-node machines."""
    return Pool(
        name=name,
        role="training",
        nodes=nodes,
        machine=machine,
        gpu=None,
        style="whole-node",
        max_pods=max_pods,
        pods_per_node=pods_per_node,
        labels={},
        taints=(),
        kubelet=kubelet or {},
        host=host(sysctls),
        largest_image_bytes=largest_image_bytes,
        pre_pulled=pre_pulled,
        registry_bps=registry_bps,
        disk_bps=disk_bps,
        group_size=group_size,
        block_size=None,
        full_bisection=True,
        autoscaled=False,
        spot=False,
        preflight=False,
    )


def host(sysctls: dict[str, str] | None = None) -> Host:
    """Return what a machine is told: nothing but its kernel settings."""
    return Host(sysctls=sysctls or {}, kernel_modules=(), containerd={}, mirrors={}, units={})


def make_network(  # noqa: PLR0913 - every field a test may care about, by name
    *,
    mode: str = "native",
    cni: str = "azure-vnet",
    pod_cidr: str = "10.64.0.0/12",
    pod_block_mask: int | None = None,
    flannel: Flannel | None = None,
    kube_proxy: Tree | None = None,
    settings: dict[str, bool | int | float | str] | None = None,
    dns_replicas: int = 15,
) -> Network:
    """Return a network of 8,190 nodes and 4,094 Services; `kube_proxy` defaults to one that runs."""
    return Network(
        mode=mode,
        cni=cni,
        node_cidr=IPv4Network("10.0.0.0/19"),
        pod_cidr=IPv4Network(pod_cidr),
        service_cidr=IPv4Network("10.32.0.0/20"),
        dual_stack=None,
        pod_block_mask=pod_block_mask,
        mtu=1500,
        device_mtu=1500,
        kube_proxy={"mode": "nftables"} if kube_proxy is None else kube_proxy,
        proxy_mode="nftables",
        dns=Dns(
            domain="cluster.local",
            service_address="10.32.0.10",
            address="169.254.20.10",
            node_local=True,
            queries_per_node=40,
            memory_bytes=256 * 1024**2,
            replicas=dns_replicas,
            coredns_image="",
            node_local_image="",
            upstreams=(),
            coredns={},
            node_cache={},
        ),
        flannel=flannel,
        settings=settings or {},
        plugin={},
        hub=None,
        hub_exposes=(),
        hub_nat_services=False,
        peers={},
        rdma=False,
        host_ports={},
    )


def make_etcd(
    name: str = "etcd",
    *,
    quota_bytes: int = 8 * GIB,
    disk_class: str = "local-nvme",
    write_latency_ns: int | None = 200_000,
    stacked: bool = False,
) -> Etcd:
    """Return an etcd of three members."""
    return Etcd(
        name=name,
        version="3.6.8",
        stacked=stacked,
        members=tuple(EtcdMember(f"{name}-{number}", f"10.0.0.{number}") for number in range(3)),
        machine=Machine(cpu_millicores=16_000, memory_bytes=64 * GIB),
        disk_class=disk_class,
        write_latency_ns=write_latency_ns,
        quota_bytes=quota_bytes,
        settings={},
        defragment_calendars={},
        backup_interval_ns=3600 * SECOND,
        backup_calendar="*-*-* *:00:00 UTC",
        backup_tick_seconds=3600,
        backup_keep=48,
        backup_directory="/var/backups/etcd",
        units={},
        sysctls={},
    )


def make_control_plane(  # noqa: PLR0913 - every field a test may care about, by name
    *,
    api_servers: int = 5,
    api_machine: Machine | None = None,
    inflight: tuple[int, int] = (400, 200),
    audit_level: str = "Metadata",
    flags: dict[str, str] | None = None,
    etcd: Etcd | None = None,
    events_etcd: Etcd | None = None,
    levels: tuple[PriorityLevel, ...] = (),
    controller_manager_qps: int = 20,
    scheduler_qps: float = 50,
    nodes_to_score_percent: int = 0,
) -> ControlPlane:
    """Return a control plane with the components' own default rates, whose Events share the main etcd."""
    return ControlPlane(
        placement="dedicated",
        host=host(),
        api_server=ApiServer(
            hosts=tuple(f"api-{number}" for number in range(api_servers)),
            machine=api_machine or Machine(cpu_millicores=48_000, memory_bytes=128 * GIB, network_bps=32 * GBPS),
            endpoint="api.sample:6443",
            load_balancer="haproxy",
            balancer={},
            flags=flags or {},
            inflight_read=inflight[0],
            inflight_mutating=inflight[1],
            audit_level=audit_level,
            audit_policy={},
            event_ttl_seconds=3600,
            encryption_file=None,
        ),
        etcd=etcd or make_etcd(),
        events_etcd=events_etcd,
        controller_manager_flags={},
        controller_manager_qps=controller_manager_qps,
        controller_manager_burst=30,
        node_eviction_rate=0.1,
        scheduler={},
        scheduler_flags={},
        scheduler_qps=scheduler_qps,
        nodes_to_score_percent=nodes_to_score_percent,
        priority_levels=levels,
        event_limits=(),
        certificate_validity="8760h",
        ca_validity="87600h",
    )


def make_scale(*, churn_per_second: int = 20, services: int = 500, node_changes_per_minute: int = 15) -> Scale:
    """Return promises beyond the pools."""
    return Scale(
        services=services,
        endpoints_per_service=250,
        config_maps=0,
        secrets=0,
        custom_objects=0,
        custom_object_bytes=5_000,
        namespaces=10,
        containers_per_pod=2,
        churn_per_second=churn_per_second,
        node_changes_per_minute=node_changes_per_minute,
    )


def make_prometheus(*, shards: int = 4, memory_bytes: int | None = 64 * GIB) -> Prometheus:
    """Return a Prometheus that scrapes every 30 seconds."""
    return Prometheus(
        machine=Machine(cpu_millicores=64_000, memory_bytes=memory_bytes) if memory_bytes else None,
        shards=shards,
        scrape_interval_ns=30 * SECOND,
        retention_ns=15 * 86_400 * SECOND,
        remote_store=False,
        series_per_node=3_000,
        series_per_pod=100,
    )


def gang(name: str, pods: int, *, pool: str | None = None, start_target_ns: int | None = None) -> Workload:
    """Return a job whose pods start together."""
    return Workload(
        name=name,
        team=None,
        pool=pool,
        pods=pods,
        instances=1,
        gang=True,
        start_target_ns=start_target_ns,
        image_bytes=None,
        gpus_per_pod=None,
    )


def daemon(name: str, *accesses: ApiAccess, pools: tuple[str, ...] = (), writes: tuple[Write, ...] = ()) -> Addon:
    """Return an add-on that runs on every machine of its pools."""
    return Addon(name, "DaemonSet", "kube-system", pools, 1, accesses, writes)


def without_proxy(network: Network) -> Network:
    """Return a network whose plugin replaces kube-proxy."""
    return replace(network, kube_proxy=None, proxy_mode="none")


def rich() -> Cluster:
    """Return a cluster with something in every area: pools, jobs, add-ons, Calico, its own level, an events etcd."""
    listing = ApiAccess("list", "pods", "cluster", 60 * SECOND, from_cache=True)
    watching = ApiAccess("watch", "endpoints", "cluster", None, from_cache=False)
    return cluster(
        pool("gpu", Sizes(0, 900, 1_000), pods_per_node=11, largest_image_bytes=17 * 10**9, registry_bps=800 * GBPS),
        pool("cpu", Sizes(3, 300, 617), pods_per_node=97, max_pods=110, disk_bps=16 * GBPS),
        provider="azure",
        network=make_network(cni="calico", pod_cidr="10.64.0.0/10", kube_proxy={"conntrack": {"min": 500_000}}),
        control_plane=make_control_plane(events_etcd=make_etcd("events"), levels=(level(5),)),
        workloads=(gang("gpt", 800, pool="gpu", start_target_ns=60 * SECOND), gang("anywhere", 500)),
        addons=(
            daemon("agent", listing, watching, writes=(Write("NodeReport", "node", 2_000, 60 * SECOND, None),)),
            daemon("scanner", pools=("cpu",), writes=(Write("PodReport", "pod", 9_000, None, 600 * SECOND),)),
            daemon("recorder", writes=(Write("Event", "cluster", 1_000, SECOND, None),)),
        ),
        autoscaler=Autoscaler("cluster-autoscaler", 100, 120 * SECOND, 0.5),
    )


def level(shares: int, *, precedence: int = 8_000, subjects: tuple[Tree, ...] = ()) -> PriorityLevel:
    """Return a priority level of one's own."""
    settings: Tree = {"nominalConcurrencyShares": shares, "matchingPrecedence": precedence}
    return PriorityLevel("agents", settings, subjects, "spec.addons")
