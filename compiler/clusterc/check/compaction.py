"""Whether old revisions are dropped from every etcd, at one interval: kube-apiserver knows no more than one."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc import quantity
from clusterc.check._view import Mistake, View
from clusterc.defaults.control_plane import compaction_ns
from clusterc.diagnostics import Finding

SOURCE = "kube-apiserver, --etcd-compaction-interval: one compactor for each etcd, all at one interval"
TWO_INTERVALS = Mistake("CC2005", "etcd-compaction", SOURCE)
NOBODY = Mistake("CC2005", "etcd-compaction", "kube-apiserver, --etcd-compaction-interval: 0 switches compaction off")

MAIN, EVENTS = "spec.controlPlane.etcd", "spec.controlPlane.eventsEtcd"
FLAG = "etcd-compaction-interval"


def findings(view: View) -> Iterator[Finding]:
    """Return the interval of Events if it is not that of the main etcd, and that one if nothing is ever dropped."""
    yield from _events(view)
    yield from _off(view)


def _interval(view: View) -> int:
    return compaction_ns(view.body.control_plane.etcd)


def _events(view: View) -> Iterator[Finding]:
    events = view.body.control_plane.events_etcd
    if events is None or events.compaction is None or events.compaction.interval == _interval(view):
        return
    said = view.body.control_plane.etcd.compaction
    shown, main = (quantity.format_duration(i) for i in (events.compaction.interval, _interval(view)))
    place = f"{MAIN}.compaction.interval"
    yield view.finding(
        TWO_INTERVALS,
        view.at(f"{EVENTS}.compaction.interval"),
        f"Events cannot be compacted every {shown} while the main etcd is every {main}",
        fix=f"remove it, and write {place}: {shown} if both should be",
        related=(view.related(f"every {main}", place),) if said else (),
    )


def _passed(view: View) -> int | None:
    """Return the flag's interval, or None where it is not passed on or is no duration."""
    try:
        value = view.body.control_plane.api_servers.flags.get(FLAG)
        return 0 if value in {"0", 0} else quantity.parse_duration(value)
    except quantity.QuantityError:
        return None


def _off(view: View) -> Iterator[Finding]:
    retention = view.body.control_plane.etcd.extra.get("auto-compaction-retention", "0")
    passed = _passed(view)
    if (_interval(view) if passed is None else passed) or str(retention) != "0":
        return
    by_flag = f"spec.controlPlane.apiServers.flags.{FLAG}"
    yield view.finding(
        NOBODY,
        view.at(by_flag if passed == 0 else f"{MAIN}.compaction.interval"),
        "no old revision is ever dropped: kube-apiserver does not compact, and etcd does not by itself",
        fix="write 5m, which is kube-apiserver's own default",
    )
