#!/bin/sh
# Made by clusterc for azure-overlay-5000. Edit the spec and build again, not this file.
# From spec.controlPlane.eventsEtcd.
# Usage: etcd-defragment.sh
set -eu
etcdctl="/usr/local/bin/etcdctl --endpoints=https://127.0.0.1:2379 --cacert=/etc/etcd/pki/ca.crt --cert=/etc/etcd/pki/client.crt --key=/etc/etcd/pki/client.key --command-timeout=10m"
status=$($etcdctl endpoint status --write-out=fields)
self=$(echo "$status" | sed -n 's/^"MemberID" : //p')
leader=$(echo "$status" | sed -n 's/^"Leader" : //p')
if [ "$self" = "$leader" ]; then
    id=$(printf '%x' "$self")
    # The first other member that runs and votes.
    heir=$($etcdctl member list --write-out=simple |
        sed -n "/^$id,/d; s/^\([0-9a-f]*\), started, .*, false\$/\1/p" | head -n 1)
    [ -z "$heir" ] || $etcdctl move-leader "$heir"
fi
$etcdctl defrag
