"""What others add to containerd has a file of its own beside ours, and both act."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from conformance.programs import CONTAINERD, build, run
from conformance.trees import TREES

FILES = [file for tree in TREES for file in sorted(tree.glob("**/containerd/config.toml"))]
# As NVIDIA's container toolkit writes it.
DROP_IN = """\
version = 3

[plugins."io.containerd.cri.v1.runtime".containerd]
default_runtime_name = "nvidia"

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.nvidia]
runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.nvidia.options]
BinaryName = "/usr/bin/nvidia-container-runtime"
SystemdCgroup = true
"""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(file.parents[4]).as_posix())
def test_a_drop_in_adds_a_runtime_and_ours_stays(file: Path, tmp_path: Path) -> None:
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "conf.d" / "99-nvidia.toml").write_text(DROP_IN)
    (tmp_path / "config.toml").write_text(file.read_text().replace("/etc/containerd/conf.d", f"{tmp_path}/conf.d"))
    result = run([str(build(CONTAINERD)), "--config", str(tmp_path / "config.toml"), "config", "dump"])
    assert result.returncode == 0, result.stderr
    plugins = tomllib.loads(result.stdout)["plugins"]
    runtime = plugins["io.containerd.cri.v1.runtime"]["containerd"]
    assert runtime["default_runtime_name"] == "nvidia"
    assert {name: runtimes["options"]["SystemdCgroup"] for name, runtimes in runtime["runtimes"].items()} == {
        "nvidia": True,
        "runc": True,
    }
    ours = tomllib.loads(file.read_text())["plugins"]["io.containerd.cri.v1.images"]
    assert plugins["io.containerd.cri.v1.images"]["pinned_images"] == ours["pinned_images"]
