"""The wheel holds everything and works in an empty environment, far from the checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from clusterc import __version__

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "compiler" / "clusterc"
LOCKED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", re.MULTILINE)


def run(*command: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    result = subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True, check=False)
    assert result.returncode == 0, f"{' '.join(command)}\n{result.stdout}{result.stderr}"
    return result


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT))
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the programs' folder of an environment that has the wheel and its locked dependencies, nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    versions = LOCKED.findall((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    (folder / "locked.txt").write_text("".join(f"{name}=={version}\n" for name, version in versions), encoding="utf-8")
    run(sys.executable, "-m", "venv", str(folder / "venv"))
    pip = str(folder / "venv" / "bin" / "pip")
    run(pip, "install", "--quiet", "--no-compile", "--constraint", str(folder / "locked.txt"), str(wheel))
    return folder / "venv" / "bin"


def test_the_wheel_holds_every_file_of_the_package_and_of_the_data_rooms(wheel: Path) -> None:
    rooms = {"": PACKAGE, "policies/": ROOT / "policies", "schemas/": ROOT / "schemas"}
    expected = {
        f"clusterc/{name}{path.relative_to(room).as_posix()}"
        for name, room in rooms.items()
        for path in room.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {"clusterc/py.typed", "clusterc/resolve/ladder.json", "clusterc/catalog/data/gpus/nvidia.json"} <= expected
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == expected


def test_the_wheel_carries_the_version_and_the_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        info = f"clusterc-{__version__}.dist-info"
        assert f"Version: {__version__}\n" in archive.read(f"{info}/METADATA").decode()
        assert archive.read(f"{info}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()


def test_the_installed_tool_starts_checks_and_builds_a_cluster(installed: Path, tmp_path: Path) -> None:
    tool = str(installed / "clusterc")
    run(tool, "init", "small", "--nodes", "10", "-o", "small.yaml", cwd=tmp_path)
    run(tool, "lint", "small.yaml", cwd=tmp_path)
    run(tool, "build", "small.yaml", cwd=tmp_path)
    run(tool, "build", "--check", "small.yaml", cwd=tmp_path)
    assert (tmp_path / "output" / "small" / "MANIFEST.json").is_file()


def test_the_installed_tool_builds_the_committed_trees(installed: Path, tmp_path: Path) -> None:
    specs = sorted((ROOT / "clusters").glob("*.yaml"))
    run(str(installed / "clusterc"), "build", *map(str, specs), "-o", "out", cwd=tmp_path)
    for spec in specs:
        manifest = f"{spec.stem}/MANIFEST.json"
        assert (tmp_path / "out" / manifest).read_bytes() == (ROOT / "output" / manifest).read_bytes()


def test_the_installed_tool_is_not_the_checkout(installed: Path, tmp_path: Path) -> None:
    where = run(str(installed / "python"), "-c", "import clusterc; print(clusterc.__file__)", cwd=tmp_path).stdout
    assert Path(where.strip()).is_relative_to(installed.parent)


def test_the_installed_tool_finds_its_data_rooms(installed: Path, tmp_path: Path) -> None:
    program = "from clusterc.bundled import folder; print(folder('policies')); print(folder('schemas'))"
    for line in run(str(installed / "python"), "-c", program, cwd=tmp_path).stdout.splitlines():
        assert Path(line).is_dir()
        assert Path(line).is_relative_to(installed.parent)


def test_the_installed_tool_reads_the_tables_of_the_minors(installed: Path, tmp_path: Path) -> None:
    tool, spec = str(installed / "clusterc"), tmp_path / "small.yaml"
    run(tool, "init", "small", "--nodes", "10", "-o", spec.name, cwd=tmp_path)
    spec.write_text(spec.read_text().replace("version: 1.37.2", "version: 1.36.3"))
    assert "MemoryQoS" in run(tool, "upgrade", spec.name, "--to", "1.37", cwd=tmp_path).stdout
