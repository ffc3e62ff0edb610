"""Where a value of the cluster comes from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from clusterc.diagnostics import Span


class Origin(Enum):
    """Who decided."""

    SPEC = "spec"
    PRESET = "preset"
    CATALOGUE = "catalogue"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decided value.

    `path` is the place in the spec language where the value is, or could be, given. `value` is as a spec would say it.
    `why` is the formula or reason in the reader's words, with its numbers; `source` says where that comes from.
    `span` is the place in the spec, for values that the spec gives. `follows` is the path of the value that this one
    repeats in a component's own terms; `instead_of` is that value where the spec passes another one on.
    """

    path: str
    value: Any
    origin: Origin
    why: str = ""
    source: str = ""
    span: Span | None = None
    follows: str = ""
    instead_of: Any = None
