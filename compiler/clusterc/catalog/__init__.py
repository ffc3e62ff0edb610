"""What is known of GPUs, machines and providers, so that a spec need not say it.

The rows are data (`data/<kind>/<vendor>.json`), each with its source and the date it was checked. A file is read only
when a spec names it.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

Row = dict[str, Any]


@cache
def _table(kind: str, name: str) -> Row:
    text = (files(__package__) / "data" / kind / f"{name}.json").read_text(encoding="utf-8")
    table: Row = json.loads(text)
    return table


def _names(kind: str) -> list[str]:
    folder = files(__package__) / "data" / kind
    return sorted(entry.name.removesuffix(".json") for entry in folder.iterdir() if entry.name.endswith(".json"))


@cache
def gpus() -> dict[str, Row]:
    """Return every shipped GPU type by name."""
    rows: dict[str, Row] = {}
    for vendor in _names("gpus"):
        rows |= _table("gpus", vendor)["gpus"]
    return rows


@cache
def machines(provider: str) -> dict[str, Row]:
    """Return the machine types that a provider rents, by name; empty for metal."""
    table = _table("providers", provider)["machines"]
    rows: dict[str, Row] = _table("machines", table)["machines"] if table else {}
    return rows


def machine_providers(machine: str) -> list[str]:
    """Return the providers that rent a machine type of this name."""
    return [name for name in _names("machines") if machine in _table("machines", name)["machines"]]


@cache
def ceilings(provider: str) -> dict[str, Row]:
    """Return a provider's ceilings by name, each with value, unit, note, source."""
    rows: dict[str, Row] = _table("providers", provider)["ceilings"]
    return rows


@cache
def ceiling_names() -> tuple[str, ...]:
    """Return the names of the ceilings that some provider has."""
    return tuple(sorted({name for provider in _names("providers") for name in ceilings(provider)}))
