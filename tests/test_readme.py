"""Every code block of README and CONTRIBUTING that shows a command runs here and prints what it shows.

A `console` block holds `$ command` lines, each followed by its output: stdout and stderr as a terminal shows them.
A line of `...` stands for any number of lines, and between spaces for a number that grows with each check. A `yaml`
block after `FILE:` in its first comment is that file.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RUN_BY_CI = {"make build", "make test", "make conformance", "make bench", "make setup"}


def blocks(kind: str) -> list[str]:
    return [body for found, body in BLOCK.findall((ROOT / "README.md").read_text()) if found == kind]


def commands(block: str) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme") / "clusterc"
    folder.mkdir()
    for name in ("clusters", "output", "policies", "schemas"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "clusterc.toml").write_text("")
    return folder


def shown(command: str, folder: Path) -> list[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "NO_COLOR": "1", "COLUMNS": "100"}
    result = subprocess.run(
        ["bash", "-c", f"{command} 2>&1"], cwd=folder, env=environment, stdout=subprocess.PIPE, check=False
    )
    return result.stdout.decode().rstrip("\n").splitlines()


def literal(line: str) -> str:
    return re.escape(line).replace(re.escape(" ... "), r" \d+ ")


def matches(got: list[str], wanted: list[str]) -> bool:
    pattern = "".join(
        r"(?:[^\n]*\n)*" if line.strip() == "..." else literal(line.rstrip()) + r"[ ]*\n" for line in wanted
    )
    return re.fullmatch(pattern, "".join(f"{line.rstrip()}\n" for line in got)) is not None


@pytest.mark.parametrize("block", blocks("console"), ids=lambda block: block.splitlines()[0][:60])
def test_a_console_block_prints_what_it_shows(block: str, checkout: Path) -> None:
    for command, wanted in commands(block):
        got = shown(command, checkout)
        assert matches(got, [line for line in wanted if line.strip()] or []) or matches(got, wanted), (
            f"$ {command}\n" + "\n".join(got)
        )


def test_readme_has_console_blocks() -> None:
    assert len(blocks("console")) >= 5


def test_the_commands_of_sh_blocks_are_those_ci_runs() -> None:
    lines = [line.split("#")[0].strip() for block in blocks("sh") for line in block.splitlines()]
    assert {line for line in lines if line} <= RUN_BY_CI
    makefile = (ROOT / "Makefile").read_text()
    for line in RUN_BY_CI:
        assert re.search(rf"^{line.removeprefix('make ')}:", makefile, re.MULTILINE), line


def test_yaml_blocks_are_parts_of_shipped_specs() -> None:
    shipped = "\n".join(path.read_text() for path in (ROOT / "clusters").glob("*.yaml"))
    for block in blocks("yaml"):
        for line in block.splitlines():
            assert line.strip() in {"", "..."} or line in shipped, line
