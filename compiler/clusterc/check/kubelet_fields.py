"""Whether the kubelets of this minor take the fields that are passed to them; they themselves ignore a misspelt one."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.check._passed_on import said, tables_for
from clusterc.check._view import Mistake, View
from clusterc.diagnostics import Finding

SOURCE = "KubeletConfiguration, read from each minor; a kubelet drops unknown fields of a drop-in without a word"
MISTAKES = {
    "unknown": Mistake("CC5101", "unknown-kubelet-field", SOURCE),
    "value": Mistake("CC5102", "kubelet-field-value", SOURCE),
}


def findings(view: View) -> Iterator[Finding]:
    """Return every field that KubeletConfiguration does not have, and every value of another type than its field."""
    for i, pool in enumerate(view.body.node_pools):
        if tables := tables_for(view, pool.kubelet):
            from clusterc.kubernetes.documents import part_problems  # noqa: PLC0415 - few specs pass fields on

            problems = part_problems(tables, "KubeletConfiguration", pool.kubelet)
            yield from said(view, view.at("spec.nodePools", i, "kubelet"), problems, MISTAKES)
