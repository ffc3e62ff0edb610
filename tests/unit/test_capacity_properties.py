"""What must hold of the scaling arithmetic at every size."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusterc import formulas
from clusterc.capacity.api_server import heap
from clusterc.capacity.heartbeats import lease_writes
from clusterc.capacity.load import Load
from clusterc.resolve.tables import rung_for
from unit.clusters import rich

NODES = st.integers(0, 200_000)
STEP = st.integers(0, 20_000)
RICH = rich()


@given(NODES, STEP)
def test_heap_and_lease_renewals_never_fall_as_nodes_are_added(nodes: int, added: int) -> None:
    less, more = Load.of(RICH, nodes), Load.of(RICH, nodes + added)
    assert heap(more) >= heap(less)
    assert lease_writes(more) >= lease_writes(less)


@given(NODES, STEP)
def test_replicas_batches_members_and_quota_never_fall_as_nodes_are_added(nodes: int, added: int) -> None:
    assert formulas.typha_replicas(nodes + added) >= formulas.typha_replicas(nodes)
    assert formulas.join_batch(nodes + added) >= formulas.join_batch(nodes)
    less, more = rung_for(nodes), rung_for(nodes + added)
    assert more.etcd_members >= less.etcd_members
    assert more.api_servers >= less.api_servers
    assert more.quota_gib >= less.quota_gib


@given(NODES, STEP)
def test_the_schedulers_own_percentage_never_rises_as_nodes_are_added(nodes: int, added: int) -> None:
    assert formulas.adaptive_percentage(nodes + added) <= formulas.adaptive_percentage(nodes)


@given(NODES, st.integers(0, 100))
def test_no_more_nodes_are_scored_than_there_are(nodes: int, percentage: int) -> None:
    assert min(nodes, 100) <= formulas.nodes_scored(nodes, percentage) <= nodes


@pytest.mark.parametrize("mask", range(20, 29))
def test_the_nodes_of_a_range_double_with_every_bit_of_the_block(mask: int) -> None:
    pods = IPv4Network("10.0.0.0/11")
    assert formulas.blocks(pods, mask + 1) == 2 * formulas.blocks(pods, mask)


@given(st.integers(1, 1_024))
def test_a_block_holds_twice_its_pods_and_what_the_plugin_keeps_and_half_of_it_would_not(max_pods: int) -> None:
    addresses = 2 ** (32 - formulas.block_mask(max_pods))
    assert addresses // 2 < max(2 * max_pods, max_pods + 3) <= addresses


@given(st.integers(1, 1_000_000), st.integers(20, 30))
def test_a_range_for_nodes_holds_a_block_for_each_and_half_of_it_would_not(nodes: int, mask: int) -> None:
    prefix = formulas.cidr_for(nodes, mask)
    assert 2 ** (mask - prefix) >= nodes > 2 ** (mask - prefix - 1) * (nodes > 1)
