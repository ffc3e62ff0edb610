"""`controlPlane` and `scheduler`: counts that agree with each other and with the lists of hosts."""

from __future__ import annotations

from hypothesis import strategies as st

from specs.basic import BANDWIDTH, DURATION, Plain, Strategy, names, one_of, optional
from specs.passed_on import API_SERVER, CONTROLLER_MANAGER, ETCD, SCHEDULER_FIELDS, SCHEDULER_FLAGS, any_of
from specs.place import Place
from specs.pools import DISKS

PLUGINS: Plain = {"score": {"disabled": [{"name": "ImageLocality"}]}}
PLUGIN_CONFIG: list[Plain] = [{"name": "InterPodAffinity", "args": {"hardPodAffinityWeight": 5}}]


def control_plane(draw: st.DrawFn, name: str, place: Place) -> Plain:
    """Return the control plane of a cluster of this name."""
    placement = draw(_PLACEMENT)
    stacked = placement == "stacked" or (placement is None and place.preset == "lab")
    spec: Plain = {"endpoint": draw(_ENDPOINT).format(name=name)} | ({"placement": placement} if placement else {})
    spec |= optional(draw, etcd=lambda: etcd(draw, _COMPACTION, stacked=stacked))
    # kube-apiserver compacts every etcd at one interval.
    interval = spec.get("etcd", {}).get("compaction", {}).get("interval", "5m")
    return spec | optional(
        draw,
        loadBalancer=lambda: optional(draw, kind=_BALANCER),
        apiServers=lambda: api_servers(draw, stacked=stacked),
        eventsEtcd=lambda: etcd(draw, one_of(interval), stacked=False, first=41),
        certificates=lambda: optional(draw, validity=_VALIDITY, caValidity="3650d"),
        controllerManager=lambda: optional(
            draw, qps=_RATE, burst=_RATE, flags=lambda: any_of(draw, CONTROLLER_MANAGER)
        ),
        backups=lambda: optional(draw, interval=DURATION, keep=_KEPT, directory=_DIRECTORY),
    )


def machine(draw: st.DrawFn) -> Plain:
    """Return a machine of the control plane, or of Prometheus."""
    return {"cpu": draw(_CPU), "memory": draw(_MEMORY)} | optional(draw, network=BANDWIDTH)


def counted(draw: st.DrawFn, count: Strategy, field: str, *, first: int = 1) -> Plain:
    """Return a number of machines, or as many hosts, or both, or neither; hosts are numbered from `first` on."""
    how_many = draw(count)
    hosts = [draw(_HOST).format(number) for number in range(first, first + how_many)]
    return optional(draw, **{field: how_many, "hosts": hosts})


def api_servers(draw: st.DrawFn, *, stacked: bool) -> Plain:
    """Return API servers; stacked, each has a member of etcd, so that their number is odd."""
    return counted(draw, _ODD if stacked else _SERVERS, "count") | optional(
        draw,
        machine=lambda: machine(draw),
        inflight=lambda: {"read": draw(_RATE), "mutating": draw(_RATE)},
        audit=lambda: optional(draw, level=_LEVEL, maxAge=_AGE, maxBackups=_KEPT, maxSize=_LOG_SIZE),
        encryption=lambda: {"configFile": draw(_ENCRYPTION)},
        eventTTL=_TTL,
        flags=lambda: any_of(draw, API_SERVER),
    )


def etcd(draw: st.DrawFn, compaction: Strategy, *, stacked: bool, first: int = 21) -> Plain:
    """Return one etcd compacted at this interval, if it says so; stacked, it has the API servers' machines."""
    return ({} if stacked else counted(draw, _ODD, "members", first=first)) | optional(
        draw,
        machine=lambda: machine(draw),
        disk=lambda: {"class": draw(DISKS)} | optional(draw, writeLatency=_LATENCY, iops=_IOPS),
        version=_ETCD,
        quota=_QUOTA,
        compaction=lambda: {"interval": draw(compaction)},
        defragmentation=lambda: {"schedule": draw(_CALENDAR)} | optional(draw, spacing=_SPACING),
        timers=_TIMERS,
        extra=lambda: any_of(draw, ETCD),
    )


def scheduler(draw: st.DrawFn) -> Plain:
    """Return the scheduler's settings, and profiles beside those that clusterc makes itself."""
    return optional(
        draw,
        packing=_PACKING,
        percentageOfNodesToScore=_PERCENT,
        parallelism=_PARALLEL,
        qps=_SCHEDULER_RATE,
        burst=_RATE,
        plugins=PLUGINS,
        pluginConfig=PLUGIN_CONFIG,
        profiles=lambda: [{"name": name} | profile(draw) for name in names(draw, 2, prefix="own-")],
        flags=lambda: any_of(draw, SCHEDULER_FLAGS),
        extra=lambda: any_of(draw, SCHEDULER_FIELDS),
    )


def profile(draw: st.DrawFn) -> Plain:
    """Return what a profile says beside its name."""
    return optional(
        draw,
        packing=_PACKING,
        percentageOfNodesToScore=_PERCENT,
        plugins=PLUGINS,
        pluginConfig=PLUGIN_CONFIG,
    )


_PLACEMENT = one_of(None, "dedicated", "stacked")
_ENDPOINT = one_of("api.{name}.internal:6443", "k8s:443", "10.250.0.10:6443", "[fd00:10:96::1]:6443")
_HOST = one_of("cp-{}.example.internal", "cp{}", "10.250.1.{}", "fd00:10:96::1:{}")
_BALANCER = one_of("haproxy", "external")
_VALIDITY = one_of("90d", "8760h")
_ODD = one_of(1, 3, 5, 7)
_SERVERS = one_of(1, 2, 3, 7, 12)
_CPU, _MEMORY = one_of(2, 64), one_of("16Gi", "256Gi")
_RATE = one_of(1, 20, 100, 1000)
_SCHEDULER_RATE = one_of(0.5, 50, 1000)
_KEPT = one_of(1, 48)
_DIRECTORY = one_of("/backup", "/srv/etcd/a-b")
_AGE = one_of("1d", "48h", "30d")
_LEVEL = one_of("None", "Metadata", "Request", "RequestResponse")
_LOG_SIZE = one_of("1Mi", "500M", "2Gi")
_ENCRYPTION = one_of("/etc/kubernetes/encryption/a.yaml", "/etc/kubernetes/apiserver/a.yaml", "/etc/kubernetes/pki/a")
_TTL = one_of("1s", "30m", "1h30m")
_LATENCY, _IOPS = one_of("200us", "2ms"), one_of(3000, 16_000)
_ETCD = one_of("3.6.5", "3.6.16", "3.7.0", "3.7.3")
_QUOTA = one_of("512Mi", "2Gi", "8Gi", "16Gi")
_COMPACTION = one_of("150s", "5m")
_CALENDAR = one_of("Sun *-*-* 02:00:00 UTC", "Mon..Fri 03:30", "*-*-* 13:45:00 UTC", "Sat *-*-1..7 04:00")
_SPACING = one_of("5m", "2h")
_PACKING = one_of("most-allocated", "least-allocated")
_PERCENT = one_of(0, 5, 100)
_PARALLEL = one_of(1, 16, 64)
# A heartbeat is half the way between two members or more, an election ten ways and five heartbeats or more.
_TIMERS = one_of(
    {"roundTrip": "5ms"},
    {"roundTrip": "150ms"},
    {"roundTrip": "10ms", "heartbeat": "100ms"},
    {"heartbeat": "250ms", "election": "2500ms"},
    {"election": "50s"},
)
