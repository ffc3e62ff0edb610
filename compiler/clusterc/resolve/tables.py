"""The resolver's own data: the ladder that sizes a control plane by its number of nodes."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any


def _read(name: str) -> Any:
    return json.loads((files(__package__) / name).read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of the ladder: what a control plane of up to `nodes` nodes is made of."""

    nodes: int
    api_servers: int
    api_cpu: int
    api_memory_gib: int
    etcd_members: int
    etcd_cpu: int
    etcd_memory_gib: int
    disk: str
    inflight: tuple[int, int]
    controllers: tuple[int, int]
    scheduler_qps: int
    quota_gib: int
    source: str
    asked: int = 0

    @property
    def why(self) -> str:
        """Say which rung this is, and whether it was made for so many nodes."""
        if self.asked > self.nodes:
            return f"the control-plane ladder's highest rung, made for {self.nodes:,} nodes and not for {self.asked:,}"
        return f"the control-plane ladder's rung for up to {self.nodes:,} nodes"


@cache
def _ladder() -> tuple[Rung, ...]:
    table = _read("ladder.json")
    return tuple(
        Rung(
            nodes=row["nodes"],
            api_servers=row["apiServers"],
            api_cpu=row["apiCpu"],
            api_memory_gib=row["apiMemoryGiB"],
            etcd_members=row["etcdMembers"],
            etcd_cpu=row["etcdCpu"],
            etcd_memory_gib=row["etcdMemoryGiB"],
            disk=row["disk"],
            inflight=tuple(row["inflight"]),
            controllers=tuple(row["controllers"]),
            scheduler_qps=row["schedulerQps"],
            quota_gib=row["quotaGiB"],
            source=table["source"],
        )
        for row in table["rungs"]
    )


def rung_for(nodes: int) -> Rung:
    """Return the lowest rung that carries this many nodes, or the highest there is."""
    found = next((rung for rung in _ladder() if nodes <= rung.nodes), _ladder()[-1])
    return replace(found, asked=nodes)
