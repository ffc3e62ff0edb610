"""Runs the command line as a user does: as a process of its own, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cli.runs import Clusterc, Run

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def clusterc(tmp_path: Path) -> Clusterc:
    """Return a function that runs clusterc in `tmp_path`; environment variables are given by name."""

    def run(*arguments: str | Path, **environment: str) -> Run:
        program = Path(sys.executable).parent / "clusterc"
        plain = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "TERM"}}
        result = subprocess.run(
            [program, *map(str, arguments)],
            cwd=tmp_path,
            env={**plain, "COLUMNS": "80", **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        return Run(result.returncode, result.stdout.decode(), result.stderr.decode())

    return run


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    """Return a copy of the smallest shipped spec."""
    return Path(shutil.copy(ROOT / "clusters/lab-10.yaml", tmp_path / "lab.yaml"))
