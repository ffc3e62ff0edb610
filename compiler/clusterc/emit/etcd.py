"""etcd on machines of its own: a configuration file for each member, its unit, and the timers that look after it."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.emit._etcd_client import PKI, client_flags
from clusterc.emit._host import sysctl_file, unit
from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.control_plane import Etcd, EtcdMember
from clusterc.model.document import Document, Form, Impact, Tree

CONFIG = "/etc/etcd/etcd.yaml"
SECONDS = 10**9


def documents(cluster: Cluster, _capacity: Capacity) -> Iterator[Document]:
    """Yield the files of the main etcd and of the Events' etcd; kubeadm runs stacked members by itself."""
    for etcd in (cluster.control_plane.etcd, cluster.control_plane.events_etcd):
        if etcd is not None:
            yield from _etcd(etcd, cluster)


def _etcd(etcd: Etcd, cluster: Cluster) -> Iterator[Document]:
    block = "eventsEtcd" if etcd.name == "events" else "etcd"
    owner, folder = (f"spec.controlPlane.{block}",), f"etcd/{etcd.name}"
    if not etcd.stacked:
        for member in etcd.members:
            yield Document(
                path=f"{folder}/{member.name}/etcd.yaml",
                kind="EtcdConfiguration",
                body=_config(etcd, member, cluster),
                reader=f"etcd-{etcd.version.rpartition('.')[0]}",
                owner=owner,
                impact=Impact.RESTART,
            )
        yield _service(etcd, folder, owner)
        yield sysctl_file(f"{folder}/90-clusterc.conf", etcd.sysctls, owner=owner)
    for member in etcd.members:
        when = etcd.defragment_calendars[member.name]
        yield _timer(etcd, f"{folder}/{member.name}/etcd-defragment.timer", "Defragment etcd", when, owner)
    command = "/bin/sh /etc/etcd/etcd-defragment.sh"
    yield _oneshot(etcd, f"{folder}/etcd-defragment.service", "Defragment this member of etcd", command, owner)
    yield _script(f"{folder}/etcd-defragment.sh", _defragment_script(etcd), owner)
    # Lost Events are not worth restoring.
    if etcd.name == "main":
        yield from _backups(etcd, folder, owner)


def _backups(etcd: Etcd, folder: str, owner: tuple[str, ...]) -> Iterator[Document]:
    backup = (*owner, "spec.controlPlane.backups")
    yield _timer(etcd, f"{folder}/etcd-backup.timer", "Save etcd", etcd.backup_calendar, backup)
    yield _oneshot(etcd, f"{folder}/etcd-backup.service", "Save a snapshot of etcd", _backup_command(etcd), backup)
    yield _script(f"{folder}/etcd-backup.sh", _backup_script(etcd), backup)


def _config(etcd: Etcd, member: EtcdMember, cluster: Cluster) -> Tree:
    """Return a member's file: etcd reads it instead of flags, never beside them, so each member has its own."""
    return {
        "name": member.name,
        "data-dir": f"/var/lib/etcd/{etcd.name}",
        "listen-client-urls": f"https://{_everywhere(member, 2379)}",
        "advertise-client-urls": member.client_url,
        "listen-peer-urls": f"https://{_everywhere(member, 2380)}",
        "initial-advertise-peer-urls": member.peer_url,
        "listen-metrics-urls": f"http://{_everywhere(member, 2381)}",
        "initial-cluster": etcd.initial_cluster,
        "initial-cluster-state": "new",
        "initial-cluster-token": f"{cluster.name}-{etcd.name}",
        "client-transport-security": _transport("server"),
        "peer-transport-security": _transport("peer"),
        **etcd.settings,
    }


def _everywhere(member: EtcdMember, port: int) -> str:
    """Return every address of a member's machine; a wildcard of IPv4 takes no connection to an IPv6 address."""
    return f"[::]:{port}" if ":" in member.host else f"0.0.0.0:{port}"


def _transport(name: str) -> Tree:
    return {
        "cert-file": f"{PKI}/{name}.crt",
        "key-file": f"{PKI}/{name}.key",
        "trusted-ca-file": f"{PKI}/ca.crt",
        "client-cert-auth": True,
    }


def _service(etcd: Etcd, folder: str, owner: tuple[str, ...]) -> Document:
    chosen = tuple((key, str(value)) for key, value in etcd.units["etcd.service"].items())
    return unit(
        f"{folder}/etcd.service",
        ("Unit", (("Description", "etcd"), ("After", "network-online.target"), ("Wants", "network-online.target"))),
        (
            "Service",
            (
                ("Type", "notify"),
                ("User", "etcd"),
                # systemd makes /var/lib/etcd, and makes it that user's own.
                ("StateDirectory", "etcd"),
                ("StateDirectoryMode", "0700"),
                ("ExecStart", f"/usr/local/bin/etcd --config-file={CONFIG}"),
                *chosen,
                ("NoNewPrivileges", "true"),
                ("ProtectSystem", "full"),
                ("ProtectHome", "true"),
            ),
        ),
        ("Install", (("WantedBy", "multi-user.target"),)),
        owner=owner,
    )


def _timer(etcd: Etcd, path: str, description: str, when: str, owner: tuple[str, ...]) -> Document:
    said = {key: str(value) for key, value in etcd.units["timer"].items()}
    return unit(
        path,
        ("Unit", (("Description", description),)),
        (
            "Timer",
            (("Persistent", said["Persistent"]), ("OnCalendar", when), ("AccuracySec", said["AccuracySec"])),
        ),
        ("Install", (("WantedBy", "timers.target"),)),
        owner=owner,
        impact=Impact.DYNAMIC,
    )


def _oneshot(etcd: Etcd, path: str, description: str, command: str, owner: tuple[str, ...]) -> Document:
    return unit(
        path,
        ("Unit", (("Description", description), ("After", "etcd.service"))),
        ("Service", (("Type", "oneshot"), ("ExecStart", command), ("Nice", str(etcd.units["oneshot"]["Nice"])))),
        owner=owner,
        impact=Impact.DYNAMIC,
    )


def _script(path: str, text: str, owner: tuple[str, ...]) -> Document:
    return Document(path, "Script", text, "sh", owner, Impact.DYNAMIC, Form.TEXT)


def _etcdctl(etcd: Etcd) -> str:
    return f"/usr/local/bin/etcdctl {client_flags(etcd)} --command-timeout={etcd.units['oneshot']['command-timeout']}"


def _defragment_script(etcd: Etcd) -> str:
    """Return the script that defragments a member; one that leads hands over first, so that no write waits for it."""
    return f"""\
#!/bin/sh
# Usage: etcd-defragment.sh
set -eu
etcdctl="{_etcdctl(etcd)}"
status=$($etcdctl endpoint status --write-out=fields)
self=$(echo "$status" | sed -n 's/^"MemberID" : //p')
leader=$(echo "$status" | sed -n 's/^"Leader" : //p')
if [ "$self" = "$leader" ]; then
    id=$(printf '%x' "$self")
    # The first other member that runs and votes.
    heir=$($etcdctl member list --write-out=simple |
        sed -n "/^$id,/d; s/^\\([0-9a-f]*\\), started, .*, false\\$/\\1/p" | head -n 1)
    [ -z "$heir" ] || $etcdctl move-leader "$heir"
fi
$etcdctl defrag
"""


def _backup_command(etcd: Etcd) -> str:
    seconds = etcd.backup_interval_ns // SECONDS
    times = f"{seconds} {etcd.backup_tick_seconds}"
    return f"/bin/sh /etc/etcd/etcd-backup.sh {etcd.backup_directory} {etcd.backup_keep} {times}"


def _backup_script(etcd: Etcd) -> str:
    """Return the script that saves a snapshot when it is this member's turn and keeps the newest.

    Members take turns by the clock, so that one of them reads its database in each interval. A timer may fire several
    times in one: only the first counts. A snapshot is renamed only when it is whole.
    """
    return f"""\
#!/bin/sh
# Usage: etcd-backup.sh DIRECTORY KEEP INTERVAL_SECONDS TIMER_SECONDS
set -eu
directory=$1
keep=$2
interval=$3
now=$(date +%s)
[ $((now % interval)) -lt "$4" ] || exit 0
etcdctl="{_etcdctl(etcd)}"
self=$(printf '%x' "$($etcdctl endpoint status --write-out=fields | sed -n 's/^"MemberID" : //p')")
members=$($etcdctl member list --write-out=simple | cut -d, -f1 | sort)
turn=$((now / interval % $(echo "$members" | wc -l) + 1))
[ "$(echo "$members" | sed -n "$turn"p)" = "$self" ] || exit 0
umask 077
mkdir -p "$directory"
name="$directory/{etcd.name}-$(date -u +%Y%m%dT%H%M%SZ).db"
$etcdctl snapshot save "$name.part"
/usr/local/bin/etcdutl snapshot status "$name.part"
mv "$name.part" "$name"
rm -f "$directory"/{etcd.name}-*.db.part
# Names sort by time: everything but the newest KEEP is removed.
for old in "$directory"/{etcd.name}-*.db; do
    set -- "$directory"/{etcd.name}-*.db
    [ "$#" -gt "$keep" ] || break
    rm -f "$old"
done
"""
