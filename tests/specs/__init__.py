"""Hypothesis strategies over the spec language: one module for each part of it, one function for each block.

`specs()` draws plain data of clusters that could be built: whatever it says fits together, so that an error in it is a
mistake of the compiler, or of these strategies.
"""

from __future__ import annotations

from specs.basic import Plain
from specs.network import MODES
from specs.place import PRESETS, PROVIDERS
from specs.reading import checked, resolved, source
from specs.valid import specs

__all__ = ["MODES", "PRESETS", "PROVIDERS", "Plain", "checked", "resolved", "source", "specs"]
