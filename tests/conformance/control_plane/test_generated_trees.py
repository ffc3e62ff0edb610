"""What drawn specs compile to, before whole programs: every minor's API server, and the newest minor's components."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import ip_address, ip_network

import pytest

from conformance.conftest import Trees
from conformance.control_plane import replacements as differ
from conformance.control_plane.client import Client
from conformance.control_plane.conftest import HOST_NETWORK, at, started
from conformance.control_plane.objects import Object, Places, create_namespaces, unanswered
from conformance.control_plane.plane import Plane
from conformance.control_plane.whole import READERS, refusal
from conformance.generated import Asked, Refused, drawn, once, shown
from conformance.programs import MINORS, NEWEST
from conformance.trees import load, minor_of

EVERY_MINOR = [at(HOST_NETWORK, minor) for minor in MINORS]

# Namespaces that come with an operator, which the runbook has installed before.
BY_OPERATORS = ("tigera-operator",)


def namespace(name: str) -> Object:
    """Return a namespace."""
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


@pytest.fixture
def plane(request: pytest.FixtureRequest, trees: Trees) -> Iterator[Plane]:
    """Run an API server of this module's own: what other tests have created cannot be dry-run with other values."""
    with started(request.param, trees) as running:
        yield running


def address(item: Object) -> str | None:
    """Return the address that a Service asks for."""
    found = item["spec"].get("clusterIP", "None") if item["kind"] == "Service" else "None"
    return None if found == "None" else str(found)


@pytest.mark.parametrize("plane", EVERY_MINOR, indirect=True)
def test_the_api_server_takes_the_objects_of_drawn_specs(plane: Plane, admin: Client, places: Places) -> None:
    minor, ranges = minor_of(plane.staged.tree), plane.staged.flags["kube-apiserver"]["service-cluster-ip-range"]

    def ask(asked: Sequence[Asked]) -> list[Refused]:
        items = [(number, request, load(request.text)) for number, request in asked]
        create_namespaces(admin, places, (*(item for _, _, item in items), *map(namespace, BY_OPERATORS)))
        found = []
        for number, request, item in items:
            sent = differ.service(item, ranges) if address(item) else item
            if errors := unanswered(admin, places, sent):
                found.append(Refused(number, request, tuple(errors)))
        return found

    objects = [each for each in once(drawn().asked) if each[1].reader == "api-object" and each[1].minor == minor]
    assert objects
    if found := ask(objects):
        pytest.fail(shown(found, ask), pytrace=False)


def test_services_of_drawn_specs_ask_for_addresses_that_their_api_servers_give() -> None:
    kinds = {kind: [(number, load(request.text)) for number, request in drawn().asked if request.kind == kind]
             for kind in ("ClusterConfiguration", "Service")}  # fmt: skip
    ranges = {
        number: item["networking"]["serviceSubnet"].split(",")[0] for number, item in kinds["ClusterConfiguration"]
    }
    asked = [(number, said) for number, item in kinds["Service"] if (said := address(item))]
    assert asked
    assert [each for each in asked if ip_address(each[1]) not in ip_network(ranges[each[0]])] == []


def refused(asked: Sequence[Asked]) -> list[Refused]:
    """Return what the newest minor's programs refuse."""
    words = [(number, request, refusal(request.reader, request.text)) for number, request in asked]
    return [Refused(number, request, (said,)) for number, request, said in words if said]


@pytest.mark.parametrize("reader", READERS)
def test_the_newest_minors_program_takes_what_drawn_specs_compile_to(reader: str) -> None:
    texts = [each for each in once(drawn().asked) if (each[1].reader, each[1].minor) == (reader, NEWEST)]
    assert texts
    if found := refused(texts):
        pytest.fail(shown(found, refused), pytrace=False)
