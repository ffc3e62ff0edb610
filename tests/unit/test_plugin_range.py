"""What each network plugin takes of the pods' range for a machine, by the plugin's own documentation."""

from __future__ import annotations

from pathlib import Path

import pytest

from clusterc import pipeline

SPEC = """\
apiVersion: clusterc.dev/v1alpha1
kind: Cluster
metadata: {{name: small}}
spec:
  preset: lab
  kubernetes: {{version: 1.37.2}}
  provider: {provider}
  network:
    mode: {mode}
    cni: {cni}
    nodeCIDR: 10.0.0.0/24
    podCIDR: 10.64.0.0/{length}
    serviceCIDR: 10.32.0.0/20
    {settings}
  controlPlane: {{endpoint: "api.small.internal:6443"}}
  nodePools:
    - name: one
      role: general
      machine: {{cpu: 32, memory: 128Gi}}
      nodes: 3
      pods: {{max: {pods}}}
    - name: two
      role: general
      machine: {{cpu: 32, memory: 128Gi}}
      nodes: 1
      pods: {{max: 12}}
"""

# Provider, mode, plugin, pods of a machine of the larger pool, the longest range that holds everything.
HELD = {
    "calico: 4 blocks of 64": ("metal", "overlay", "calico", 110, 24),
    "aws: 4 prefixes of 16": ("aws", "native", "aws-vpc", 110, 26),
    "aks: 3 batches of 16, and 12": ("aks", "native", "azure-vnet", 110, 26),
    "aks overlay: 4 times 256": ("aks", "overlay", "azure-vnet", 110, 22),
    "azure: 3 x 110 + 12": ("azure", "native", "azure-vnet", 110, 23),
    "gke: 3 x 256, and 32 for 12 pods": ("gke", "native", "gce-alias", 110, 22),
    "gke: 3 x 64 for 32 pods, and 32": ("gke", "native", "gce-alias", 32, 24),
}


def told(folder: Path, case: tuple[str, str, str, int, int], settings: str = "") -> list[str]:
    provider, mode, cni, pods, length = case
    file = folder / "small.yaml"
    text = SPEC.format(provider=provider, mode=mode, cni=cni, pods=pods, length=length, settings=settings)
    file.write_text(text)
    found = pipeline.read(file, name=file.name, root=folder).findings
    return [f"{finding.severity.value} {finding.span and finding.span.line}" for finding in found if of_range(finding)]


def of_range(finding: object) -> bool:
    return getattr(finding, "id", "") == "CC1203"


@pytest.mark.parametrize("case", HELD.values(), ids=HELD)
def test_a_range_that_holds_what_is_taken_is_right(case: tuple[str, str, str, int, int], tmp_path: Path) -> None:
    assert told(tmp_path, case) == []


@pytest.mark.parametrize("case", HELD.values(), ids=HELD)
def test_half_of_it_is_too_small(case: tuple[str, str, str, int, int], tmp_path: Path) -> None:
    # Calico's nodes borrow addresses of each other's blocks, as long as there is one.
    severity = "warning" if case[2] == "calico" else "error"
    assert told(tmp_path, (*case[:4], case[4] + 1)) == [f"{severity} 12"]


def test_a_range_without_a_block_of_calico_is_an_error(tmp_path: Path) -> None:
    assert told(tmp_path, ("metal", "overlay", "calico", 110, 27)) == ["error 12"]


def test_single_addresses_are_not_reckoned_in_prefixes(tmp_path: Path) -> None:
    case = ("aws", "native", "aws-vpc", 110, 27)
    assert told(tmp_path, case, "settings: {ENABLE_PREFIX_DELEGATION: false}") == []


def test_the_owner_says_how_large_alias_ranges_of_own_machines_are(tmp_path: Path) -> None:
    assert told(tmp_path, ("gcp", "native", "gce-alias", 110, 28)) == []
