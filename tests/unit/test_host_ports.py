"""The ports that our own DaemonSets take on every machine are those that the check keeps for them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from clusterc import pipeline
from clusterc.check.host_ports import _on_machines
from clusterc.emit import emit

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted((ROOT / "clusters").glob("*.yaml"))


def taken(pod: Any) -> set[int]:
    """Return the ports that a pod takes on its machine, by its ports, probes and arguments."""
    found: set[int] = set()
    for container in pod["containers"]:
        ports = container.get("ports", [])
        found |= {port["hostPort"] for port in ports if "hostPort" in port}
        if pod.get("hostNetwork"):
            found |= {port["containerPort"] for port in ports}
            probes = [container[key] for key in container if key.endswith("Probe")]
            found |= {probe["httpGet"]["port"] for probe in probes if "httpGet" in probe}
            found |= {int(port) for port in re.findall(r"-port=(\d+)", " ".join(container.get("args", [])))}
    return found


@pytest.mark.parametrize("spec", SHIPPED, ids=lambda spec: spec.stem)
def test_what_our_daemon_sets_listen_on_is_kept_for_them(spec: Path) -> None:
    checked = pipeline.read(spec, name=spec.name, root=ROOT)
    assert checked.spec
    kept = {port for first, last in _on_machines(checked.spec.spec).values() for port in range(first, last + 1)}
    pods: list[Any] = [
        document.body["spec"]["template"]["spec"]  # type: ignore[index, call-overload]
        for document in emit(*pipeline.understand(checked))
        if document.kind == "DaemonSet"
    ]
    assert {port for pod in pods for port in taken(pod)} <= kept
