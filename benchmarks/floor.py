"""The least that a cold build could cost: import what the tool is made with, make a model, write the same bytes.

    python floor.py ARCHIVE COPY
    python floor.py --pack BUILT ARCHIVE

ARCHIVE is one file that holds all files of a tree that was built, so that little but the bytes to write is read.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from pydantic import BaseModel


class Name(BaseModel):
    """One model."""

    name: str


def pack(built: Path, archive: Path) -> None:
    """Write the paths and texts of the files of `built`, and their folders, as one file."""
    files = [path for path in sorted(built.rglob("*")) if path.is_file()]
    named = {str(path.relative_to(built)): path.read_text() for path in files}
    folders = sorted({str(path.relative_to(built)) for path in built.rglob("*") if path.is_dir()})
    archive.write_text(json.dumps([folders, named]))


def main(archive: Path, copy: Path) -> None:
    """Write the files of an archive below `copy`."""
    Name.model_validate({"name": click.style("")})
    folders, files = json.loads(archive.read_bytes())
    copy.mkdir(parents=True)
    for folder in folders:
        (copy / folder).mkdir()
    for name, content in files.items():
        (copy / name).write_bytes(content.encode())


if __name__ == "__main__":
    if sys.argv[1] == "--pack":
        pack(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main(Path(sys.argv[1]), Path(sys.argv[2]))
