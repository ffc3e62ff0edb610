#!/bin/sh
# Made by clusterc for inference-200. Edit the spec and build again, not this file.
# From spec.controlPlane.etcd, spec.controlPlane.backups.
# Usage: etcd-backup.sh DIRECTORY KEEP INTERVAL_SECONDS TIMER_SECONDS
set -eu
directory=$1
keep=$2
interval=$3
now=$(date +%s)
[ $((now % interval)) -lt "$4" ] || exit 0
etcdctl="/usr/local/bin/etcdctl --endpoints=https://127.0.0.1:2379 --cacert=/etc/etcd/pki/ca.crt --cert=/etc/etcd/pki/client.crt --key=/etc/etcd/pki/client.key --command-timeout=10m"
self=$(printf '%x' "$($etcdctl endpoint status --write-out=fields | sed -n 's/^"MemberID" : //p')")
members=$($etcdctl member list --write-out=simple | cut -d, -f1 | sort)
turn=$((now / interval % $(echo "$members" | wc -l) + 1))
[ "$(echo "$members" | sed -n "$turn"p)" = "$self" ] || exit 0
umask 077
mkdir -p "$directory"
name="$directory/main-$(date -u +%Y%m%dT%H%M%SZ).db"
$etcdctl snapshot save "$name.part"
/usr/local/bin/etcdutl snapshot status "$name.part"
mv "$name.part" "$name"
rm -f "$directory"/main-*.db.part
# Names sort by time: everything but the newest KEEP is removed.
for old in "$directory"/main-*.db; do
    set -- "$directory"/main-*.db
    [ "$#" -gt "$keep" ] || break
    rm -f "$old"
done
