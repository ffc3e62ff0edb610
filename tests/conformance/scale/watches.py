"""Watches, as machines hold them all the time."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPSConnection

from conformance.control_plane.client import SECONDS
from conformance.control_plane.plane import Plane
from conformance.control_plane.processes import LOOPBACK

OTHER_FILES = 1_000


@contextmanager
def watches(plane: Plane, names: list[str]) -> Iterator[None]:
    """Hold a watch of the pods of each machine, each on a connection of its own."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, len(names) + OTHER_FILES), most))
    context = plane.staged.credentials().context(trusting=False)
    with plane.client() as client:
        version = client.get("/api/v1/pods", limit=1).expect()["metadata"]["resourceVersion"]
    with ExitStack() as held:
        for name in names:
            connection = HTTPSConnection(LOOPBACK, plane.staged.ports.api_server, timeout=SECONDS, context=context)
            held.callback(connection.close)
            query = f"watch=1&fieldSelector=spec.nodeName%3D{name}&resourceVersion={version}"
            connection.request("GET", f"/api/v1/pods?{query}")
            answer = connection.getresponse()
            held.callback(answer.close)
            if answer.status != 200:
                raise AssertionError(f"{answer.status}: {answer.read().decode()[:2000]}")
        yield
