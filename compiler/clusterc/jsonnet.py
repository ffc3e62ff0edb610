"""The only importer of the Jsonnet engine: evaluation in a child process, with limits and confined imports.

A program may never end, eat all memory or crash the engine (an endless `tailstrict` recursion cannot even be
interrupted by a signal handler), so it runs in a forked child that the parent can kill.
"""

from __future__ import annotations

import faulthandler
import os
import re
import resource
import select
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

WALL_SECONDS = 5
CPU_SECONDS = 5
MEMORY_BYTES = 1024**3
LARGEST_RESULT_BYTES = 16 * 1024**2


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a program has no value; the place is where the engine saw it, where it says one."""

    message: str
    file: str | None = None
    line: int = 0
    column: int = 0
    fix: str = ""


def evaluate(text: str, *, file: Path, root: Path) -> str | Failure:
    """Return the value of a program as JSON text, or why there is none."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(readable)
        _run_child(text, file, root, writable)
    os.close(writable)
    in_time = False
    try:
        with os.fdopen(readable, "rb", buffering=0) as pipe:
            data, in_time = _collect(pipe.fileno())
    finally:
        if not in_time:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    return _outcome(data, status, (file, root), in_time=in_time)


def _collect(descriptor: int) -> tuple[bytes, bool]:
    """Return what the child wrote, and whether it finished in time and within size."""
    chunks: list[bytes] = []
    size = 0
    waited = 0.0
    step = 0.05
    while waited < WALL_SECONDS and size <= LARGEST_RESULT_BYTES:
        ready, _, _ = select.select([descriptor], [], [], step)
        if not ready:
            waited += step
            continue
        chunk = os.read(descriptor, 1 << 16)
        if not chunk:
            return b"".join(chunks), True
        chunks.append(chunk)
        size += len(chunk)
    return b"".join(chunks), False


def _outcome(data: bytes, status: int, near: tuple[Path, Path], *, in_time: bool) -> str | Failure:
    if in_time and os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0 and data[:1] == b"=":
        return data[1:].decode("utf-8")
    if data[:1] == b"!":
        return _failure(data[1:].decode("utf-8", "replace"), *near)
    if not in_time or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU):
        return Failure(f"the program did not end within {WALL_SECONDS} s", fix="look for a recursion without an end")
    return Failure(
        f"the program needed more than {MEMORY_BYTES // 1024**2} MiB or crashed the Jsonnet engine",
        fix="look for a recursion without an end, or a value that grows without bound",
    )


def _run_child(text: str, file: Path, root: Path, writable: int) -> None:
    """Evaluate and leave the process; never returns."""
    code = 1
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        # The engine's own last words are of no use to anybody: the parent says what happened.
        faulthandler.disable()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        _write(writable, b"=" + _engine(text, file, root).encode("utf-8"))
        code = 0
    except (RuntimeError, OSError, UnicodeError, MemoryError) as error:
        _write(writable, b"!" + str(error).encode("utf-8", "replace"))
    finally:
        os._exit(code)


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def _engine(text: str, file: Path, root: Path) -> str:
    import _jsonnet  # noqa: PLC0415 - only specs in Jsonnet pay for the engine

    def read(folder: str, name: str) -> tuple[str, bytes]:
        target = Path(os.path.realpath(Path(folder) / name))
        if Path(name).is_absolute() or not target.is_relative_to(root.resolve()):
            raise RuntimeError(f"import {name!r} leaves the project's folder")
        try:
            return str(target), target.read_bytes()
        except OSError as error:
            raise RuntimeError(f"cannot import {name!r}: {error.strerror}") from None

    result: str = _jsonnet.evaluate_snippet(str(file), text, import_callback=read, max_stack=200)
    return result


_PLACE = re.compile(r"^\s*(?P<file>\S.*?):\(?(?P<line>\d{1,9}):(?P<column>\d{1,9})", re.MULTILINE)
_LONGEST_MESSAGE = 1000


def _failure(raw: str, file: Path, root: Path) -> Failure:
    """Return the engine's message in one line, with the first place it names in a file that it may have read."""
    message, trace = _parted(raw.strip())
    message = re.sub(r"^(RUNTIME|STATIC) ERROR: ", "", message)
    static = raw.startswith("STATIC")
    match = (
        _PLACE.match(message) if static else next((m for m in _PLACE.finditer(trace) if _is_near(m, file, root)), None)
    )
    if static and match:
        message = message[match.end() :].lstrip("0123456789-:() ")
    message = " ".join(message.split())[:_LONGEST_MESSAGE]
    fix = ""
    if "undefined external variable" in message.lower():
        fix = "a spec is a function of its files alone: write the value in the spec or import it"
    if match is None:
        return Failure(message, fix=fix)
    return Failure(message, match["file"], int(match["line"]), int(match["column"]), fix)


def _parted(raw: str) -> tuple[str, str]:
    """Return the message, which a program may write in several lines, and the places that follow it."""
    lines = raw.split("\n")
    last = len(lines)
    while last > 1 and lines[last - 1].startswith("\t"):
        last -= 1
    return "\n".join(lines[:last]), "\n".join(lines[last:])


def _is_near(match: re.Match[str], file: Path, root: Path) -> bool:
    """Return whether a place is in the program or below the project's folder: a message can name any other."""
    named = match["file"]
    return named == str(file) or (Path(named).is_relative_to(root.resolve()) and Path(named).is_file())


if sys.platform == "win32":  # pragma: no cover
    raise ImportError("Jsonnet specs need a POSIX system")
