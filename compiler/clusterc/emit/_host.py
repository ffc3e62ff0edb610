"""Files of a machine that are no trees: kernel settings, modules, systemd units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from clusterc.model.document import Document, Form, Impact

Section = tuple[str, tuple[tuple[str, str], ...]]


def sysctl_file(path: str, settings: Mapping[str, str], *, owner: tuple[str, ...]) -> Document:
    """Return a file for /etc/sysctl.d, read by systemd-sysctl before the kubelet or etcd starts."""
    text = "".join(f"{key} = {value}\n" for key, value in sorted(settings.items()))
    return Document(path, "Sysctl", text, "sysctl", owner, Impact.DYNAMIC, Form.TEXT)


def modules_file(path: str, modules: Iterable[str], *, owner: tuple[str, ...]) -> Document:
    """Return a file for /etc/modules-load.d."""
    text = "".join(f"{module}\n" for module in modules)
    return Document(path, "KernelModules", text, "modules-load", owner, Impact.DYNAMIC, Form.TEXT)


def unit(path: str, *sections: Section, owner: tuple[str, ...], impact: Impact = Impact.RESTART) -> Document:
    """Return a systemd unit, or a drop-in to one; a key may stand several times."""
    text = "\n".join(
        f"[{name}]\n" + "".join(f"{key}={value}\n" for key, value in settings) for name, settings in sections
    )
    return Document(path, "SystemdUnit", text, "systemd", owner, impact, Form.TEXT)
