"""Characters that nobody sees, or that steer what shows them: controls, marks of direction, halves of pairs."""

from __future__ import annotations

import re
import unicodedata

# Tabs and line ends are no part of it: a text of several lines may hold them.
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff"
    "\U000e0000-\U000e007f]"
)
_LINE_ENDS = {"\n": "a line break", "\r": "a line break", "\t": "a tab"}


def named(char: str) -> str:
    """Return what a hidden character is, in words."""
    if char in _LINE_ENDS:
        return _LINE_ENDS[char]
    kind = "half of a character" if unicodedata.category(char) == "Cs" else "control character"
    return f"invisible character U+{ord(char):04X} ({unicodedata.name(char, kind).lower()})"
