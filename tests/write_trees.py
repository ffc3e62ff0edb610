"""Small trees to write, and a way to die or to fail at the n-th change a run makes to the disk."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from clusterc.model.document import File, Impact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

VERSION = "1.2.3"

# From one to the other files appear, change, stay and go, a folder falls empty, and a file and a folder swap places.
OLD = {"a/stays.yaml": "1", "a/turns.yaml": "1", "gone/deep/x.yaml": "1", "swap": "1", "paws/x": "1", "run.sh": "1"}
NEW = {"a/stays.yaml": "1", "a/turns.yaml": "22", "new/deep/x.yaml": "1", "swap/x": "1", "paws": "1", "run.sh": "2"}

# Every way in which a run changes the disk; closing is left out, for the kernel closes what a dead process held.
CHANGES = ("open", "write", "fchmod", "mkdir", "replace", "rename", "unlink", "rmdir")


def file(path: str, text: str) -> File:
    return File(path=path, text=text, kind="Sample", reader="none-1", owner=("spec.a",), impact=Impact.RESTART)


def build(texts: Mapping[str, str]) -> list[File]:
    return [file(path, text) for path, text in texts.items()]


def put(root: Path, texts: Mapping[str, str]) -> None:
    """Write a tree the plain way, as a person would."""
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def tree(root: Path) -> dict[str, str | None]:
    """Return every file with its text and every folder with None; a root that is absent is an empty tree."""
    return {path.relative_to(root).as_posix(): path.read_text() if path.is_file() else None for path in root.rglob("*")}


class Dead(BaseException):
    """The process is no more: nothing that would clean up after it may act."""


@contextmanager
def stroke(at: int, strike: Callable[[], object], *, fatal: bool) -> Iterator[list[str]]:
    """Call `strike`, which raises, at the change number `at`, counted from 0, and if it is fatal at all that follow.

    A struck write gets half of its bytes to the disk, any other change nothing.
    The list yielded names the changes asked for, the struck one included.
    """
    asked: list[str] = []

    def wrapped(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def change(*arguments: Any, **options: Any) -> Any:
            asked.append(name)
            number = len(asked) - 1
            if number == at and name == "write":
                real(arguments[0], arguments[1][: len(arguments[1]) // 2])
            if number == at or (fatal and number > at):
                return strike()
            return real(*arguments, **options)

        return change

    with ExitStack() as patches:
        for name in CHANGES:
            patches.enter_context(patch.object(os, name, wrapped(name, getattr(os, name))))
        yield asked
