"""kube-proxy's periods, in the block of the mode that it runs in."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from specs.minimal import files, minimal


@pytest.mark.parametrize("mode", ["nftables", "iptables", "ipvs"])
@pytest.mark.parametrize(("least", "whole"), [("10s", "30s"), ("30s", "30s"), ("1m", "1m")])
def test_everything_is_synced_no_more_often_than_the_least_period_says(mode: str, least: str, whole: str) -> None:
    data = minimal(network={"proxy": {"mode": mode, "minSyncPeriod": least}})
    proxy = YAML(typ="safe", pure=True).load(files(data)["network/kube-proxy.yaml"])
    assert proxy[mode] == {"minSyncPeriod": least, "syncPeriod": whole}
