"""`clusterc explain`: the spec language, offline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from clusterc.spec.cluster import Body, Spec
from clusterc.spec.reference import Field, look_up

if TYPE_CHECKING:
    from cli.runs import Clusterc


def field(path: str) -> Field:
    found = look_up(path)
    assert isinstance(found, Field), found
    return found


def every_path(path: str = "spec") -> list[str]:
    """Return the paths of all fields, found through the pages themselves."""
    inner = [f"{path}.{below.path}" for below in field(path).fields]
    return [path, *(deep for below in inner for deep in every_path(below))]


def test_every_field_of_the_language_has_a_page_with_a_description_and_a_type() -> None:
    pages = {path: field(path) for path in every_path()}
    assert len(pages) > 300
    assert [path for path, page in pages.items() if not page.description or not page.type] == []


def test_without_a_path_the_blocks_of_a_spec_are_listed(clusterc: Clusterc) -> None:
    run = clusterc("explain")
    assert run.code == 0
    listed = [line.split()[0].rstrip("*") for line in run.out.splitlines() if line.startswith("  ")]
    names = [field.alias or name for name, field in Body.model_fields.items()]
    assert [name for name in listed if name in names] == names


def test_a_field_has_its_description_its_values_and_its_default(clusterc: Clusterc) -> None:
    out = clusterc("explain", "controlPlane.apiServers.audit.level").out
    assert out.startswith("spec.controlPlane.apiServers.audit.level\n  What is logged of requests")
    assert "None | Metadata | Request | RequestResponse" in out
    assert "default   Metadata\n" in out


@pytest.mark.parametrize(
    ("path", "kind", "default"),
    [
        ("controlPlane.etcd.quota", "size in Ki, Mi, Gi, Ti, Pi, k, M, G, T; such as 8Gi", ""),
        ("controlPlane.apiServers.audit.maxSize", "size in Ki, Mi, Gi, Ti, Pi, k, M, G, T; such as 8Gi", "200Mi"),
        ("controlPlane.etcd.disk.writeLatency", "duration in ns, us, ms, s, m, h, d; such as 200us", ""),
        ("autoscaler.scaleDown.unneeded", "duration in ns, us, ms, s, m, h, d; such as 30s", "10m"),
        ("network.podCIDR", "IPv4 range; such as 10.64.0.0/12", ""),
        ("controlPlane.apiServers.count", "whole number, 1 to 31", ""),
        ("network.dns.replicas", "whole number from 1 on", ""),
        ("autoscaler.maxTerminateFraction", "number, 0 to 1", ""),
        ("nodePools[].nodes", "whole number, or block", ""),
        ("nodePools[].kubelet", "any fields", ""),
        ("nodePools[].zones", "list of: text", ""),
        ("teams", "list of: block", ""),
        ("network.flannel.directRouting", "true or false", "false"),
    ],
)
def test_a_type_is_said_in_words_with_its_units(path: str, kind: str, default: str) -> None:
    assert (field(path).type, field(path).default) == (kind, default)


@pytest.mark.parametrize(
    "path",
    ["nodePools[a100].pods.max", "nodePools[].pods.max", "spec.nodePools.pods.max", "nodePools.a100.pods.max"],
)
def test_items_of_a_list_may_be_named_or_not(path: str) -> None:
    assert field(path).path == "spec.nodePools[].pods.max"


def test_a_pool_may_be_called_as_a_field_is() -> None:
    assert field("nodePools[gpu].gpu").path == "spec.nodePools[].gpu"


def test_fields_outside_spec_have_pages() -> None:
    assert [field(name).path for name in Spec.model_fields if name != "api_version"] == ["kind", "metadata", "spec"]
    assert field("metadata.name").required


def test_a_setting_of_a_component_is_explained_by_the_field_that_passes_it_on(clusterc: Clusterc) -> None:
    out = clusterc("explain", "nodePools[gpu].kubelet.maxPods").out
    assert out.startswith("spec.nodePools[].kubelet.maxPods\n  Passed on as it is, below spec.nodePools[].kubelet:")


def test_a_setting_with_dots_in_its_name_keeps_them() -> None:
    assert field("nodePools[gpu].sysctls[net.core.somaxconn]").passed_on == "net.core.somaxconn"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("controlPlane.etcd.quotta", "did you mean spec.controlPlane.etcd.quota?"),
        ("podCIDR", "did you mean spec.network.podCIDR or spec.network.dualStack.podCIDR?"),
        ("nodepools", "did you mean spec.nodePools?"),
        ("nodePools.pod.max", "did you mean spec.nodePools[].pods?"),
        ("network.mode.x", "spec.network.mode has no such field"),
        ("frobnicate", "try `clusterc explain spec`"),
    ],
)
def test_an_unknown_path_is_refused_with_what_comes_near(clusterc: Clusterc, path: str, said: str) -> None:
    run = clusterc("explain", path)
    assert (run.code, run.out) == (2, "")
    assert said in run.err


def test_with_a_spec_the_value_and_its_reason_follow(clusterc: Clusterc, lab: Path) -> None:
    out = clusterc("explain", "network.mtu", lab.name).out
    assert out.endswith(
        "spec.network.mtu = 1450\n    default: underlay 1500 - 50 for vxlan\n"
        "    source: flannel's constants: VXLAN 50, WireGuard 80 bytes\n"
    )


def test_with_a_spec_that_says_nothing_that_is_said(clusterc: Clusterc, lab: Path) -> None:
    assert clusterc("explain", "teams", lab.name).out.endswith(
        "lab.yaml says nothing here, and nothing is decided from it.\n"
    )


@pytest.mark.parametrize("columns", ["1", "40", "80", "1000"])
def test_lines_fit_the_terminal(clusterc: Clusterc, columns: str) -> None:
    run = clusterc("explain", "network", COLUMNS=columns)
    longest = max(len(line) for line in run.out.splitlines())
    assert longest <= min(max(int(columns), 40), 100)


def test_an_empty_argument_names_no_spec(clusterc: Clusterc) -> None:
    run = clusterc("explain", "spec", "")
    assert (run.code, run.out, run.err) == (2, "", "clusterc: an empty argument names no spec\n")
