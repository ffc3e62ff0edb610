"""The presets: what each says in place of the general default, as data."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from clusterc.spec.cluster import Body


@cache
def presets() -> dict[str, Any]:
    """Return the presets: name, then path in the spec, then value and reason."""
    table: dict[str, Any] = json.loads((files(__package__) / "presets.json").read_text(encoding="utf-8"))
    return table


def preset(body: Body, path: str) -> Any:
    """Return what the spec's preset says at a path, or None."""
    return presets()[body.preset].get(path, {}).get("value")
