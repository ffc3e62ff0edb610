"""Small tables in place of those under schemas/."""

from __future__ import annotations

from pathlib import Path

import pytest

from clusterc.kubernetes import tables as tables_module
from unit import small_tables


@pytest.fixture
def small(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the small tables, which stand for the real ones until the test ends."""
    root = small_tables.write(tmp_path_factory.mktemp("rooms"))
    monkeypatch.setattr(tables_module, "folder", lambda name: root / name)
    return root
