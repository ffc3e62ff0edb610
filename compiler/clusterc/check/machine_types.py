"""Whether the provider rents the machines that the pools are made of."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc import catalog
from clusterc.check._view import View
from clusterc.check.references import DANGLING
from clusterc.diagnostics import Finding, alike
from clusterc.spec.pools import MachineType


def findings(view: View) -> Iterator[Finding]:
    """Return every machine type that the catalogue of the provider lacks and that the spec does not describe itself."""
    known = catalog.machines(view.body.provider)
    for i, pool in enumerate(view.body.node_pools):
        machine = pool.machine
        if machine.type is None or machine.type in known or _is_described(machine):
            continue
        if view.whole("spec.nodePools", i, "machine"):
            yield _unknown(view, i, machine.type, known)


def _is_described(machine: MachineType) -> bool:
    return machine.cpu is not None and machine.memory is not None


def _unknown(view: View, index: int, name: str, known: dict[str, catalog.Row]) -> Finding:
    provider = view.body.provider
    where = view.name("spec.nodePools", index, "machine")
    others = catalog.machine_providers(name)
    near = alike(name, known)
    message = f"{where} is {name!r}, which the catalogue of {provider} does not have"
    related = (view.related(f"the provider is {provider}", "spec.provider"),)
    if others:
        message = f"{where} is {name!r}, a machine type of {' and '.join(others)}, not of {provider}"
        fix = f"choose a machine type of {provider}, or change spec.provider to {others[0]}"
    elif not known:
        fix = "write its size instead, such as {cpu: 64, memory: 512Gi}"
    elif near:
        fix = f"did you mean {' or '.join(near)}? Or write its size beside it: {{type: {name}, cpu: 64, memory: 512Gi}}"
    else:
        fix = f"write its size beside it, such as {{type: {name}, cpu: 64, memory: 512Gi}}"
    return view.finding(DANGLING, view.at("spec.nodePools", index, "machine.type"), message, fix=fix, related=related)
