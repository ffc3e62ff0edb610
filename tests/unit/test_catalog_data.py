from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from clusterc import catalog

Row = dict[str, Any]

DATA = Path(catalog.__file__).parent / "data"
BLOCKS = {"gpus": "gpus", "machines": "machines", "providers": "ceilings"}
FILES = sorted(path.relative_to(DATA).as_posix() for path in DATA.glob("*/*.json"))
NETWORK_CEILINGS = {"dnsPacketsPerSecondPerInterface", "dnsQueriesPerSecondPerMachine", "routesPerTableRaised"}
NETWORK_CEILINGS |= {"addressesPerNetwork", "addressesPerSubnet", "privateAddressesPerNetwork"}
NETWORK_CEILINGS |= {"reservedAddressesPerSubnet", "routesPerTable"}
MACHINE_CEILINGS = {"addressesPerInterface", "attachableDisks", "networkInterfacesPerMachine", "podsPerNode"}
CLUSTER_CEILINGS = {"groupsPerCluster", "joinBatchNodes", "maxSurgePercent", "nodesPerCluster", "podsPerCluster"}
CLUSTER_CEILINGS |= {"instanceGroupSize", "nodesPerGroup"}


def _refuse_doubles(pairs: list[tuple[str, Any]]) -> Row:
    names = [name for name, _ in pairs]
    doubles = {name for name in names if names.count(name) > 1}
    assert not doubles, f"named twice: {doubles}"
    return dict(pairs)


def _read(file: str) -> Row:
    table: Row = json.loads((DATA / file).read_text(encoding="utf-8"), object_pairs_hook=_refuse_doubles)
    return table


def _rows(file: str) -> dict[str, Row]:
    rows: dict[str, Row] = _read(file)[BLOCKS[Path(file).parent.name]]
    return rows


def _all(kind: str) -> dict[str, Row]:
    files = [file for file in FILES if file.startswith(f"{kind}/")]
    return {f"{file}: {name}": row for file in files for name, row in _rows(file).items()}


def _numbers(place: str, value: Any) -> dict[str, float]:
    if isinstance(value, dict):
        inner = {f"{place}.{key}": item for key, item in value.items()}
    elif isinstance(value, list):
        inner = {f"{place}[{index}]": item for index, item in enumerate(value)}
    else:
        return {place: value} if isinstance(value, int | float) and not isinstance(value, bool) else {}
    return {at: number for key, item in inner.items() for at, number in _numbers(key, item).items()}


GPUS = _all("gpus")
MACHINES = _all("machines")
MIG_PROFILES = [(place, name, count) for place, row in GPUS.items() for name, count in row["migProfiles"].items()]
XID = {place: row["xid"] for place, row in GPUS.items() if "xid" in row}


def _mig(profile: str) -> tuple[int, int]:
    match = re.fullmatch(r"([1-7])g\.(\d+)gb", profile)
    assert match, f"not the name of a MIG profile: {profile}"
    return int(match[1]), int(match[2])


def test_each_kind_has_its_files() -> None:
    by_kind = {kind: {Path(file).stem for file in FILES if file.startswith(f"{kind}/")} for kind in BLOCKS}
    assert by_kind == {
        "gpus": {"amd", "aws", "nvidia"},
        "machines": {"aws", "azure", "gcp"},
        "providers": {"aks", "aws", "azure", "eks", "gcp", "gke", "metal"},
    }


@pytest.mark.parametrize("file", FILES)
def test_a_file_is_named_for_the_vendor_or_provider_it_describes(file: str) -> None:
    label = "vendor" if file.startswith("gpus/") else "provider"
    assert _read(file)[label] == Path(file).stem


@pytest.mark.parametrize("file", FILES)
def test_names_are_sorted(file: str) -> None:
    assert list(_rows(file)) == sorted(_rows(file))


@pytest.mark.parametrize("file", FILES)
def test_a_line_stays_within_160_columns(file: str) -> None:
    lines = (DATA / file).read_text(encoding="utf-8").splitlines()
    assert {number: len(line) for number, line in enumerate(lines, 1) if len(line) > 160} == {}


@pytest.mark.parametrize("file", FILES)
def test_every_row_says_where_and_when_it_was_checked(file: str) -> None:
    table = _read(file)
    beside = {name: row for name, row in table.items() if name.endswith("Source")}
    for name, row in (_rows(file) | beside).items():
        assert row["source"].strip(), name
        assert row["confidence"] in {"documented", "secondary", "memory"}, name
        assert date.fromisoformat(row["checked"]).isoformat() == row["checked"], name


@pytest.mark.parametrize("file", FILES)
def test_a_row_that_admits_memory_in_its_source_is_not_called_documented(file: str) -> None:
    admitted = {name for name, row in _rows(file).items() if "from memory" in row["source"]}
    assert {name for name in admitted if _rows(file)[name]["confidence"] != "memory"} == set()


@pytest.mark.parametrize("file", FILES)
def test_a_row_that_admits_to_be_dated_or_to_be_of_another_project_is_not_called_documented(file: str) -> None:
    rows = _rows(file)
    dated = {
        name for name in rows if "dated" in rows[name].get("note", "") or ":Documentation/" in rows[name]["source"]
    }
    assert {name for name in dated if rows[name]["confidence"] == "documented"} == set()


@pytest.mark.parametrize("file", FILES)
def test_every_number_is_positive_save_an_absent_local_disk(file: str) -> None:
    numbers = _numbers("", _rows(file))
    wrong = {place for place, number in numbers.items() if number <= 0 and not place.endswith(".localDiskGiB")}
    assert wrong == set()
    assert {place for place, number in numbers.items() if number < 0} == set()


@pytest.mark.parametrize("place", GPUS)
def test_an_nvlink_domain_is_one_gpu_one_node_or_whole_nodes(place: str) -> None:
    gpu = GPUS[place]
    assert gpu["nvlinkDomain"] == 1 or gpu["nvlinkDomain"] % gpu["perNode"] == 0


def test_gpu_names_are_unique_across_vendors() -> None:
    names = [place.split(": ")[1] for place in GPUS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("file", "resource"), [("nvidia", "nvidia.com/gpu"), ("amd", "amd.com/gpu")])
def test_a_vendors_gpus_are_requested_by_its_device_plugins_name(file: str, resource: str) -> None:
    assert {row["resource"] for row in _rows(f"gpus/{file}.json").values()} == {resource}


@pytest.mark.parametrize(("place", "profile", "count"), MIG_PROFILES)
def test_the_instances_of_a_mig_profile_fit_the_seven_slices(place: str, profile: str, count: int) -> None:
    slices, _ = _mig(profile)
    assert slices * count <= 7, place


@pytest.mark.parametrize(("place", "profile", "count"), MIG_PROFILES)
def test_the_instances_of_a_mig_profile_fit_the_memory(place: str, profile: str, count: int) -> None:
    _, memory_gib = _mig(profile)
    rounding_gib = count / 2  # a profile's name rounds its share of the memory
    assert memory_gib * count <= GPUS[place]["memoryGiB"] + rounding_gib


@pytest.mark.parametrize("place", sorted({place for place, _, _ in MIG_PROFILES}))
def test_the_whole_gpu_is_one_of_its_mig_profiles(place: str) -> None:
    profiles: dict[str, int] = GPUS[place]["migProfiles"]
    largest = max(profiles, key=_mig)
    _, memory_gib = _mig(largest)
    assert profiles[largest] == 1
    assert memory_gib >= 0.95 * GPUS[place]["memoryGiB"]


def test_gpus_before_ampere_and_graphics_boards_have_no_mig() -> None:
    without = {"v100-sxm2-16gb", "v100-sxm2-32gb", "v100-pcie-16gb", "t4", "a10", "a10g", "l4", "l40s"}
    assert {name for name in without if catalog.gpus()[name]["migProfiles"]} == set()


def test_xids_are_given_for_every_nvidia_gpu_and_no_other() -> None:
    assert set(XID) == {place for place in GPUS if place.startswith("gpus/nvidia.json: ")}


@pytest.mark.parametrize("place", XID)
def test_an_xid_has_one_class(place: str) -> None:
    classes = [XID[place][name] for name in ("contained", "fatal", "application")]
    together = [xid for members in classes for xid in members]
    assert sorted(together) == sorted(set(together))


@pytest.mark.parametrize("place", XID)
def test_a_gpu_that_reports_nvlink_errors_counts_them_as_fatal_and_has_nvlink(place: str) -> None:
    reported = XID[place].get("nvlinkError")
    assert (reported is not None) == (74 in XID[place]["fatal"])
    assert reported in {None, 74}
    assert reported is None or GPUS[place]["nvlinkDomain"] > 1


@pytest.mark.parametrize("place", XID)
def test_a_gpu_either_remaps_rows_or_retires_pages(place: str) -> None:
    assert XID[place]["rowRemap"] is ("pageRetirement" not in XID[place])


def test_blackwell_does_not_use_xid_74() -> None:
    blackwell = [place for place in XID if GPUS[place]["architecture"] == "blackwell"]
    assert blackwell
    assert [place for place in blackwell if 74 in _numbers("", XID[place]).values()] == []


@pytest.mark.parametrize("architecture", ["volta", "turing"])
def test_gpus_before_ampere_retire_pages(architecture: str) -> None:
    older = {place: XID[place] for place in XID if GPUS[place]["architecture"] == architecture}
    assert older
    assert {place for place, xid in older.items() if xid["pageRetirement"] != [63, 64]} == set()


@pytest.mark.parametrize("place", [place for place, machine in MACHINES.items() if "gpu" in machine])
def test_a_machines_gpus_are_known_and_no_more_than_a_node_holds(place: str) -> None:
    gpu = MACHINES[place]["gpu"]
    assert gpu["type"] in catalog.gpus()
    assert gpu["count"] <= catalog.gpus()[gpu["type"]]["perNode"]


@pytest.mark.parametrize("place", MACHINES)
def test_a_machines_memory_is_in_proportion_to_its_cpus(place: str) -> None:
    machine = MACHINES[place]
    assert 1 <= machine["memoryGiB"] / machine["cpus"] <= 32


@pytest.mark.parametrize("place", [place for place, machine in MACHINES.items() if "numaNodes" in machine])
def test_cpus_and_gpus_divide_evenly_over_numa_nodes(place: str) -> None:
    machine = MACHINES[place]
    assert machine["cpus"] % machine["numaNodes"] == 0
    assert machine["gpu"]["count"] % machine["numaNodes"] == 0


@pytest.mark.parametrize("place", [place for place, machine in MACHINES.items() if "rdma" in machine])
def test_rdma_is_known_only_of_gpu_machines(place: str) -> None:
    assert set(MACHINES[place]["rdma"]) == {"nics", "gbps"}
    assert "gpu" in MACHINES[place]


@pytest.mark.parametrize(
    ("machine", "cpus", "gpu"),
    [
        ("Standard_ND96amsr_A100_v4", 96, {"type": "a100-sxm4-80gb", "count": 8}),
        ("Standard_ND40rs_v2", 40, {"type": "v100-sxm2-32gb", "count": 8}),
        ("Standard_NC24rs_v3", 24, {"type": "v100-pcie-16gb", "count": 4}),
        ("Standard_ND96isr_H100_v5", 96, {"type": "h100-sxm5-80gb", "count": 8}),
        ("Standard_D64ds_v5", 64, None),
        ("Standard_D16ds_v5", 16, None),
        ("Standard_D8ds_v5", 8, None),
    ],
)
def test_the_machines_of_the_worked_examples_are_there(machine: str, cpus: int, gpu: Row | None) -> None:
    row = catalog.machines("azure")[machine]
    assert (row["cpus"], row.get("gpu")) == (cpus, gpu)
    assert catalog.machine_providers(machine) == ["azure"]


def test_a_machine_name_belongs_to_one_provider() -> None:
    names = [place.split(": ")[1] for place in MACHINES]
    assert {name: catalog.machine_providers(name) for name in names if len(catalog.machine_providers(name)) != 1} == {}


@pytest.mark.parametrize(
    ("provider", "cloud"),
    [("azure", "azure"), ("aks", "azure"), ("aws", "aws"), ("eks", "aws"), ("gcp", "gcp"), ("gke", "gcp")],
)
def test_a_provider_rents_the_machines_of_its_cloud(provider: str, cloud: str) -> None:
    assert _read(f"providers/{provider}.json")["machines"] == cloud
    assert catalog.machines(provider) == _rows(f"machines/{cloud}.json")


def test_metal_rents_no_machines_and_sets_no_ceilings() -> None:
    assert _read("providers/metal.json")["machines"] is None
    assert catalog.machines("metal") == {}
    assert catalog.ceilings("metal") == {}


@pytest.mark.parametrize("place", _all("providers"))
def test_a_ceiling_is_a_known_whole_number_with_a_unit_and_a_note(place: str) -> None:
    ceiling = _all("providers")[place]
    assert place.split(": ")[1] in NETWORK_CEILINGS | MACHINE_CEILINGS | CLUSTER_CEILINGS
    assert isinstance(ceiling["value"], int)
    assert ceiling["unit"].strip()
    assert ceiling["note"].endswith(".")


@pytest.mark.parametrize("provider", ["azure", "aks", "aws", "eks"])
def test_a_raised_ceiling_is_above_the_default(provider: str) -> None:
    ceilings = catalog.ceilings(provider)
    assert ceilings["routesPerTableRaised"]["value"] > ceilings["routesPerTable"]["value"]


@pytest.mark.parametrize(("managed", "cloud"), [("aks", "azure"), ("eks", "aws"), ("gke", "gcp")])
def test_a_managed_cluster_meets_every_ceiling_of_its_cloud(managed: str, cloud: str) -> None:
    of_cluster = {"nodesPerGroup"}  # a managed group has its own size
    shared = catalog.ceilings(cloud).keys() - of_cluster
    assert shared
    assert {key: catalog.ceilings(managed).get(key) for key in shared} == {
        key: catalog.ceilings(cloud)[key] for key in shared
    }


@pytest.mark.parametrize("managed", ["aks", "eks", "gke"])
def test_a_managed_clusters_group_is_no_larger_than_the_cluster(managed: str) -> None:
    ceilings = catalog.ceilings(managed)
    assert ceilings["nodesPerGroup"]["value"] <= ceilings["nodesPerCluster"]["value"]
