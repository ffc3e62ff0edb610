"""Plain values on one line, as a spec would say them."""

from __future__ import annotations

import json
import re
from typing import Any

from clusterc.scalars import Ambiguous, resolve

# What no reader of YAML takes for anything but a text, in a flow collection too.
_BARE = re.compile(r"[A-Za-z0-9/_.][A-Za-z0-9/_.@%+-]*(:[A-Za-z0-9/_.@%+-]+)*")


def flow(value: Any) -> str:
    """Return a plain value in YAML's flow style; the spec's own reader reads the same value back."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(str(key))}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _text(value: str) -> str:
    try:
        bare = bool(_BARE.fullmatch(value)) and resolve(value) == value
    except Ambiguous:
        bare = False
    return value if bare else json.dumps(value, ensure_ascii=False)
