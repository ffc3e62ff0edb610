"""Flags that nobody gives and whose default is another one in another minor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from clusterc.kubernetes.tables import Tables
from clusterc.model.upgrade import Change
from clusterc.upgrade.side import Side

# What these say of themselves is said of their configuration kinds or gates; each minor has a version of its own.
_ELSEWHERE = frozenset({"config", "feature-gates", "version"})


def flag_changes(old: Tables, new: Tables, after: Side) -> Iterator[Change]:
    """Yield the flags of the control plane, and of the kubelets where no field stands for them."""
    given: Mapping[str, Mapping[str, str]] = {**after.flags, "kubelet": {}}
    fields = {name.lower() for name in (new.kind("KubeletConfiguration") or {}).get("properties", {})}
    for component, flags in given.items():
        before = old.flags(component)
        for name, flag in sorted(new.flags(component).items()):
            was = before.get(name)
            stands = component == "kubelet" and name.replace("-", "") in fields
            if was and was.default != flag.default and name not in flags and not stands and name not in _ELSEWHERE:
                yield Change(component, f"--{name}", was.default, flag.default)
