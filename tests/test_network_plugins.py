"""Each network plugin is told all of what its data plane needs, in the plugin's own words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clusterc import pipeline
from clusterc.diagnostics import Severity
from specs import Plain, checked

DUAL = {"podCIDR": "fd00:10:64::/48", "serviceCIDR": "fd00:10:32::/112"}


def spec(provider: str = "metal", **network: Any) -> Plain:
    addresses = {"nodeCIDR": "10.0.0.0/20", "podCIDR": "10.64.0.0/14", "serviceCIDR": "10.32.0.0/18"}
    machine: Plain = {"cpu": 32, "memory": "128Gi"}
    body: Plain = {
        "preset": "general",
        "kubernetes": {"version": "1.37.2"},
        "provider": provider,
        "network": {"mode": "overlay", **addresses, **network},
        "controlPlane": {"endpoint": "api.net.internal:443"},
        "nodePools": [{"name": "cpu", "role": "general", "machine": machine, "nodes": 4}],
    }
    return {"apiVersion": "clusterc.dev/v1alpha1", "kind": "Cluster", "metadata": {"name": "net"}, "spec": body}


def documents(data: Plain) -> dict[str, Any]:
    from clusterc.emit import emit

    return {document.path: document.body for document in emit(*pipeline.understand(checked(data)))}


def installation(**network: Any) -> Any:
    body = documents(spec(cni="calico", **network))["objects/_cluster/installation-default.yaml"]
    return body["spec"]["calicoNetwork"]


@pytest.mark.parametrize(("proxy", "data_plane"), [("none", "BPF"), ("nftables", "Nftables"), ("iptables", "Iptables")])
def test_calico_serves_services_itself_where_kube_proxy_does_not_run(proxy: str, data_plane: str) -> None:
    assert installation(proxy={"mode": proxy})["linuxDataplane"] == data_plane


def test_calicos_operator_is_told_where_the_api_is_where_no_service_leads_there() -> None:
    path = "objects/tigera-operator/configmap-kubernetes-services-endpoint.yaml"
    told = documents(spec(cni="calico", proxy={"mode": "none"}))[path]["data"]
    assert told == {"KUBERNETES_SERVICE_HOST": "api.net.internal", "KUBERNETES_SERVICE_PORT": "443"}
    assert path not in documents(spec(cni="calico"))


def test_calico_has_a_pool_for_each_family() -> None:
    assert [pool["cidr"] for pool in installation()["ipPools"]] == ["10.64.0.0/14"]
    assert [pool["cidr"] for pool in installation(dualStack=DUAL)["ipPools"]] == ["10.64.0.0/14", "fd00:10:64::/48"]


def test_cilium_routes_both_families_natively_or_wraps_both() -> None:
    native = documents(spec(mode="native", cni="cilium", dualStack=DUAL))["network/cilium-values.yaml"]
    assert native["ipv6NativeRoutingCIDR"] == "fd00:10:64::/48"
    overlay = documents(spec(cni="cilium", dualStack=DUAL))["network/cilium-values.yaml"]
    assert overlay["ipv6"] == {"enabled": True}
    assert "ipv6NativeRoutingCIDR" not in overlay


@pytest.mark.parametrize(("provider", "machines"), [("aks", "azure"), ("eks", "aws"), ("gke", "gcp")])
def test_a_managed_provider_is_told_that_it_reads_none_of_the_files(provider: str, machines: str) -> None:
    (finding,) = checked(spec(provider)).findings
    assert (finding.id, finding.path, finding.severity) == ("CC3002", "spec.provider", Severity.WARNING)
    assert provider in finding.message
    assert f"provider: {machines} " in (finding.fix or "")


@pytest.mark.parametrize("provider", ["azure", "aws", "gcp", "metal"])
def test_who_runs_the_control_plane_oneself_is_told_nothing(provider: str) -> None:
    assert checked(spec(provider)).findings == ()


# What each takes off by itself: flannel's encapOverhead and overhead, Cilium's TunnelOverheadIPv4.
TAKEN_OFF = {"vxlan": 50, "wireguard": 80, "tunnel": 50, "native": 0}


@pytest.mark.parametrize("backend", ["vxlan", "wireguard"])
@pytest.mark.parametrize(("said", "pods"), [({}, None), ({"underlayMTU": 9000}, None), ({"mtu": 1400}, 1400)])
def test_flannel_is_told_the_packet_from_which_it_takes_off_its_own_wrapping(
    backend: str, said: dict[str, Any], pods: int | None
) -> None:
    found = documents(spec(mode="flannel", flannel={"backend": backend}, **said))
    settings = json.loads(found["objects/kube-flannel/configmap-kube-flannel-cfg.yaml"]["data"]["net-conf.json"])
    underlay = said.get("underlayMTU", 1500)
    expected = pods or underlay - TAKEN_OFF[backend]
    assert settings["Backend"]["MTU"] - TAKEN_OFF[backend] == expected
    assert f"packets up to {expected}" in found["README.md"]


@pytest.mark.parametrize("mode", ["overlay", "native"])
def test_cilium_is_told_the_packet_from_which_it_takes_off_its_own_wrapping(mode: str) -> None:
    found = documents(spec(mode=mode, cni="cilium"))
    values = found["network/cilium-values.yaml"]
    pods = values["MTU"] - TAKEN_OFF[values["routingMode"]]
    assert values["MTU"] == 1500
    assert f"packets up to {pods}" in found["README.md"]
