"""CoreDNS and the cache on every machine: what is remembered, what is forgotten soon, and how a replica leaves."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from clusterc import pipeline
from clusterc.emit import emit
from specs.minimal import POOL, minimal
from specs.reading import resolved

ROOT = Path(__file__).resolve().parents[2]
FOLDER = "objects/kube-system"


@pytest.fixture(scope="module")
def files() -> dict[str, Any]:
    spec = ROOT / "clusters/research-7500.yaml"
    cluster, capacity = pipeline.understand(pipeline.read(spec, name=spec.name, root=ROOT))
    return {document.path: document.body for document in emit(cluster, capacity)}


def zones(corefile: str) -> dict[str, str]:
    """Return the plugins of each zone of a Corefile."""
    return {match[1]: match[2] for match in re.finditer(r"^(\S+):53 \{\n(.*?)^\}$", corefile, re.MULTILINE | re.DOTALL)}


@pytest.fixture
def cache(files: dict[str, Any]) -> dict[str, str]:
    found = zones(files[f"{FOLDER}/configmap-node-local-dns.yaml"]["data"]["Corefile.base"])
    assert found.keys() == {"cluster.local", "in-addr.arpa", "ip6.arpa", "."}
    return found


def test_a_name_that_was_asked_for_too_early_is_asked_for_again_soon(
    files: dict[str, Any], cache: dict[str, str]
) -> None:
    denial = re.search(r"denial \d+ (\d+)", cache["cluster.local"])
    assert denial is not None
    # Upstream's manifest: five seconds; a plain `cache 30` keeps a denial as long as an answer, once more in CoreDNS.
    assert int(denial[1]) == 5
    inside = zones(files[f"{FOLDER}/configmap-coredns.yaml"]["data"]["Corefile"])["."]
    assert "disable success cluster.local" in inside
    assert "disable denial cluster.local" in inside


def test_only_coredns_is_asked_over_tcp(cache: dict[str, str]) -> None:
    assert [zone for zone, plugins in cache.items() if "force_tcp" in plugins] == [
        "cluster.local",
        "in-addr.arpa",
        "ip6.arpa",
    ]


def test_a_replica_is_killed_only_after_it_has_answered_its_last_clients(files: dict[str, Any]) -> None:
    lameduck = re.search(r"lameduck (\d+)s", files[f"{FOLDER}/configmap-coredns.yaml"]["data"]["Corefile"])
    pod = files[f"{FOLDER}/deployment-coredns.yaml"]["spec"]["template"]["spec"]
    assert lameduck is not None
    assert pod["terminationGracePeriodSeconds"] > int(lameduck[1])


@pytest.mark.parametrize("spec", sorted((ROOT / "clusters").glob("*.*")), ids=lambda spec: spec.stem)
def test_a_replica_asks_for_the_cores_on_which_its_queries_were_measured(spec: Path) -> None:
    cluster, capacity = pipeline.understand(pipeline.read(spec, name=spec.name, root=ROOT))
    (deployment,) = (each for each in emit(cluster, capacity) if each.path.endswith("deployment-coredns.yaml"))
    body: Any = deployment.body
    (container,) = body["spec"]["template"]["spec"]["containers"]
    asked = container["resources"]["requests"]["cpu"]
    cores = int(asked.removesuffix("m")) / (1000 if asked.endswith("m") else 1)
    each = capacity.quantity("dns-queries").values[2] / body["spec"]["replicas"]
    assert each / cores <= 33_669 / 2
    assert cores >= 0.1


@pytest.mark.parametrize(("nodes", "replicas", "cores"), [(8, 2, "100m"), (500, 2, "1"), (1_200, 3, "1600m")])
def test_the_cores_of_a_replica_follow_its_queries(nodes: int, replicas: int, cores: str) -> None:
    # 40 queries/s of each node; two cores for 20,000 of them.
    pool = {**POOL, "nodes": nodes}
    cluster = resolved(minimal(nodePools=[pool], network={"podCIDR": "10.64.0.0/12"}))
    assert cluster.network.dns.replicas == replicas
    assert cluster.decisions["spec.addons[coredns].resources.cpu"].value == cores
