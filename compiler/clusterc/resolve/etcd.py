"""etcd: members, machines, the keys of their configuration, and when each is defragmented and saved."""

from __future__ import annotations

from clusterc import quantity
from clusterc.calendar import later
from clusterc.defaults.control_plane import election_ns, heartbeat_ns
from clusterc.kubernetes import images, minor_of
from clusterc.kubernetes.etcd import etcd_minor_of
from clusterc.model.control_plane import Etcd, EtcdMember
from clusterc.model.document import Tree
from clusterc.model.pools import Machine
from clusterc.resolve.etcd_units import backup_calendar, backups, etcd_units
from clusterc.resolve.facts import Facts
from clusterc.resolve.ledger import Ledger
from clusterc.resolve.machines import GIB, sized
from clusterc.resolve.tables import Rung
from clusterc.spec.control_plane import Defragmentation
from clusterc.spec.control_plane import Etcd as EtcdSpec

MS = 1_000_000
EVENTS_ABOVE_NODES = 500


def decide_etcd(facts: Facts, *, api_hosts: tuple[str, ...], stacked: bool) -> Etcd:
    """Return the main etcd, decided."""
    body, rung, ledger = facts.body, facts.rung, facts.ledger
    said = body.control_plane.etcd
    count = len(api_hosts) if stacked else None
    members = ledger.pick(
        "spec.controlPlane.etcd.members",
        said.members,
        count or rung.etcd_members,
        why="stacked: one member beside every API server" if stacked else rung.why,
        source=rung.source,
    )
    hosts = api_hosts if stacked else None
    return _etcd("main", said, facts, members=members, hosts=hosts)


def decide_events_etcd(facts: Facts) -> Etcd | None:
    """Return the etcd that holds only Events, or None where Events stay with the rest."""
    body, ledger, nodes = facts.body, facts.ledger, facts.nodes.max
    said = body.control_plane.events_etcd
    if said is None and nodes <= EVENTS_ABOVE_NODES:
        return None
    members = ledger.pick(
        "spec.controlPlane.eventsEtcd.members",
        said.members if said else None,
        3,
        why=f"{nodes:,} nodes: above {EVENTS_ABOVE_NODES} a storm of Events must not slow the rest",
        source="OpenAI 2018 and 2021; SIG-Scalability's prerequisite for the latency targets",
    )
    return _etcd("events", said or EtcdSpec(), facts, members=members, hosts=None)


def _etcd(name: str, said: EtcdSpec, facts: Facts, *, members: int, hosts: tuple[str, ...] | None) -> Etcd:
    body, rung, ledger = facts.body, facts.rung, facts.ledger
    plane, events = body.control_plane, name == "events"
    path = "spec.controlPlane.eventsEtcd" if events else "spec.controlPlane.etcd"
    prefix = "events" if events else "etcd"
    deployed = images(minor_of(body.kubernetes.version)).etcd
    version = ledger.pick(
        f"{path}.version",
        said.version,
        etcd_minor_of(deployed).release if hosts is None else deployed,
        why=f"kubeadm of this minor deploys {deployed}; this is the release of that minor that runs in the tests"
        if hosts is None
        else "the release that kubeadm of this minor deploys",
        source="kubeadm config images list",
    )
    quota = ledger.pick(
        f"{path}.quota",
        said.quota,
        (4 if events else rung.quota_gib) * GIB,
        why="Events are few after an hour" if events else rung.why,
        source="etcd suggests 8 GiB at the most and takes 2 GiB when nothing is said",
        show=quantity.format_bytes,
    )
    named = tuple(hosts or said.hosts or default_hosts(prefix, members, plane.endpoint))
    names = member_names(named)
    for number, host in enumerate(named):
        if not said.hosts:
            ledger.fixed(f"{path}.hosts[{number}]", host, why="numbered below the endpoint's domain")
    interval, keep, directory = backups(plane.backups, ledger)
    calendar, tick = backup_calendar(interval, ledger)
    return Etcd(
        name=name,
        version=version,
        disk_iops=_iops(path, said, ledger),
        image_tag=ledger.fixed(
            f"{path}.imageTag",
            f"{version}-0",
            why="kubeadm deploys a release of its own unless told another; a release's first image ends in -0",
            source="kubeadm config images list",
        )
        if hosts is not None and said.version
        else None,
        stacked=hosts is not None,
        members=tuple(map(EtcdMember, names, named)),
        machine=_machine(path, said, rung, ledger),
        disk_class=ledger.pick(
            f"{path}.disk.class",
            said.disk.class_ if said.disk else None,
            rung.disk,
            why="every write waits for the disk; a network disk took 2 ms where a local one took 0.2",
            source="OpenAI 2018",
        ),
        write_latency_ns=_write_latency(path, said, ledger),
        quota_bytes=quota,
        settings=_settings(path, said, quota, version, ledger),
        defragment_calendars=_calendars(path, said, names, ledger),
        backup_interval_ns=interval,
        backup_calendar=calendar,
        backup_tick_seconds=tick,
        backup_keep=keep,
        backup_directory=directory,
        units=etcd_units(ledger),
        sysctls=_sysctls(path, ledger),
    )


def _iops(path: str, said: EtcdSpec, ledger: Ledger) -> int | None:
    iops = said.disk.iops if said.disk else None
    if iops is not None:
        ledger.given(f"{path}.disk.iops", iops)
    return iops


def _write_latency(path: str, said: EtcdSpec, ledger: Ledger) -> int | None:
    latency = said.disk.write_latency if said.disk else None
    if latency is not None:
        ledger.given(f"{path}.disk.writeLatency", quantity.format_duration(latency))
    return latency


def _machine(path: str, said: EtcdSpec, rung: Rung, ledger: Ledger) -> Machine:
    return sized(f"{path}.machine", said.machine, rung.etcd_cpu, rung.etcd_memory_gib, rung.why, rung.source, ledger)


def default_hosts(name: str, count: int, endpoint: str) -> tuple[str, ...]:
    """Return host names below the domain of the API endpoint: etcd-0.cluster.internal, etcd-1 ...

    An endpoint that is an address has no domain.
    """
    host = endpoint.rpartition(":")[0] or endpoint
    is_name = not host.startswith("[") and not host.replace(".", "").isdigit()
    domain = host.partition(".")[2] if is_name else ""
    return tuple(f"{name}-{number}.{domain}" if domain else f"{name}-{number}" for number in range(count))


def _settings(path: str, said: EtcdSpec, quota: int, version: str, ledger: Ledger) -> Tree:
    fields = ledger.settings(f"{path}.extra", said.extra)
    timers = said.timers
    heartbeat = ledger.pick(
        f"{path}.timers.heartbeat",
        timers.heartbeat,
        heartbeat_ns(said),
        why="100 ms, or the largest round trip between members where that is longer",
        source="etcd's tuning page",
        show=quantity.format_duration,
    )
    election = ledger.pick(
        f"{path}.timers.election",
        timers.election,
        election_ns(said),
        why="ten heartbeats, one second at least",
        source="etcd's tuning page",
        show=quantity.format_duration,
    )
    fields.take("quota-backend-bytes", quota, of=f"{path}.quota")
    fields.take("heartbeat-interval", heartbeat // MS, of=f"{path}.timers.heartbeat")
    fields.take("election-timeout", election // MS, of=f"{path}.timers.election")
    minor = etcd_minor_of(version)
    fields.put(
        "snapshot-count",
        minor.snapshot_count,
        why=f"the default of etcd {minor}, said so that a later release does not change it",
        source=f"etcd {minor} configuration",
    )
    fields.put("logger", "zap", why="structured lines, the only kind that etcd still writes")
    fields.put("log-level", "info", why="slow requests and lost leaders are warnings; debug would slow it down")
    fields.put("auto-compaction-mode", "periodic", why="the form of auto-compaction-retention")
    fields.put("auto-compaction-retention", "0", why="kube-apiserver compacts; two compactors would race")
    gates = "CompactHashCheck=true,InitialCorruptCheck=true"
    fields.put(
        "feature-gates",
        gates,
        why="members compare their data at start and after compactions",
        source="etcd 3.6 and 3.7",
    )
    return fields.tree()


def member_names(hosts: tuple[str, ...]) -> tuple[str, ...]:
    """Return names of members that stay with their machines: the first label of each host, or all of it."""
    labels = [host if _is_address(host) else host.partition(".")[0] for host in hosts]
    names = labels if len(set(labels)) == len(hosts) else list(hosts)
    return tuple(name.strip("[]").replace(".", "-").replace(":", "-") for name in names)


def _is_address(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


def _calendars(path: str, said: EtcdSpec, names: tuple[str, ...], ledger: Ledger) -> dict[str, str]:
    """Return when each member is defragmented: one after another, since a member answers nobody meanwhile."""
    start = ledger.pick(
        f"{path}.defragmentation.schedule",
        said.defragmentation.schedule if said.defragmentation else None,
        f"Sun *-*-* {'01' if path.endswith('eventsEtcd') else '02'}:00:00 UTC",
        why="once a week at night; a member blocks reads and writes while it runs",
        source="etcd's maintenance page",
    )
    spacing = (said.defragmentation or Defragmentation(schedule=start)).spacing // 10**9
    return {
        name: ledger.fixed(
            f"{path}.defragmentation.calendars[{name}]",
            # A check refuses a schedule that cannot be moved.
            later(start, number * spacing) or start,
            why=f"{number} x {quantity.format_duration(spacing * 10**9)} after the first member",
        )
        for number, name in enumerate(names)
    }


def _sysctls(path: str, ledger: Ledger) -> dict[str, str]:
    fields = ledger.settings(f"{path}.sysctls", {})
    fields.put("vm.swappiness", 0, why="a swapped member misses heartbeats")
    fields.put("vm.dirty_background_ratio", 5, why="writes reach the disk early, so no fsync waits for a large batch")
    fields.put("vm.dirty_ratio", 10, why="writes reach the disk early, so no fsync waits for a large batch")
    fields.put("net.core.somaxconn", 4096, why="every API server reconnects at once after a restart")
    return fields.flags()
