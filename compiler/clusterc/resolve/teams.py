"""Who gives way to whom, and the namespaces of teams."""

from __future__ import annotations

from clusterc.defaults.priorities import BALLOON, BALLOON_PRIORITY, LADDER
from clusterc.model.promises import Namespace, PriorityClass
from clusterc.resolve.ledger import Ledger
from clusterc.spec.cluster import Body


def decide_priorities(body: Body, ledger: Ledger, *, preflight: bool) -> tuple[PriorityClass, ...]:
    """Return the ladder of priorities, lowest first; a rung of its own kind of pod only where there is any.

    `preflight` says whether machines are tested before they take jobs.
    """
    if body.priorities:
        for rung in body.priorities:
            ledger.given(f"spec.priorities[{rung.name}].value", rung.value)
        own = [
            PriorityClass(rung.name, rung.value, rung.preempts, rung.default, rung.description or "")
            for rung in body.priorities
        ]
        return tuple(sorted(own, key=lambda rung: (rung.value, rung.name)))
    rungs = []
    if body.balloons.pools:
        text = "Placeholders that keep machines warm and give way at once."
        value = ledger.pick(
            "spec.balloons.priority",
            body.balloons.priority,
            BALLOON_PRIORITY,
            why="the lowest that the autoscaler still sees",
        )
        rungs.append(PriorityClass(BALLOON, value, preempts=False, default=False, description=text))
    named = {workload.priority for workload in body.workloads} | {addon.priority for addon in body.addons}
    used = {"borrowed": any(team.borrow for team in body.teams), "preflight": preflight}
    for name, value, text in LADDER:
        if name not in named and not used.get(name, True):
            continue
        ledger.fixed(
            f"spec.priorities[{name}].value",
            value,
            why=text,
            source="OpenAI 2021 (who gives way to whom); the numbers leave room",
        )
        rungs.append(PriorityClass(name, value, preempts=True, default=name == "batch", description=text))
    return tuple(rungs)


def decide_namespaces(body: Body) -> tuple[Namespace, ...]:
    """Return the teams' namespaces, by name."""
    found = {
        namespace: Namespace(namespace, {"clusterc.dev/team": team.name}, f"spec.teams[{team.name}]")
        for team in body.teams
        for namespace in team.namespaces or (team.name,)
    }
    return tuple(found[name] for name in sorted(found))
