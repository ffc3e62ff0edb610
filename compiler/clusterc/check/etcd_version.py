"""Whether clusterc knows the release of each etcd, and kubeadm takes it."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.check._view import Mistake, View
from clusterc.defaults.control_plane import etcds
from clusterc.diagnostics import Finding
from clusterc.kubernetes import images, minor_of
from clusterc.kubernetes.etcd import NEWEST, OLDEST, OLDEST_EXTERNAL, etcd_minor_of, is_taken_by_kubeadm

UNSUPPORTED = Mistake("CC0014", "unsupported-version", "etcd 3.6 and 3.7; kubeadm, MinExternalEtcdVersion")


def findings(view: View) -> Iterator[Finding]:
    """Return the release of each etcd if it is older or newer than those whose configuration was run."""
    kubernetes = minor_of(view.body.kubernetes.version)
    for owner, etcd in etcds(view.body):
        if etcd.version is None or etcd_minor_of(etcd.version).supported:
            continue
        age = "older" if etcd_minor_of(etcd.version) < OLDEST else "newer"
        refused = "" if is_taken_by_kubeadm(etcd.version) else f"; kubeadm takes {OLDEST_EXTERNAL} or later"
        deployed = f": kubeadm of {kubernetes} goes with {images(kubernetes).etcd}" if kubernetes.supported else ""
        yield view.finding(
            UNSUPPORTED,
            view.at(f"{owner}.version"),
            f"etcd {etcd.version} is {age} than what clusterc knows: {OLDEST} and {NEWEST}{refused}",
            fix=f"leave it out{deployed}",
        )
