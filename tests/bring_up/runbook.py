"""A tree's runbook, read as a person reads it: steps, what must be there before each, and the lines of their blocks."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SECTION = re.compile(r"(?ms)^## Bring it up\n(.*?)(?=^## )")
STEP = re.compile(r"(?ms)^### (\d+)\. (.+?)\n(.*?)(?=^### |\Z)")
BLOCK = re.compile(r"(?ms)^```sh\n(.*?)^```$")
NEED = re.compile(r"(?m)^\| (.+?) \| (.+?) \| (you|step \d+) \|$")
CHOICE = re.compile(r"(?ms)^\| `(\w+)` \| where \|\n\| --- \| --- \|\n(.*?)\n\n")
QUOTED = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Need:
    """What must be there; `step` is the number of the step that makes it, or None where a human does."""

    names: tuple[str, ...]
    step: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `values` are those of its shell variable, one of none where it has no variable."""

    number: int
    title: str
    text: str
    needs: tuple[Need, ...]
    variable: str | None
    values: tuple[str, ...]
    script: str
    checks: tuple[str, ...]

    def lines(self, value: str) -> list[list[str]]:
        """Return the words of every line of the script as the shell sees them, on a machine of this value."""
        script = re.sub(rf"(?m)^{self.variable}=\S+", "", self.script) if self.variable else self.script
        return [words for line in script.splitlines() if (words := _words(line, self.variable, value))]


def _words(line: str, variable: str | None, value: str) -> list[str]:
    return shlex.split(line.replace(f"${variable}", value) if variable else line, comments=True)


def steps(readme: str) -> tuple[Step, ...]:
    """Return the steps of a README's runbook."""
    section = SECTION.search(readme)
    assert section, "there is no runbook"
    return tuple(_step(int(number), title, text) for number, title, text in STEP.findall(section[1]))


def _step(number: int, title: str, text: str) -> Step:
    blocks = BLOCK.findall(text)
    choice = CHOICE.search(text)
    has_script = "```sh" in text.partition("It worked if")[0]
    needs = tuple(
        Need(tuple(QUOTED.findall(what)) or (what,), None if source == "you" else int(source.removeprefix("step ")))
        for what, _, source in NEED.findall(text)
    )
    return Step(
        number=number,
        title=title,
        text=text,
        needs=needs,
        variable=choice[1] if choice else None,
        values=tuple(re.findall(r"(?m)^\| `([^`]+)`", choice[2])) if choice else ("",),
        script=blocks[0] if has_script else "",
        checks=tuple(blocks[1:] if has_script else blocks),
    )


def named(words: Iterable[str], files: Iterable[str]) -> Iterator[str]:
    """Yield the files of a tree that words name: a file by its path, or all of a folder by the folder's."""
    files = tuple(files)
    for word in words:
        # `etcd` alone is the program's and the user's name.
        path = word.removesuffix("/.") if "/" in word else ""
        yield from (file for file in files if file == path or file.startswith(f"{path}/"))
