"""A cluster at a size: its pools' own numbers at three sizes, proportion everywhere else."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from clusterc.capacity.load import Load, apportion, origin
from clusterc.model.decision import Decision, Origin
from clusterc.model.pools import Sizes
from unit.clusters import cluster, daemon, gang, pool, rich

WEIGHTS = st.lists(st.integers(0, 5_000), min_size=1, max_size=6).map(tuple)


@given(st.integers(0, 100_000), WEIGHTS)
def test_a_division_gives_away_everything_and_nobody_less_than_their_share_rounded_down(
    total: int, weights: tuple[int, ...]
) -> None:
    shares = apportion(total, weights)
    assert sum(shares) == total
    if any(weights):
        assert all(share >= total * weight // sum(weights) for share, weight in zip(shares, weights, strict=True))


@settings(max_examples=200)
@given(st.integers(0, 2_000), WEIGHTS)
def test_no_share_shrinks_when_there_is_more_to_divide(total: int, weights: tuple[int, ...]) -> None:
    less, more = apportion(total, weights), apportion(total + 1, weights)
    assert all(after >= before for before, after in zip(less, more, strict=True))


def test_largest_remainders_would_take_a_machine_away_where_this_division_does_not() -> None:
    # The Alabama paradox: by largest remainders the last pool has 2 of 10 machines and 1 of 11.
    assert apportion(11, (6, 6, 2))[2] >= apportion(10, (6, 6, 2))[2]


def test_a_division_among_pools_without_machines_is_even() -> None:
    assert apportion(5, (0, 0)) == (3, 2)


def test_at_three_sizes_the_pools_have_their_own_numbers() -> None:
    sample = cluster(pool("a", Sizes(1, 20, 300)), pool("b", Sizes(4, 5, 6)))
    assert [load.counts for load in Load.sizes(sample)] == [(1, 4), (20, 5), (300, 6)]


def test_at_the_sum_of_their_largest_the_pools_are_at_their_largest() -> None:
    sample = cluster(pool("a", Sizes(0, 0, 40)), pool("b", Sizes(10, 10, 25)), pool("c", Sizes(0, 1, 7)))
    assert Load.of(sample, 72).counts == (40, 25, 7)


def test_the_pods_of_a_size_are_those_of_each_pools_machines() -> None:
    sample = cluster(pool("a", Sizes(0, 0, 30), pods_per_node=2), pool("b", Sizes(0, 0, 10), pods_per_node=100))
    load = Load.of(sample, 4)
    assert (load.counts, load.pods, load.containers) == ((3, 1), 106, 212)


def test_a_job_grows_with_its_own_pool_and_is_rounded_up() -> None:
    job = gang("job", 10, pool="a")
    sample = cluster(pool("a", Sizes(0, 50, 100)), pool("b", Sizes(300, 300, 300)), workloads=(job,))
    assert [load.gang(job) for load in Load.sizes(sample)] == [0, 5, 10]
    assert Load.of(sample, 5).gang(job) == 1


def test_a_job_without_a_pool_grows_with_the_cluster() -> None:
    job = gang("job", 10)
    sample = cluster(nodes=100, workloads=(job,))
    assert Load.of(sample, 250).gang(job) == 25


def test_an_agent_runs_on_every_machine_of_its_pools() -> None:
    everywhere, on_b = daemon("everywhere"), daemon("on-b", pools=("b",))
    load = Load.sizes(cluster(pool("a", Sizes(3, 3, 3)), pool("b", Sizes(4, 4, 4))))[2]
    assert (load.agents(everywhere), load.agents(on_b)) == (7, 4)


def test_an_origin_names_who_decided() -> None:
    sample = rich()
    path = "spec.controlPlane.etcd.quota"
    decided = type(sample)(
        **{name: getattr(sample, name) for name in type(sample).__slots__ if name != "decisions"},
        decisions={path: Decision(path, "8Gi", Origin.SPEC)},
    )
    assert (origin(sample, path), origin(decided, path)) == (path, f"{path} (spec)")
