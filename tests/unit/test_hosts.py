"""Machines of the control plane by name, by IPv4 and by IPv6 address: in URLs, certificates and load balancers."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from specs.minimal import errors, files, minimal
from specs.reading import resolved

V6 = ["fd00::1", "fd00::2", "fd00::3"]


@pytest.mark.parametrize(
    ("endpoint", "first"),
    [
        ("api.example.internal:6443", "etcd-0.example.internal"),
        ("k8s:443", "etcd-0"),
        ("10.0.0.5:6443", "etcd-0"),
        ("[fd00::9]:6443", "etcd-0"),
    ],
)
def test_hosts_are_named_below_the_domain_of_the_endpoint_where_it_has_one(endpoint: str, first: str) -> None:
    plane = resolved(minimal(controlPlane={"endpoint": endpoint})).control_plane
    assert plane.etcd.members[0].host == first


@pytest.mark.parametrize(("endpoint", "name"), [("10.0.0.5:6443", "10.0.0.5"), ("[fd00::9]:443", "fd00::9")])
def test_the_certificate_names_an_address_without_brackets(endpoint: str, name: str) -> None:
    text = files(minimal(controlPlane={"endpoint": endpoint}))["control-plane/kubeadm/cluster-configuration.yaml"]
    kubeadm = YAML(typ="safe", pure=True).load(text)
    assert kubeadm["controlPlaneEndpoint"] == endpoint
    assert kubeadm["apiServer"]["certSANs"][0] == name


def test_an_ipv6_address_stands_in_brackets_in_every_url_of_etcd() -> None:
    text = files(minimal(controlPlane={"etcd": {"hosts": V6}}))["etcd/main/fd00--2/etcd.yaml"]
    etcd = YAML(typ="safe", pure=True).load(text)
    assert etcd["advertise-client-urls"] == "https://[fd00::2]:2379"
    assert etcd["initial-advertise-peer-urls"] == "https://[fd00::2]:2380"
    assert etcd["listen-client-urls"] == "https://[::]:2379"
    assert etcd["initial-cluster"].split(",")[2] == "fd00--3=https://[fd00::3]:2380"


def test_servers_of_the_load_balancer_have_different_names_even_by_address() -> None:
    hosts = ["10.0.0.1", "10.0.0.2", "fd00::3"]
    text = files(minimal(controlPlane={"apiServers": {"hosts": hosts}}))["control-plane/load-balancer/haproxy.cfg"]
    servers = [line.split()[1:] for line in text.splitlines() if line.startswith("    server ")]
    assert servers == [["10.0.0.1", "10.0.0.1:6443"], ["10.0.0.2", "10.0.0.2:6443"], ["fd00::3", "[fd00::3]:6443"]]


def test_a_load_balancer_with_an_ipv6_endpoint_listens_on_it() -> None:
    text = files(minimal(controlPlane={"endpoint": "[fd00::9]:443"}))["control-plane/load-balancer/haproxy.cfg"]
    assert "    bind [::]:443 v4v6\n" in text


def test_two_etcds_on_one_machine_are_shown_at_both_of_its_places() -> None:
    plane = {"etcd": {"hosts": ["m-1", "m-2", "m-3"]}, "eventsEtcd": {"hosts": ["m-4", "m-5", "m-2"]}}
    (found,) = errors(minimal(controlPlane=plane))
    assert found.path == "spec.controlPlane.eventsEtcd.hosts[2]"
    assert [other.path for other in found.related] == ["spec.controlPlane.etcd.hosts[1]"]


def test_a_shared_machine_is_shown_where_the_spec_names_it_though_the_other_is_named_by_number() -> None:
    (found,) = errors(minimal(controlPlane={"etcd": {"hosts": ["api-0.sample.internal", "m-2", "m-3"]}}))
    assert found.path == "spec.controlPlane.etcd.hosts[0]"
    (found,) = errors(minimal(controlPlane={"apiServers": {"hosts": ["m-1", "etcd-1.sample.internal"]}}))
    assert found.path == "spec.controlPlane.apiServers.hosts[1]"
