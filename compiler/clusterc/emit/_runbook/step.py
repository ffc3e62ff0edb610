"""One step of the runbook: on which machines, what must be there, what to run, how to see that it worked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

YOU = "you"
# Where a human puts what others publish.
MANIFESTS = "/root/manifests"
APPLY = "kubectl apply --server-side"
ADMIN = "On the first API server."


@dataclass(frozen=True, slots=True)
class Need:
    """What must be there before a step. `source` is who brings it: a human, or the key of an earlier step."""

    what: str
    says: str
    source: str = YOU


@dataclass(frozen=True, slots=True)
class Choice:
    """A shell variable that differs between the machines of one step: each value, and the machines it is for."""

    variable: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `script` and `check` are lines of a POSIX shell, run by root in the top folder of the tree."""

    key: str
    title: str
    where: str
    script: tuple[str, ...]
    check: tuple[str, ...]
    expected: str
    needs: tuple[Need, ...] = ()
    choice: Choice | None = None
    note: str = ""


def render(steps: tuple[Step, ...]) -> str:
    """Return the steps in Markdown, numbered from one; an earlier step is named by its number."""
    numbers = {step.key: number for number, step in enumerate(steps, start=1)}
    return "\n".join(_step(step, numbers) for step in steps)


def place(folder: str, *files: str) -> str:
    """Return the command that puts files into a folder, under their own names."""
    return " ".join(["install -D -m 0644 -t", folder, *(quoted(file) for file in files)])


def place_as(target: str, file: str) -> str:
    """Return the command that puts a file under another name."""
    return f"install -D -m 0644 {quoted(file)} {target}"


def quoted(file: str) -> str:
    """Return a path as a word of the shell, also where a variable is part of it."""
    return f'"{file}"' if "$" in file else file


def _step(step: Step, numbers: Mapping[str, int]) -> str:
    head = [f"### {numbers[step.key]}. {step.title}\n", f"{step.where}\n"]
    if step.needs:
        head.append(_needs(step.needs, numbers))
    if step.choice:
        head.append(_table((f"`{step.choice.variable}`", "where"), [(f"`{a}`", b) for a, b in step.choice.values]))
    if step.script:
        head.append(_block(step.script, step.choice))
    if step.check:
        head.append(f"It worked if this says {step.expected}:\n")
        head.append(_block(step.check, None))
    else:
        head.append(f"{step.expected}\n")
    if step.note:
        head.append(f"{step.note}\n")
    return "\n".join(head)


def _needs(needs: tuple[Need, ...], numbers: Mapping[str, int]) -> str:
    rows: list[tuple[str, ...]] = [(need.what, need.says, _source(need, numbers)) for need in needs]
    return _table(("must be there", "what it is", "from"), rows)


def _source(need: Need, numbers: Mapping[str, int]) -> str:
    return YOU if need.source == YOU else f"step {numbers[need.source]}"


def _block(lines: tuple[str, ...], choice: Choice | None) -> str:
    first = (f"{choice.variable}={choice.values[0][0]}  # this machine's own",) if choice else ()
    return "```sh\n" + "".join(f"{line}\n" for line in (*first, *lines)) + "```\n"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in lines)
