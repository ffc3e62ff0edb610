"""What an API server lets in, and how it leaves: the emitted files held against the programs around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings

from clusterc import pipeline, quantity
from clusterc.emit import emit
from clusterc.model.document import Document
from specs import Plain, checked, specs

few = settings(max_examples=40)
# Kubernetes' default of terminationGracePeriodSeconds, which kubeadm's static pods leave as it is.
KILLED_AFTER_SECONDS = 30
# Scheduled, Pulling, Pulled, Created, Started.
EVENTS_OF_A_START = 5
# kube-scheduler with plugins; its client's rate bounds it below that.
PLACED_PER_SECOND = 100


def compiled(data: Plain) -> dict[str, Document]:
    cluster, capacity = pipeline.understand(checked(data))
    return {document.path: document for document in emit(cluster, capacity)}


def body(document: Document) -> dict[str, Any]:
    assert isinstance(document.body, dict)
    return document.body


def flags(documents: dict[str, Document], component: str) -> dict[str, str]:
    kubeadm = body(documents["control-plane/kubeadm/cluster-configuration.yaml"])
    return {each["name"]: each["value"] for each in kubeadm[component]["extraArgs"]}


def limits(documents: dict[str, Document]) -> Iterator[dict[str, Any]]:
    admission = body(documents["control-plane/kube-apiserver/admission-configuration.yaml"])
    yield from admission["plugins"][0]["configuration"]["limits"]


@given(specs())
@few
def test_no_event_of_the_largest_jobs_start_is_refused_even_through_one_server(data: Plain) -> None:
    documents = compiled(data)
    machines = [pool["nodes"] for pool in data["spec"]["nodePools"]]
    everywhere = sum(size if isinstance(size, int) else size["max"] for size in machines)
    jobs = [workload["pods"] for workload in data["spec"].get("workloads", [])]
    pods = max(jobs) if jobs else everywhere
    scheduler = body(documents["control-plane/kube-scheduler/config.yaml"])["clientConnection"]["qps"]
    rate = min(float(flags(documents, "controllerManager")["kube-api-qps"]), scheduler, PLACED_PER_SECOND)
    found = list(limits(documents))
    assert {each["type"] for each in found} == {"Server", "Namespace"}
    for limit in found:
        assert limit["burst"] + limit["qps"] * pods / rate >= EVENTS_OF_A_START * pods, limit
        assert limit["qps"] >= EVENTS_OF_A_START * rate, limit


@given(specs())
@few
def test_the_server_lets_in_more_than_one_namespace_may_send(data: Plain) -> None:
    found = {each["type"]: each for each in limits(compiled(data))}
    for field in ("qps", "burst"):
        assert found["Server"][field] > found["Namespace"][field]


@given(specs())
@few
def test_an_api_server_has_time_to_finish_between_leaving_the_balancer_and_being_killed(data: Plain) -> None:
    documents = compiled(data)
    delay = flags(documents, "apiServer").get("shutdown-delay-duration")
    if delay is None:
        return
    seconds = quantity.parse_duration(delay) / 10**9
    assert seconds <= KILLED_AFTER_SECONDS / 2
    balancer = documents.get("control-plane/load-balancer/haproxy.cfg")
    if balancer is not None:
        check = re.search(r"\binter (\d+)s fall (\d+)\b", str(balancer.body))
        assert check is not None
        assert int(check[1]) * int(check[2]) < seconds
