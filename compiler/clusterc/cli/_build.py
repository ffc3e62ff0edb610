"""One spec to its tree on disk."""

from __future__ import annotations

from dataclasses import replace as with_
from pathlib import Path

from clusterc import __version__, pipeline
from clusterc.cli._inputs import Input
from clusterc.cli._run import Outcome, Read, read_one
from clusterc.report.findings import clean
from clusterc.write import WriteError
from clusterc.write.commit import commit
from clusterc.write.conflict import Remedy
from clusterc.write.names import MANIFEST
from clusterc.write.plan import Plan, plan


def build_one(item: Input, *, output: str, check: bool, replace: bool, claims: str | None) -> Outcome:
    """Compile one spec and write its tree, or with `check` compare it with what stands there.

    `claims` is a folder, shared by all specs of a run, in which each takes the name of its cluster for itself.
    """
    result = read_one(item)
    if result.checked is None:
        return Outcome(result, f"{item.name}: cannot be read", unusable=True)
    built = pipeline.build(result.checked)
    result = with_(result, checked=None, findings=built.checked.findings)
    if built.cluster is None:
        return Outcome(result, f"{item.name}: not built, it has errors")
    if claims and (other := _claim(built.cluster.name, item, claims)):
        both = f"{other} describes a cluster called {built.cluster.name} too"
        return Outcome(result, f"{item.name}: nothing written: {both}", unusable=True)
    root = Path(output) / built.cluster.name
    try:
        planned = plan(root, built.files, tool_version=__version__, replace=replace)
        if check:
            return _compare(result, planned, root)
        return _write(result, planned, root, len(built.files))
    except WriteError as error:
        return Outcome(result, f"{item.name}: nothing written: {error}", unusable=True)


def _claim(name: str, item: Input, claims: str) -> str | None:
    """Take a cluster's name, or return the spec of this run that has it."""
    mark = Path(claims) / name
    try:
        mark.symlink_to(item.name)  # made at once with what it says, whoever else is at it
    except FileExistsError:
        return str(mark.readlink())
    return None


def _compare(result: Read, planned: Plan, root: Path) -> Outcome:
    lines = [f"{sign} {root / path}" for sign, path in _changes(planned)]
    lines += [f"! {root / conflict.path}: {conflict.reason}" for conflict in planned.conflicts]
    if planned.interrupted:
        lines.append(f"! {root}: an interrupted build; the next one completes it")
    status = f"{root}: up to date" if planned.is_current else f"{root}: differs from {result.name}"
    return Outcome(result, status, tuple(lines), differs=not planned.is_current)


def _write(result: Read, planned: Plan, root: Path, count: int) -> Outcome:
    shown = []
    for conflict in planned.conflicts:
        shown.append(f"! {root / conflict.path}: {conflict.reason}")
        if conflict.difference:
            shown += [f"    {clean(line, lines=True)}" for line in conflict.difference.splitlines()]
    shown += [f"  {advice}" for advice in _advice(planned)]
    if planned.is_blocked:
        return Outcome(result, f"{root}: nothing written", tuple(shown), differs=True)
    commit(planned)
    counts = [
        (word, len(set(paths) - {MANIFEST}))
        for word, paths in (("new", planned.added), ("changed", planned.changed), ("removed", planned.removed))
    ]
    changes = [f"{number} {word}" for word, number in counts if number]
    return Outcome(result, f"{root}: {count} files, {', '.join(changes) or 'unchanged'}", tuple(shown))


def _advice(planned: Plan) -> list[str]:
    """Return the ways out of what is in the way."""
    remedies = {conflict.remedy for conflict in planned.conflicts}
    advice = []
    if planned.is_blocked and remedies & {Remedy.OVERWRITE, Remedy.REMOVE}:
        advice.append("Move what you want to keep into the spec, or build with --replace to overwrite.")
    if remedies & {Remedy.KEEP, Remedy.NONE}:
        advice.append("Move or delete what clusterc did not make: no build touches it, nor passes it by unasked.")
    return advice


def _changes(planned: Plan) -> list[tuple[str, str]]:
    marked = [("+", planned.added), ("~", planned.changed), ("-", planned.removed)]
    conflicts = {conflict.path for conflict in planned.conflicts}
    return [(sign, path) for sign, paths in marked for path in paths if path not in conflicts]
