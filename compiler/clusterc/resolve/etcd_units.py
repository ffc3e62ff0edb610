"""How etcd's programs are run by systemd: the members themselves, their defragmentation and their backups."""

from __future__ import annotations

from clusterc import quantity
from clusterc.calendar import every
from clusterc.model.document import Tree
from clusterc.resolve.ledger import Ledger
from clusterc.spec.control_plane import Backups


def etcd_units(ledger: Ledger) -> dict[str, Tree]:
    """Return, for each kind of unit, the settings that are a choice; the same for both etcds."""
    member = ledger.settings("etcd.units[etcd.service]", {})
    member.put("Restart", "always", why="a member that stays away is half of an outage")
    member.put("RestartSec", "5s", why="time for its peers to notice, and to read why it stopped")
    member.put("TimeoutStartSec", "infinity", why="loading a database of several GiB takes longer than systemd's 90 s")
    member.put("LimitNOFILE", "65536", why="every client and peer is an open file; systemd's own limit is 1,024")
    member.put("OOMScoreAdjust", "-999", why="the kernel stops anything else first")
    member.put(
        "IOSchedulingClass", "best-effort", why="its writes go before a backup's, where the disk has a scheduler"
    )
    member.put("IOSchedulingPriority", "0", why="the highest of its class")
    once = ledger.settings("etcd.units[oneshot]", {})
    once.put("Nice", "10", why="etcd itself goes first")
    once.put(
        "command-timeout", "10m", why="a database of 8 GiB is read in minutes; etcdctl gives up after 5 s otherwise"
    )
    timer = ledger.settings("etcd.units[timer]", {})
    timer.put("AccuracySec", "1s", why="members take turns, and systemd moves timers by up to a minute otherwise")
    timer.put("Persistent", "false", why="a turn that was missed is not made up for in another member's turn")
    return {"etcd.service": member.tree(), "oneshot": once.tree(), "timer": timer.tree()}


def backup_calendar(interval_ns: int, ledger: Ledger) -> tuple[str, int]:
    """Return when every member looks whether it is its turn, and how many seconds lie between two such moments."""
    path = "spec.controlPlane.backups"
    calendar, seconds = every(interval_ns // 10**9)
    why = "turns follow the clock, and so do the timers: one that counts from its last run drifts into another's turn"
    ledger.fixed(f"{path}.calendar", calendar, why=why, source="systemd.time: calendar events")
    why = "the longest period of a calendar that divides the interval: of its moments only the first in a turn counts"
    return calendar, ledger.fixed(f"{path}.tick", seconds, why=why)


def backups(said: Backups, ledger: Ledger) -> tuple[int, int, str]:
    """Return the time between two snapshots in nanoseconds, how many each member keeps, and where."""
    path, given = "spec.controlPlane.backups", said.model_fields_set
    interval = ledger.pick(
        f"{path}.interval",
        said.interval,
        3600 * 10**9,
        why="an hour of changes is the most that a lost cluster forgets",
        show=quantity.format_duration,
    )
    keep = ledger.pick(
        f"{path}.keep",
        said.keep if "keep" in given else None,
        said.keep,
        why="members take turns, so this is as many hours times the members",
    )
    directory = ledger.pick(
        f"{path}.directory",
        said.directory if "directory" in given else None,
        said.directory,
        why="mount a disk of its own here: a snapshot written beside the log delays every write",
    )
    return interval, keep, directory
