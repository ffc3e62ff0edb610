"""Many requests over a few connections that stay open."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TypeVar

from conformance.control_plane.client import Client
from conformance.control_plane.plane import Plane

CONNECTIONS = 6
Item = TypeVar("Item")


def each(plane: Plane, items: Iterable[Item], act: Callable[[Client, Item], object]) -> None:
    """Do one thing for every item, over a few connections at once; raise what the first failure raises."""
    waiting, turn, failures = iter(items), threading.Lock(), list[BaseException]()

    def work() -> None:
        with plane.client() as client:
            while not failures:
                with turn:
                    item = next(waiting, None)
                if item is None:
                    return
                try:
                    act(client, item)
                except BaseException as failure:  # noqa: BLE001 - raised again where it is seen
                    failures.append(failure)

    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join()
    except KeyboardInterrupt as interrupt:
        failures.append(interrupt)
        raise
    if failures:
        raise failures[0]
