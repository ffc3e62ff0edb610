"""The least that a cold build could cost: import what the tool is made with, make a model, write the same bytes.

    python floor.py BUILT COPY

BUILT is a tree that was built; every file of it is written anew below COPY. What is read of it is read before nothing
else happens, and is part of the floor's time: a compiler has its own input to read.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click
from pydantic import BaseModel


class Name(BaseModel):
    """One model."""

    name: str


def main(built: Path, copy: Path) -> None:
    """Write the files of `built` below `copy`."""
    Name.model_validate({"name": click.style("")})
    for path in sorted(built.rglob("*")):
        place = copy / path.relative_to(built)
        if path.is_dir():
            place.mkdir(parents=True)
        else:
            place.write_bytes(path.read_bytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
