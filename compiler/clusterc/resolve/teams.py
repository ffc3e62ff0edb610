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
            ledger.given(f"spec.priorities[{rung.name}].preempts", rung.preempts)
            ledger.given(f"spec.priorities[{rung.name}].default", rung.default)
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
        rungs.append(_rung(BALLOON, value, text, ledger))
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
        rungs.append(_rung(name, value, text, ledger))
    return tuple(rungs)


def _rung(name: str, value: int, text: str, ledger: Ledger) -> PriorityClass:
    path, balloon = f"spec.priorities[{name}]", name == BALLOON
    preempts = ledger.fixed(
        f"{path}.preempts",
        not balloon,
        why="a placeholder takes nobody's place" if balloon else "pods of less priority give way",
    )
    default = ledger.fixed(
        f"{path}.default",
        name == "batch",
        why="pods that name no priority count as batch: with 0 they would give way even to jobs on borrowed machines",
    )
    return PriorityClass(name, value, preempts=preempts, default=default, description=text)


def decide_namespaces(body: Body) -> tuple[Namespace, ...]:
    """Return the teams' namespaces, by name."""
    found = {
        namespace: Namespace(namespace, {"clusterc.dev/team": team.name}, f"spec.teams[{team.name}]")
        for team in body.teams
        for namespace in team.namespaces or (team.name,)
    }
    return tuple(found[name] for name in sorted(found))
