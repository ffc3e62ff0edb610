"""How a lost etcd is brought back, as steps a human takes."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.emit._etcd_client import client_flags
from clusterc.model.capacity import Capacity
from clusterc.model.cluster import Cluster
from clusterc.model.control_plane import Etcd
from clusterc.model.document import Document, Form, Impact

SNAPSHOT = "/root/snapshot.db"
HELD = "/root/held"
MANIFESTS = "/etc/kubernetes/manifests"


def documents(cluster: Cluster, _capacity: Capacity) -> Iterator[Document]:
    """Yield the steps for the main etcd; lost Events need no restoring."""
    etcd = cluster.control_plane.etcd
    yield Document(
        path=f"etcd/{etcd.name}/RESTORE.md",
        kind="Runbook",
        body=_head(etcd, cluster) + (_stacked(etcd, cluster) if etcd.stacked else _dedicated(etcd, cluster)),
        reader="human",
        owner=("spec.controlPlane.etcd", "spec.controlPlane.backups"),
        impact=Impact.NONE,
        form=Form.MARKDOWN,
    )


def _head(etcd: Etcd, cluster: Cluster) -> str:
    return f"""\
# Restore {cluster.name}'s etcd from a snapshot

Every API server and every member stops; objects written after the snapshot are gone. `--bump-revision` keeps
watchers from missing changes: a client that remembers a later revision would never hear of what follows.

Blocks are run as root. The members save in turn, each on its own disk: `{SNAPSHOT}` is the newest snapshot in
`{etcd.backup_directory}` of any of them, copied to every machine. Compare `sha256sum {SNAPSHOT}` everywhere.

"""


def _restore(etcd: Etcd, cluster: Cluster, *, name: str, peer: str, peers: str, folder: str) -> str:
    return (
        f"etcdutl snapshot restore {SNAPSHOT} --name {name} --data-dir {folder} \\\n"
        f"  --initial-cluster {peers} \\\n"
        f"  --initial-cluster-token {cluster.name}-{etcd.name}-restored \\\n"
        f"  --initial-advertise-peer-urls {peer} \\\n"
        "  --bump-revision 1000000000 --mark-compacted\n"
    )


def _dedicated(etcd: Etcd, cluster: Cluster) -> str:
    apis = ", ".join(f"`{host}`" for host in cluster.control_plane.api_server.hosts)
    folder = f"/var/lib/etcd/{etcd.name}"
    blocks = "\n".join(
        f"On `{member.host}`:\n\n```sh\n"
        + _restore(etcd, cluster, name=member.name, peer=member.peer_url, peers=etcd.initial_cluster, folder=folder)
        + "chown -R etcd:etcd /var/lib/etcd\n```\n"
        for member in etcd.members
    )
    return f"""\
## 1. Stop the API servers

On each of {apis}:

```sh
mkdir -p {HELD}
mv {MANIFESTS}/kube-apiserver.yaml {HELD}/
```

## 2. Stop etcd

On every member, whether it still runs or not:

```sh
systemctl stop etcd-backup.timer etcd-defragment.timer
systemctl stop etcd
mv {folder} {folder}.lost
```

## 3. Restore, on each member with its own names

etcdutl runs as root and etcd does not, so what it wrote is given to etcd.

{blocks}
## 4. Start etcd, on all members

`/etc/etcd/etcd.yaml` stays as it is: its `initial-` keys are read only where there is no data.

```sh
systemctl start --no-block etcd
systemctl start etcd-backup.timer etcd-defragment.timer
```

It worked if this says `is healthy` {len(etcd.members)} times:

```sh
etcdctl {client_flags(etcd)} endpoint health --cluster
```

{_start_api_servers(5)}"""


def _stacked(etcd: Etcd, cluster: Cluster) -> str:
    return f"""\
etcd runs as a static pod beside each API server, under the node's name and address; both stand in kubeadm's manifest.

## 1. Stop the API servers and etcd

On every API server:

```sh
systemctl stop etcd-backup.timer etcd-defragment.timer
mkdir -p {HELD}
mv {MANIFESTS}/kube-apiserver.yaml {MANIFESTS}/etcd.yaml {HELD}/
```

Wait until `crictl ps --name 'etcd|kube-apiserver' -q` prints nothing, then:

```sh
mv /var/lib/etcd /var/lib/etcd.lost
name=$(sed -n 's/^ *- --name=//p' {HELD}/etcd.yaml)
peer=$(sed -n 's/^ *- --initial-advertise-peer-urls=//p' {HELD}/etcd.yaml)
echo "$name=$peer"
```

## 2. Restore

On every API server, in the same shell, with what all {len(etcd.members)} of them printed, joined by commas:

```sh
cluster=NAME=URL,NAME=URL,NAME=URL
{_restore(etcd, cluster, name='"$name"', peer='"$peer"', peers='"$cluster"', folder="/var/lib/etcd")}```

## 3. Start etcd

On every API server:

```sh
mv {HELD}/etcd.yaml {MANIFESTS}/
systemctl start etcd-backup.timer etcd-defragment.timer
```

It worked if this says `is healthy` {len(etcd.members)} times:

```sh
etcdctl {client_flags(etcd)} endpoint health --cluster
```

{_start_api_servers(4)}"""


def _start_api_servers(number: int) -> str:
    return f"""\
## {number}. Start the API servers

On one after another; the controllers and the scheduler are started anew, since they remember what is gone.

```sh
mv {HELD}/kube-apiserver.yaml {MANIFESTS}/
crictl ps --name 'kube-controller-manager|kube-scheduler' -q | xargs -r crictl stop
```

It worked if `kubectl get --raw '/readyz?verbose'` says `readyz check passed`.
"""
