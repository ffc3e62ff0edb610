"""Which spec of a run has a cluster's name: the first of the command line, however many are built at once."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_WAIT_SECONDS = 0.001


@dataclass(frozen=True, slots=True)
class Claims:
    """A folder, shared by the processes of a run, in which every spec says by its number which name it takes."""

    folder: Path

    def take(self, number: int, name: str) -> int | None:
        """Take a name, empty for none; return the number of an earlier spec that has it.

        A spec waits for those before it, which started before it and wait for no later one.
        """
        # A link is made at once with what it says.
        (self.folder / str(number)).symlink_to(f"={name}")
        earlier = (self._claimed(before) for before in range(number))
        return next((before for before, other in enumerate(earlier) if name and other == name), None)

    def _claimed(self, number: int) -> str:
        while True:
            with suppress(FileNotFoundError):
                return str((self.folder / str(number)).readlink()).removeprefix("=")
            time.sleep(_WAIT_SECONDS)
