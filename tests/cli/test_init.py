"""`clusterc init`: a spec for any number of machines, right from the start."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusterc import pipeline
from clusterc.catalog import ceilings
from clusterc.cli._starter import PRESETS, PROVIDERS, Wish, starter
from clusterc.load.yaml_spec import load_yaml
from clusterc.spec.canonical import canonical

if TYPE_CHECKING:
    from cli.runs import Clusterc

ROOT = Path(__file__).resolve().parents[2]

wishes = st.builds(
    Wish,
    st.just("sample"),
    st.integers(1, 15_000) | st.sampled_from([1, 2, 1000, 1001, 5000, 15_000]),
    st.sampled_from(PRESETS),
    st.sampled_from(PROVIDERS),
)


def checked(wish: Wish) -> pipeline.Checked:
    source, findings = load_yaml(starter(wish), name="sample.yaml")
    assert source is not None
    return pipeline.check(source, findings, path=Path("sample.yaml"), root=Path())


def data(wish: Wish) -> dict[str, Any]:
    source, _ = load_yaml(starter(wish), name="sample.yaml")
    assert source is not None
    spec: dict[str, Any] = source.data["spec"]
    return spec


@given(wishes)
def test_a_spec_for_any_number_of_machines_has_no_findings(wish: Wish) -> None:
    assert checked(wish).findings == ()


@given(wishes)
def test_the_pools_together_have_the_machines_that_were_asked_for(wish: Wish) -> None:
    spec = checked(wish).spec
    assert spec is not None
    assert sum(pool.nodes.max for pool in spec.spec.node_pools) == wish.nodes
    assert all(pool.nodes.min > 0 for pool in spec.spec.node_pools)


@given(wishes)
def test_every_range_has_room_for_twice_the_machines(wish: Wish) -> None:
    cluster, capacity = pipeline.understand(checked(wish))
    ranges = {"node-addresses", "pod-addresses", "pod-blocks", "service-addresses"}
    room = {limit.id: limit.supply / limit.demand[2] for limit in capacity.limits if limit.id in ranges}
    assert min(room.values()) >= 1.9, room  # a range keeps a few addresses to itself
    network = cluster.network
    assert not network.pod_cidr.overlaps(network.node_cidr)


@given(wishes)
def test_no_ceiling_of_the_provider_is_exceeded_that_a_spec_can_keep(wish: Wish) -> None:
    _, capacity = pipeline.understand(checked(wish))
    ours = [limit for limit in capacity.limits if limit.id.startswith(("provider-group", "network-addresses"))]
    assert [limit.id for limit in ours if limit.demand[2] > limit.supply] == []


@given(wishes)
def test_the_spec_is_in_canonical_form(wish: Wish) -> None:
    assert canonical(starter(wish)) == starter(wish)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("nodes", [1, 10, 1001, 15_000])
def test_the_spec_builds(provider: str, nodes: int) -> None:
    built = pipeline.build(checked(Wish("sample", nodes, "training", provider)))
    assert built.checked.findings == ()
    assert {file.path for file in built.files} >= {"README.md"}


def test_own_machines_take_flannel_up_to_a_thousand_and_native_routes_beyond() -> None:
    modes = {n: data(Wish("sample", n, "training", "metal"))["network"]["mode"] for n in (1000, 1001)}
    assert modes == {1000: "flannel", 1001: "native"}


def test_pods_leave_the_providers_network_before_they_take_all_its_addresses() -> None:
    most = ceilings("azure")["privateAddressesPerNetwork"]["value"]
    for nodes in range(1000, 1600):
        wish = Wish("sample", nodes, "training", "azure")
        assert data(wish)["network"]["mode"] == ("native" if nodes + wish.most_pods <= most else "overlay")


@pytest.mark.parametrize(("nodes", "groups"), [(1250, None), (1251, {"size": 1000})])
def test_a_pool_beyond_the_providers_group_is_divided(nodes: int, groups: dict[str, int] | None) -> None:
    assert ceilings("azure")["nodesPerGroup"]["value"] == 1000
    assert Wish("sample", nodes, "training", "azure").gpu_nodes == nodes - 250
    assert data(Wish("sample", nodes, "training", "azure"))["nodePools"][0].get("groups") == groups


@pytest.mark.parametrize(("nodes", "placement"), [(250, None), (251, "dedicated")])
def test_a_lab_shares_its_control_planes_machines_while_it_is_small(nodes: int, placement: str | None) -> None:
    assert data(Wish("sample", nodes, "lab", "metal"))["controlPlane"].get("placement") == placement


def test_ten_machines_take_fewer_than_forty_lines(clusterc: Clusterc) -> None:
    run = clusterc("init", "--nodes", "10", "-o", "-")
    assert run.code == 0
    assert 10 < len(run.out.splitlines()) < 40


def test_the_shipped_lab_is_what_init_writes(clusterc: Clusterc) -> None:
    run = clusterc("init", "lab-10", "--nodes", "10", "--preset", "lab", "--provider", "metal", "-o", "-")
    assert run.out == (ROOT / "clusters/lab-10.yaml").read_text()


def test_init_writes_a_file_of_the_clusters_name_that_lints(clusterc: Clusterc, tmp_path: Path) -> None:
    run = clusterc("init", "first", "--nodes", "30")
    assert (run.code, run.out, run.err) == (0, "", "first.yaml: written; next: clusterc lint first.yaml\n")
    assert [path.name for path in tmp_path.iterdir()] == ["first.yaml"]
    assert clusterc("lint", "first.yaml").code == 0


def test_a_folder_named_by_output_takes_the_file(clusterc: Clusterc, tmp_path: Path) -> None:
    (tmp_path / "my clusters").mkdir()
    assert clusterc("init", "first", "-o", "my clusters").code == 0
    assert (tmp_path / "my clusters/first.yaml").is_file()


def test_an_existing_file_is_kept(clusterc: Clusterc, tmp_path: Path) -> None:
    (tmp_path / "first.yaml").write_text("mine\n")
    run = clusterc("init", "first")
    assert run.code == 2
    assert "first.yaml exists and is kept" in run.err
    assert (tmp_path / "first.yaml").read_text() == "mine\n"


def test_a_dangling_link_is_kept_too(clusterc: Clusterc, tmp_path: Path) -> None:
    (tmp_path / "first.yaml").symlink_to("nowhere")
    assert clusterc("init", "first").code == 2
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Bad_Name", "lower-case letters, digits and inner dashes: bad-name"),
        ("a/b", "lower-case letters, digits and inner dashes: a-b"),
        ("x: {y", "lower-case letters"),
        ("a" * 64, "has 64 characters; at most 63 are allowed"),
    ],
)
def test_a_name_that_kubernetes_refuses_is_refused_with_one_it_takes(clusterc: Clusterc, name: str, said: str) -> None:
    run = clusterc("init", name, "-o", "-")
    assert (run.code, run.out) == (2, "")
    assert said in run.err


def test_a_name_of_digits_stays_a_text(clusterc: Clusterc, tmp_path: Path) -> None:
    assert clusterc("init", "123").code == 0
    assert 'name: "123"' in (tmp_path / "123.yaml").read_text()
    assert clusterc("lint", "123.yaml").code == 0


def test_a_folder_that_does_not_exist_is_said(clusterc: Clusterc) -> None:
    run = clusterc("init", "first", "-o", "nowhere/first.yaml")
    assert (run.code, run.err) == (2, "clusterc: nowhere/first.yaml: No such file or directory\n")


@pytest.mark.parametrize("nodes", ["0", "15001", "-1", "ten", ""])
def test_a_number_of_machines_out_of_range_is_bad_usage(clusterc: Clusterc, nodes: str) -> None:
    assert clusterc("init", "--nodes", nodes, "-o", "-").code == 2


def test_limits_that_a_cluster_is_beyond_are_said_beside_the_spec(clusterc: Clusterc) -> None:
    run = clusterc("init", "--nodes", "5001", "-o", "-")
    assert run.code == 0
    assert "upstream tests and supports clusters of up to 5,000 nodes" in run.err
    assert clusterc("init", "--nodes", "5000", "-o", "-").err == ""


def test_a_provider_that_runs_the_control_plane_itself_is_not_offered(clusterc: Clusterc) -> None:
    run = clusterc("init", "--nodes", "10", "--provider", "aks", "-o", "-")
    assert (run.code, run.out) == (2, "")
    assert "'azure', 'aws', 'gcp', 'metal'" in run.err
