"""Feature gates that nobody sets and that another minor sets otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.kubernetes.flags import gates_in
from clusterc.kubernetes.gates import on_or_off
from clusterc.kubernetes.tables import Tables
from clusterc.model.upgrade import Change
from clusterc.upgrade.side import Side

AREA = "feature gates"


def gate_changes(old: Tables, new: Tables, after: Side) -> Iterator[Change]:
    """Yield the gates that turn over by themselves; one that is gone does what it did before."""
    said = gates_in(after.flags["kube-apiserver"].get("feature-gates", ""))
    before = old.gates()
    for name, gate in sorted(new.gates().items()):
        was = before.get(name)
        if name in said or (was.default == gate.default if was else not gate.default):
            continue
        earlier = on_or_off(value=was.default) if was else None
        note = ", ".join([gate.stage, *(["locked"] if gate.locked else []), *gate.components])
        yield Change(AREA, name, earlier, on_or_off(value=gate.default), note)
