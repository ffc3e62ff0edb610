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
        yield _service(folder, owner)
        yield sysctl_file(f"{folder}/90-clusterc.conf", etcd.sysctls, owner=owner)
    for member in etcd.members:
        calendar = etcd.defragment_calendars[member.name]
        yield _timer(
            f"{folder}/{member.name}/etcd-defragment.timer", "Defragment etcd", f"OnCalendar={calendar}", owner
        )
    yield _oneshot(f"{folder}/etcd-defragment.service", "Defragment this member of etcd", _defragment(etcd), owner)
    # Lost Events are not worth restoring.
    if etcd.name == "main":
        yield from _backups(etcd, folder, owner)


def _backups(etcd: Etcd, folder: str, owner: tuple[str, ...]) -> Iterator[Document]:
    backup = (*owner, "spec.controlPlane.backups")
    every = f"OnUnitActiveSec={etcd.backup_interval_ns // SECONDS}s"
    yield _timer(f"{folder}/etcd-backup.timer", "Save etcd", every, backup)
    yield _oneshot(f"{folder}/etcd-backup.service", "Save a snapshot of etcd", _backup_command(etcd), backup)
    yield Document(
        path=f"{folder}/etcd-backup.sh",
        kind="Script",
        body=_backup_script(etcd),
        reader="sh",
        owner=backup,
        impact=Impact.DYNAMIC,
        form=Form.TEXT,
    )


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
        "logger": "zap",
        "log-level": "info",
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


def _service(folder: str, owner: tuple[str, ...]) -> Document:
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
                ("Restart", "always"),
                ("RestartSec", "5s"),
                # Loading a database of several GiB takes longer than systemd's 90 s.
                ("TimeoutStartSec", "infinity"),
                ("LimitNOFILE", "65536"),
                ("OOMScoreAdjust", "-999"),
                ("IOSchedulingClass", "best-effort"),
                ("IOSchedulingPriority", "0"),
                ("NoNewPrivileges", "true"),
                ("ProtectSystem", "full"),
                ("ProtectHome", "true"),
            ),
        ),
        ("Install", (("WantedBy", "multi-user.target"),)),
        owner=owner,
    )


def _timer(path: str, description: str, when: str, owner: tuple[str, ...]) -> Document:
    key, _, value = when.partition("=")
    first = (("OnBootSec", "10min"),) if key == "OnUnitActiveSec" else ()
    persistent = () if first else (("Persistent", "false"),)
    return unit(
        path,
        ("Unit", (("Description", description),)),
        ("Timer", (*first, (key, value), ("AccuracySec", "1s"), *persistent)),
        ("Install", (("WantedBy", "timers.target"),)),
        owner=owner,
        impact=Impact.DYNAMIC,
    )


def _oneshot(path: str, description: str, command: str, owner: tuple[str, ...]) -> Document:
    return unit(
        path,
        ("Unit", (("Description", description), ("After", "etcd.service"))),
        ("Service", (("Type", "oneshot"), ("ExecStart", command), ("Nice", "10"))),
        owner=owner,
        impact=Impact.DYNAMIC,
    )


def _defragment(etcd: Etcd) -> str:
    return f"/usr/local/bin/etcdctl {client_flags(etcd)} --command-timeout=10m defrag"


def _backup_command(etcd: Etcd) -> str:
    return f"/bin/sh /etc/etcd/etcd-backup.sh {etcd.backup_directory} {etcd.backup_keep}"


def _backup_script(etcd: Etcd) -> str:
    """Return the script that saves a snapshot and keeps the newest; one is renamed only when it is whole."""
    return f"""\
#!/bin/sh
# Usage: etcd-backup.sh DIRECTORY KEEP
set -eu
directory=$1
keep=$2
umask 077
mkdir -p "$directory"
name="$directory/{etcd.name}-$(date -u +%Y%m%dT%H%M%SZ).db"
/usr/local/bin/etcdctl {client_flags(etcd)} --command-timeout=10m snapshot save "$name.part"
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
