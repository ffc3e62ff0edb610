"""Whole programs, where only they tell the truth: each takes the emitted file, and refuses it spoilt in one place."""

from __future__ import annotations

import pytest

from conformance.control_plane.whole import READERS, refusal
from conformance.trees import OUTPUT, requests

# The largest, and one for each way to carry packets.
TREES = ["research-7500", "azure-overlay-5000", "flannel-300", "host-network-1000"]
SPOILERS: dict[str, list[tuple[str, str]]] = {
    "kube-scheduler": [
        ("parallelism: 32", "paralelism: 32"),
        ("parallelism: 32", "parallelism: 0"),
        ("parallelism: 32", "parallelism: all"),
    ],
    "kube-proxy": [("mode: ", "moed: "), ("mode: ", "mode: x"), ("burst: 20", "burst: twenty")],
    "kubelet-dropin": [
        ("podPidsLimit: ", "podPidLimit: "),
        ("imageGCLowThresholdPercent: 75", "imageGCLowThresholdPercent: 95"),
        ("podPidsLimit: ", "podPidsLimit: a"),
    ],
    "kubeadm": [
        ("criSocket: ", "criSockett: "),
        ("podSubnet: '10.64.0.0/12'", "podSubnet: '10.64.0.0'"),
        ("certificateValidityPeriod: 8760h", "certificateValidityPeriod: [1]"),
    ],
}
SPOILT = [(reader, spoil) for reader, spoilers in SPOILERS.items() for spoil in spoilers]


def texts(tree: str, reader: str) -> list[str]:
    """Return what a reader reads of a tree; a kubelet's base comes with each pool's drop-in."""
    return [request.text for request in requests(OUTPUT / tree) if request.reader == reader]


READ = [(reader, tree) for reader in READERS for tree in TREES if reader != "kube-proxy" or texts(tree, reader)]


@pytest.mark.parametrize(("reader", "tree"), READ)
def test_the_program_takes_the_emitted_file(reader: str, tree: str) -> None:
    assert texts(tree, reader)
    assert [words for text in texts(tree, reader) if (words := refusal(reader, text))] == []


@pytest.mark.parametrize(("reader", "spoil"), SPOILT, ids=[f"{reader}: {new}" for reader, (_, new) in SPOILT])
def test_the_program_refuses_a_spoilt_copy(reader: str, spoil: tuple[str, str]) -> None:
    spoilt = [text.replace(*spoil, 1) for text in texts(TREES[0], reader) if spoil[0] in text]
    assert spoilt
    assert [text for text in spoilt if not refusal(reader, text)] == []


def test_every_program_is_shown_spoilt_copies() -> None:
    assert SPOILERS.keys() == READERS.keys()
