"""Work on several cores: processes that end with the one that started them, and never in the middle of a tree."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import CancelledError, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from mmap import mmap
from multiprocessing import get_context
from typing import TypeVar

# Forked workers share what is imported by then: the whole compiler.
import clusterc.capacity
import clusterc.emit
import clusterc.resolve
import clusterc.write.commit  # noqa: F401

Item = TypeVar("Item")
Result = TypeVar("Result")

_PR_SET_PDEATHSIG = 1

# Shared with every worker. A lock would stay held by a worker that is killed; a byte of memory has none.
_ended = mmap(-1, 1)


def each(work: Callable[[Item], Result], items: Sequence[Item], jobs: int) -> Generator[Result | None]:
    """Yield the result for each item in their order, or None if its process was killed.

    Whoever stops early closes it: what is under way is finished, and nothing else is begun.
    """
    prepare = partial(_prepare, os.getpid())
    pool = ProcessPoolExecutor(min(jobs, len(items)), get_context("fork"), initializer=prepare)
    try:
        for running in [pool.submit(_unless_ended, work, item) for item in items]:
            try:
                yield running.result()
            except BrokenProcessPool:
                yield None
    finally:
        _ended[0] = 1
        pool.shutdown(cancel_futures=True)


def _prepare(parent: int) -> None:
    """Leave it to the parent when a worker ends, unless the parent is killed: then the worker is, too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def _unless_ended(work: Callable[[Item], Result], item: Item) -> Result:
    """Do the work, unless the run has ended: what waits in the pool's own queue cannot be cancelled."""
    if _ended[0]:
        raise CancelledError
    return work(item)
