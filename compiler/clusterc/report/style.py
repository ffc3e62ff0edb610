"""Colours of a terminal, or none."""

from __future__ import annotations

from dataclasses import dataclass

from clusterc.diagnostics import Severity

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}


@dataclass(frozen=True, slots=True)
class Style:
    """How words are set off; without colour they stand as they are."""

    colour: bool = False

    def _set(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text

    def bold(self, text: str) -> str:
        """Return a text in bold."""
        return self._set(text, "1")

    def dim(self, text: str) -> str:
        """Return a text that steps back."""
        return self._set(text, "2")

    def severity(self, severity: Severity) -> str:
        """Return a severity's name in its colour."""
        return self._set(severity.value, f"1;{_COLOURS[severity]}")

    def mark(self, text: str, severity: Severity) -> str:
        """Return a pointer in the severity's colour."""
        return self._set(text, _COLOURS[severity])


PLAIN = Style()
