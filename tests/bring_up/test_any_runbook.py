"""Whatever valid spec comes in: its runbook has a place for every file, and takes nothing before it is made."""

from __future__ import annotations

from hypothesis import given, settings

from bring_up.runbook import steps
from bring_up.site import MACHINES, not_named_once
from clusterc import pipeline
from clusterc.emit import emit
from specs import Plain, checked, specs


@given(specs())
@settings(max_examples=60)
def test_every_file_has_its_place_in_an_order_that_can_be_followed(data: Plain) -> None:
    files = {document.path: document.body for document in emit(*pipeline.understand(checked(data)))}
    runbook = steps(str(files["README.md"]))
    assert not_named_once(runbook, files) == {}
    assert {step.title for step in runbook} <= MACHINES.keys()
    for step in runbook:
        assert all(need.step is None or need.step < step.number for need in step.needs), step.title
