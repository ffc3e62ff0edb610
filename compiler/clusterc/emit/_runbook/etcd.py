"""The steps that start etcd on machines of its own, and the one that keeps kubeadm's small and saved."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.emit._etcd_client import PKI, client_files, client_flags
from clusterc.emit._runbook.step import Choice, Need, Step, place
from clusterc.model.cluster import Cluster
from clusterc.model.control_plane import Etcd

UNITS = "/etc/systemd/system"


def etcd_steps(cluster: Cluster) -> Iterator[Step]:
    """Yield a step for each etcd that is not kubeadm's own."""
    plane = cluster.control_plane
    for etcd in (plane.etcd, plane.events_etcd):
        if etcd is not None and not etcd.stacked:
            yield _start(etcd)


def timer_steps(cluster: Cluster) -> Iterator[Step]:
    """Yield the step that puts the timers of a stacked etcd beside it."""
    etcd = cluster.control_plane.etcd
    if not etcd.stacked:
        return
    made_by = "others" if len(cluster.control_plane.api_server.hosts) > 1 else "first"
    files = ", ".join(f"`{path}`" for path in client_files(etcd))
    yield Step(
        key="etcd-timers",
        title="etcd's timers",
        where="On each API server, beside whose pods kubeadm runs a member.",
        needs=(
            _programs(etcd, "etcdctl", "etcdutl"),
            Need(files, "kubeadm's own certificate for looking at etcd", made_by),
        ),
        choice=_choice(etcd),
        script=(*_place_timers(etcd), "systemctl daemon-reload", f"systemctl enable --now {_timers(etcd)}"),
        check=_health(etcd),
        expected=_healthy(etcd),
    )


def _start(etcd: Etcd) -> Step:
    folder = f"etcd/{etcd.name}"
    events = etcd.name == "events"
    return Step(
        key=f"etcd-{etcd.name}",
        title="etcd for Events" if events else "etcd",
        where=(
            "On each of these machines. Go through all of them before you look: a member answers only once most of "
            "the members run."
        ),
        needs=(_programs(etcd, "etcd", "etcdctl", "etcdutl"), *_certificates()),
        choice=_choice(etcd),
        script=(
            "id etcd || useradd --system --home-dir /var/lib/etcd --no-create-home --shell /usr/sbin/nologin etcd",
            place("/etc/sysctl.d", f"{folder}/90-clusterc.conf"),
            place("/etc/etcd", f"{folder}/$member/etcd.yaml"),
            place(UNITS, f"{folder}/etcd.service"),
            *_place_timers(etcd),
            f"chown -R etcd:etcd {PKI}",
            "sysctl --system",
            "systemctl daemon-reload",
            f"systemctl enable etcd.service {_timers(etcd)}",
            "systemctl start --no-block etcd.service",
            f"systemctl start {_timers(etcd)}",
        ),
        check=_health(etcd),
        expected=_healthy(etcd),
    )


def _choice(etcd: Etcd) -> Choice:
    return Choice("member", tuple((member.name, f"`{member.host}`") for member in etcd.members))


def _programs(etcd: Etcd, *names: str) -> Need:
    files = ", ".join(f"`/usr/local/bin/{name}`" for name in names)
    return Need(files, f"etcd {etcd.version}")


def _certificates() -> Iterator[Need]:
    authority = "the authority of all of etcd's certificates: one for every etcd here and for the API servers"
    both = "server and client authentication"
    yield Need(f"`{PKI}/ca.crt`", authority)
    yield Need(_pair("server"), f"for the machine's name in this table, `localhost` and `127.0.0.1`; {both}")
    yield Need(_pair("peer"), f"for the machine's name in this table; {both}")
    yield Need(_pair("client"), "for `etcdctl` on this machine; client authentication")


def _pair(name: str) -> str:
    return f"`{PKI}/{name}.crt`, `{PKI}/{name}.key`"


def _place_timers(etcd: Etcd) -> Iterator[str]:
    folder = f"etcd/{etcd.name}"
    yield place(UNITS, f"{folder}/etcd-defragment.service", f"{folder}/$member/etcd-defragment.timer")
    scripts = [f"{folder}/etcd-defragment.sh"]
    if _is_saved(etcd):
        yield place(UNITS, f"{folder}/etcd-backup.service", f"{folder}/etcd-backup.timer")
        scripts.append(f"{folder}/etcd-backup.sh")
    yield place("/etc/etcd", *scripts)


def _timers(etcd: Etcd) -> str:
    return "etcd-defragment.timer" + (" etcd-backup.timer" if _is_saved(etcd) else "")


def _is_saved(etcd: Etcd) -> bool:
    # Lost Events are not worth restoring.
    return etcd.name == "main"


def _health(etcd: Etcd) -> tuple[str, ...]:
    return (f"etcdctl {client_flags(etcd)} endpoint health --cluster", "systemctl list-timers 'etcd-*'")


def _healthy(etcd: Etcd) -> str:
    count = len(etcd.members)
    return f"`is healthy` {count} times, and when each timer runs next" if count > 1 else "`is healthy`, and the timers"
