"""What a tree says of its etcds goes on to the programs: only the addresses are others."""

from __future__ import annotations

import re

import pytest

from conformance.control_plane.replacements import OVERRIDES, Ports, api_server_flags, url
from conformance.control_plane.staging import etcd_members, etcds
from conformance.scale import report
from conformance.trees import OUTPUT, load

TREE = OUTPUT / "research-7500"
PORTS = Ports.free(("main", "events"))
EVENTS = url(PORTS.etcd["events"]["client"])


def emitted() -> dict[str, str]:
    """Return the extra arguments of the tree's API server."""
    file = TREE / "control-plane/kubeadm/cluster-configuration.yaml"
    return {each["name"]: each["value"] for each in load(file.read_text())["apiServer"]["extraArgs"]}


def replaced(override: str) -> str:
    """Return what an API server is started with where the tree says `override`."""
    return api_server_flags({OVERRIDES: override}, PORTS, etcd_members(TREE), emulate=None)[OVERRIDES]


def test_the_tree_has_an_etcd_for_events() -> None:
    assert etcds(TREE) == ("main", "events")


def test_the_emitted_override_stands_with_the_address_of_the_etcd_that_it_names() -> None:
    assert replaced(emitted()[OVERRIDES]) == f"/events#{EVENTS}"


@pytest.mark.parametrize("resource", ["/event", "events", "/secrets"])
def test_a_spoilt_override_reaches_the_api_server_as_it_is(resource: str) -> None:
    assert replaced(emitted()[OVERRIDES].replace("/events#", f"{resource}#")) == f"{resource}#{EVENTS}"


def test_an_override_that_names_the_main_etcd_goes_there() -> None:
    main = min(address for address, etcd in etcd_members(TREE).items() if etcd == "main")
    override = f"/events#{main},apps/deployments#{emitted()[OVERRIDES].partition('#')[2]}"
    assert replaced(override) == f"/events#{url(PORTS.etcd['main']['client'])},apps/deployments#{EVENTS}"


def test_an_override_that_names_nobody_is_no_override() -> None:
    with pytest.raises(KeyError, match="nobody"):
        replaced(re.sub(r"https://[\w.-]+", "https://nobody", emitted()[OVERRIDES]))


def test_a_tree_with_an_etcd_for_events_must_say_so() -> None:
    flags = {name: value for name, value in emitted().items() if name != OVERRIDES}
    with pytest.raises(KeyError, match=OVERRIDES):
        api_server_flags(flags, PORTS, etcd_members(TREE), emulate=None)


def test_the_page_about_the_largest_tree_says_what_was_not_as_emitted() -> None:
    said = "\n".join(report.not_as_emitted())
    assert "each etcd has one member" in said
    for words in ("etcd has `unsafe-no-fsync` set to `true`", "`endpoint-reconciler-type` set to `none`"):
        assert words in said
    assert said in report.REPORT.read_text()
