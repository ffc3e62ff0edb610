"""What a cluster needs, by size; what it was given; and what breaks first."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from typing import Any

from clusterc.amounts import amount, percent
from clusterc.diagnostics import Severity
from clusterc.model.capacity import SIZES, Capacity, Limit, Quantity
from clusterc.report.style import PLAIN, Style
from clusterc.report.table import Paint, Row, lines

_SIZES = ("min", "desired", "max")


def as_text(name: str, capacity: Capacity, *, width: int, explain: bool = False, style: Style = PLAIN) -> str:
    """Return the quantities of each area, the head-room, and the sentence about what breaks first.

    Quantities that are zero at every size are left out unless `explain`, which adds formulas, inputs and sources.
    """
    shown = capacity.differing_sizes()
    text = [*textwrap.wrap(f"{name}: {_sizes(capacity)}", width), ""]
    rows = [Row("needs at this many nodes", [f"{capacity.nodes[i]:,}" for i in shown])]
    area = ""
    for quantity in capacity.quantities:
        if not (explain or any(quantity.values)):
            continue
        if quantity.area != area:
            area = quantity.area
            rows.append(Row(area, paint=style.bold))
        cells = [amount(quantity.values[i], quantity.unit) for i in shown]
        rows.append(Row(f"  {quantity.name}", cells, notes=_origin(quantity) if explain else ()))
    text += [*lines(rows, width=width), "", *_headroom(capacity, width, explain=explain, style=style), ""]
    return "\n".join([*text, *textwrap.wrap(breaks_first(capacity), width)]) + "\n"


def _sizes(capacity: Capacity) -> str:
    if len(set(capacity.nodes)) == 1:
        return f"{capacity.nodes[0]:,} nodes"
    sizes = (f"{count:,} {word}" for count, word in zip(capacity.nodes, SIZES, strict=True))
    return f"nodes: {', '.join(sizes)}"


def _origin(quantity: Quantity) -> list[str]:
    inputs = [f"{item.name} = {amount(item.value, item.unit)} ({item.origin})" for item in quantity.inputs]
    return [
        f"= {quantity.formula}",
        *([f"with {'; '.join(inputs)}"] if inputs else []),
        f"source: {quantity.source}",
        f"confidence: {quantity.confidence}",
    ]


def _headroom(capacity: Capacity, width: int, *, explain: bool, style: Style) -> list[str]:
    head = Row(f"head-room at {capacity.nodes[-1]:,} nodes", ["demand", "supply", "reached at", "used"])
    rows = [head]
    for limit in capacity.limits:
        demand, supply = amount(limit.demand[-1], limit.unit), amount(limit.supply, limit.unit)
        used = percent(limit.demand[-1], limit.supply)
        follows = ["a build for more nodes raises it"] if limit.follows_nodes else []
        notes = [f"supplied by {limit.supplied_by}", *follows, f"source: {limit.source}", f"to have more: {limit.fix}"]
        cells = [demand, supply, reached(limit), used]
        rows.append(Row(f"  {limit.name}", cells, _paint(limit, style), notes if explain else ()))
    return lines(rows, width=width)


def _paint(limit: Limit, style: Style) -> Paint:
    demand, supply = limit.demand[-1], limit.supply
    if demand > supply:
        return lambda text: style.mark(text, Severity.ERROR)
    return (lambda text: style.mark(text, Severity.WARNING)) if demand >= 0.8 * supply else str


def reached(limit: Limit) -> str:
    """Return the number of nodes at which a limit is reached."""
    return "never" if limit.breaks_at is None else f"{limit.breaks_at:,}"


def breaks_first(capacity: Capacity) -> str:
    """Name what is reached at the three least sizes as the pools, and the jobs on them, grow in proportion."""
    groups = capacity.breaks_first()
    if not groups:
        return "Nothing breaks as the pools grow."
    most = capacity.nodes[-1]
    parts = [f"{all_of([limit.name for limit in group])} at {_place(group[0], most)}" for group in groups]
    return f"What breaks first as the pools, and the jobs on them, grow in proportion: {'; then '.join(parts)}."


def all_of(names: Sequence[str]) -> str:
    """Return names as a sentence lists them."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _place(limit: Limit, most: int) -> str:
    within = limit.breaks_at is not None and limit.breaks_at <= most
    return f"{reached(limit)} nodes" + (" (the pools may get there)" if within else "")


def compared(before: Capacity, after: Capacity, *, width: int, style: Style = PLAIN) -> str:
    """Return what differs between two capacities, side by side, each at its largest size."""
    head = ["before", "after", "change"]
    rows = [Row("needs at the most", head), Row("  Nodes", _change(before.nodes[-1], after.nodes[-1], "nodes"))]
    old = {quantity.id: quantity for quantity in before.quantities}
    new = {quantity.id: quantity for quantity in after.quantities}
    for id_ in dict.fromkeys((*old, *new)):
        one, two = old.get(id_), new.get(id_)
        if (one and one.values) != (two and two.values):
            named = two or old[id_]
            most, then = (side.values[-1] if side else None for side in (one, two))
            rows.append(Row(f"  {named.name}", _change(most, then, named.unit)))
    text = [*lines(rows, width=width), "", *lines(_limits_compared(before, after), width=width), ""]
    for word, capacity in (("Before", before), ("After", after)):
        text += textwrap.wrap(f"{style.bold(word)}. {breaks_first(capacity)}", width)
    return "\n".join(text) + "\n"


def _limits_compared(before: Capacity, after: Capacity) -> list[Row]:
    rows = [Row("reached at this many nodes", ["before", "after", "used", "then used"])]
    old, new = ({limit.id: limit for limit in side.limits} for side in (before, after))
    for id_ in dict.fromkeys((*new, *old)):
        one, two = old.get(id_), new.get(id_)
        places = [reached(side) if side else "-" for side in (one, two)]
        shares = [percent(side.demand[-1], side.supply) if side else "-" for side in (one, two)]
        if places[0] != places[1] or shares[0] != shares[1]:
            rows.append(Row(f"  {(two or old[id_]).name}", [*places, *shares]))
    return rows if len(rows) > 1 else [Row("No limit is reached sooner or later.")]


def _change(before: float | None, after: float | None, unit: str) -> list[str]:
    cells = ["-" if value is None else amount(value, unit) for value in (before, after)]
    if before is None or after is None:
        return [*cells, "new" if before is None else "gone"]
    if before == after:
        return [*cells, "same"]
    return [*cells, f"{100 * (after - before) / before:+,.0f} %" if before else "from 0"]


def as_object(name: str, capacity: Capacity) -> dict[str, Any]:
    """Return a capacity as plain data."""
    return {
        "cluster": name,
        "nodes": _three(capacity.nodes),
        "quantities": [_quantity(quantity) for quantity in capacity.quantities],
        "limits": [_limit(limit) for limit in capacity.limits],
    }


def as_json(tree: dict[str, Any]) -> str:
    """Return plain data as JSON text."""
    return json.dumps(tree, indent=2, ensure_ascii=False) + "\n"


def _three(values: Sequence[float]) -> dict[str, float]:
    return dict(zip(_SIZES, values, strict=True))


def _quantity(quantity: Quantity) -> dict[str, Any]:
    return {
        "id": quantity.id,
        "area": quantity.area,
        "name": quantity.name,
        "unit": quantity.unit,
        "values": _three(quantity.values),
        "formula": quantity.formula,
        "inputs": [
            {"name": item.name, "value": item.value, "unit": item.unit, "origin": item.origin}
            for item in quantity.inputs
        ],
        "source": quantity.source,
        "confidence": quantity.confidence,
    }


def _limit(limit: Limit) -> dict[str, Any]:
    return {
        "id": limit.id,
        "name": limit.name,
        "unit": limit.unit,
        "demand": _three(limit.demand),
        "supply": limit.supply,
        "suppliedBy": limit.supplied_by,
        "breaksAt": limit.breaks_at,
        "followsNodes": limit.follows_nodes,
        "source": limit.source,
        "fix": limit.fix,
    }
