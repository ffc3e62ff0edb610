"""Put the built files on disk, all or nothing.

`plan.plan` compares a build with what stands there and writes nothing; `commit.commit` writes what the plan says.
Both survive the death of the process at any moment; a loss of power may cost what the kernel had not stored yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class WriteError(Exception):
    """What the outside world, or a name no tree can hold, keeps from being written: the path and the cause."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message
