"""The same spec gives the same bytes, whatever machine, environment or spelling it comes from: fresh processes each."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clusterc.load import load

ROOT = Path(__file__).resolve().parents[1]
NAMES = ("research-7500", "inference-200", "host-network-1000", "flannel-300")
RUN = "import sys; from clusterc.cli import main; sys.argv[0] = 'clusterc'; main()"

Tree = dict[str, bytes]


def build(
    out: Path,
    *options: str,
    specs: Path = ROOT / "clusters",
    cwd: Path = ROOT,
    python: tuple[str, ...] = (),
    **environment: str,
) -> Tree:
    """Return every file that a fresh process builds."""
    command = [sys.executable, *python, "-c", RUN, "build", *(str(specs / f"{name}.yaml") for name in NAMES)]
    subprocess.run(
        [*command, "-o", str(out), *options],
        cwd=cwd,
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
    )
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    tree = build(tmp_path_factory.mktemp("usual") / "out", "-j", "1", PYTHONHASHSEED="0")
    assert {path.partition("/")[0] for path in tree} == set(NAMES)
    return tree


@pytest.mark.parametrize("seed", ["1", "4242"])
def test_the_hash_seed_changes_nothing(seed: str, usual: Tree, tmp_path: Path) -> None:
    assert build(tmp_path / "out", PYTHONHASHSEED=seed) == usual


def test_a_locale_without_unicode_changes_nothing(usual: Tree, tmp_path: Path) -> None:
    assert build(tmp_path / "out", LC_ALL="C", LANG="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0") == usual


def test_a_turkish_locale_changes_nothing(usual: Tree, tmp_path: Path) -> None:
    assert build(tmp_path / "out", LC_ALL="tr_TR.UTF-8", LANG="tr_TR.UTF-8", LANGUAGE="tr") == usual


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_the_time_zone_changes_nothing(zone: str, usual: Tree, tmp_path: Path) -> None:
    assert build(tmp_path / "out", TZ=zone) == usual


def test_the_working_directory_changes_nothing(usual: Tree, tmp_path: Path) -> None:
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    assert build(tmp_path / "out", cwd=elsewhere) == usual


@pytest.mark.parametrize("option", ["-O", "-OO"])
def test_an_optimising_python_changes_nothing(option: str, usual: Tree, tmp_path: Path) -> None:
    assert build(tmp_path / "out", python=(option,)) == usual


def test_several_workers_change_nothing(usual: Tree, tmp_path: Path) -> None:
    assert build(tmp_path / "out", "-j", "2") == usual


@pytest.mark.parametrize("order", ["reversed", "sorted", "shuffled"])
def test_the_order_of_keys_in_the_spec_changes_nothing(order: str, usual: Tree, tmp_path: Path) -> None:
    dice = random.Random(1)  # noqa: S311 - any other order will do
    orders: dict[str, Callable[[list[Any]], list[Any]]] = {
        "reversed": lambda items: items[::-1],
        "sorted": sorted,
        "shuffled": lambda items: dice.sample(items, len(items)),
    }
    folder = tmp_path / "clusters"
    folder.mkdir()
    for name in NAMES:
        source, _ = load(ROOT / "clusters" / f"{name}.yaml", name=name, root=ROOT)
        assert source is not None
        (folder / f"{name}.yaml").write_text(json.dumps(reordered(source.data, orders[order])), encoding="utf-8")
    assert build(tmp_path / "out", specs=folder) == usual


def reordered(value: Any, order: Callable[[list[Any]], list[Any]]) -> Any:
    if isinstance(value, dict):
        return {key: reordered(value[key], order) for key in order(list(value))}
    return [reordered(item, order) for item in value] if isinstance(value, list) else value
