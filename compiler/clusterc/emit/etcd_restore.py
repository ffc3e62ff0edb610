"""How a lost etcd is brought back, as steps a human takes."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.emit.etcd import CLIENT
from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.control_plane import Etcd
from clusterc.model.document import Document, Form, Impact


def documents(cluster: Cluster, _capacity: Capacity) -> Iterator[Document]:
    """Yield the steps for the main etcd; lost Events need no restoring."""
    etcd = cluster.control_plane.etcd
    yield Document(
        path=f"etcd/{etcd.name}/RESTORE.md",
        kind="Runbook",
        body=_stacked(etcd, cluster) if etcd.stacked else _steps(etcd, cluster),
        reader="human",
        owner=("spec.controlPlane.etcd", "spec.controlPlane.backups"),
        impact=Impact.NONE,
        form=Form.MARKDOWN,
    )


def _restore(etcd: Etcd, cluster: Cluster) -> str:
    return "\n".join(
        f"etcdutl snapshot restore SNAPSHOT --name {member.name} --data-dir /var/lib/etcd/{etcd.name} \\\n"
        f"  --initial-cluster {etcd.initial_cluster} \\\n"
        f"  --initial-cluster-token {cluster.name}-{etcd.name}-restored \\\n"
        f"  --initial-advertise-peer-urls {member.peer_url} \\\n"
        "  --bump-revision 1000000000 --mark-compacted\n"
        for member in etcd.members
    )


def _steps(etcd: Etcd, cluster: Cluster) -> str:
    apis = ", ".join(cluster.control_plane.api_server.hosts)
    members = ", ".join(member.host for member in etcd.members)
    return f"""\
# Restore {cluster.name}'s etcd from a snapshot

Every API server and every member stops; objects written after the snapshot are gone. `--bump-revision` keeps
watchers from missing changes: a client that remembers a later revision would never hear of what follows.

1. Stop the API servers ({apis}): move `/etc/kubernetes/manifests/kube-apiserver.yaml` away.
2. Stop etcd on every member ({members}): `systemctl stop etcd`, and move `/var/lib/etcd/{etcd.name}` away.
3. Copy one snapshot from `{etcd.backup_directory}` to every member, and check that all copies have one checksum.
4. On each member run its own command:

```sh
{_restore(etcd, cluster)}```

5. In each member's `/etc/etcd/etcd.yaml` the token stays as it is: it is read only when a cluster is new.
6. `systemctl start etcd` on all members at once, then:
   `etcdctl {CLIENT} endpoint health`
7. Bring the API servers back one by one; restart kube-controller-manager and kube-scheduler.
"""


def _stacked(etcd: Etcd, cluster: Cluster) -> str:
    return f"""\
# Restore {cluster.name}'s etcd from a snapshot

etcd runs as a static pod beside each API server.

1. On every control-plane machine move `etcd.yaml` and `kube-apiserver.yaml` out of `/etc/kubernetes/manifests`, and
   then `/var/lib/etcd` away.
2. Copy one snapshot from `{etcd.backup_directory}` to every machine.
3. On each machine run its own command, with `--data-dir /var/lib/etcd`:

```sh
{_restore(etcd, cluster).replace(f"/var/lib/etcd/{etcd.name}", "/var/lib/etcd")}```

4. Move `etcd.yaml` back on all machines, then `kube-apiserver.yaml`.
"""
