"""Where policies/ and schemas/ are: inside an installed package, or beside compiler/ in a checkout."""

from __future__ import annotations

from pathlib import Path


def folder(name: str) -> Path:
    """Return the data folder of this name."""
    package = Path(__file__).resolve().parent
    packaged = package / name
    return packaged if packaged.is_dir() else package.parents[1] / name
