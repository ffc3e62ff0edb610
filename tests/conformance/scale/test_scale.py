"""The largest tree's control plane holds its fleet: every pod finds its machine, and the model's terms stand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from clusterc.formulas import nodes_scored
from conformance.scale import fleet, report
from conformance.scale.run import SINGLES, SIZES
from conformance.scale.seen import Measured
from conformance.scale.terms import WHY, terms


def test_every_size_was_reached_with_every_pool_in_proportion(measured: Measured) -> None:
    assert [stage.load.nodes for stage in measured.stages] == [*SIZES]
    assert Counter(measured.pool_of.values()) == {pool.name: pool.nodes.max for pool in measured.cluster.pools}


def test_every_pod_is_bound_to_a_machine_of_its_pool(measured: Measured) -> None:
    assert len(measured.places) == SIZES[-1]
    assert [place for place in measured.places if place.node is None] == []
    assert [place for place in measured.places if measured.pool_of[place.node or ""] != place.pool] == []


def test_no_machine_has_two_pods_that_fill_it(measured: Measured) -> None:
    assert {place.node for place in measured.places} == {*measured.pool_of}


def test_the_gpu_profile_packs_and_the_usual_one_does_not(measured: Measured) -> None:
    per_machine = next(pool.gpu.per_node for pool in measured.cluster.pools if pool.gpu)
    assert measured.packed[fleet.GPU_PROFILE] == -(-SINGLES // per_machine)
    assert measured.packed[fleet.OTHER_PROFILE] > measured.packed[fleet.GPU_PROFILE]


def test_the_scheduler_looks_at_as_many_machines_as_was_decided(measured: Measured) -> None:
    percent = measured.cluster.control_plane.nodes_to_score_percent
    assert [stage.scored for stage in measured.stages] == [nodes_scored(size, percent) for size in SIZES]


def test_every_pod_leaves_an_event_in_the_etcd_of_events_and_none_in_the_main_one(measured: Measured) -> None:
    for stage in measured.stages:
        assert stage.events.objects >= stage.load.nodes
        assert "events" not in stage.stored


def test_the_model_is_right_or_says_why_it_differs(measured: Measured) -> None:
    steady = [term for term in terms(measured) if term.steady]
    assert {term.name: term.ratios for term in steady if not term.agrees and term.name not in WHY} == {}
    assert {term.name for term in steady if term.agrees and term.name in WHY} == set()
    # What differs between runs is explained in any case.
    assert {term.name for term in terms(measured) if not term.steady} <= {*WHY}


def test_the_report_is_written(measured: Measured, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    path = report.REPORT if request.session.testsfailed == 0 else tmp_path / "scale.md"
    report.write(measured, path)
    text = path.read_text()
    assert all(term.name in text for term in terms(measured))
