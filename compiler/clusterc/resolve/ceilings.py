"""The provider's ceilings: those of the catalogue, corrected by the spec."""

from __future__ import annotations

from clusterc import catalog
from clusterc.model.cluster import Ceiling
from clusterc.resolve.ledger import Ledger
from clusterc.spec.cluster import Body


def decide_ceilings(body: Body, ledger: Ledger) -> dict[str, Ceiling]:
    """Return every ceiling that the catalogue or the spec knows, by name."""
    rows, said = catalog.ceilings(body.provider), body.provider_limits
    return {
        name: _ceiling(name, rows.get(name, {}), said.get(name), ledger) for name in sorted(rows.keys() | said.keys())
    }


def _ceiling(name: str, row: catalog.Row, said: int | None, ledger: Ledger) -> Ceiling:
    value = ledger.pick(
        f"spec.providerLimits.{name}",
        said,
        row.get("value", said),
        why=row.get("note", ""),
        source=row.get("source", ""),
        catalogue=True,
    )
    if said is not None:
        return Ceiling(said, row.get("note", ""), "what the spec says of the provider")
    return Ceiling(int(value or 0), row["note"], row["source"])
