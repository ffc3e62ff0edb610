"""Whether mode, provider and network plugin go together, and the plugin does what is asked of it."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.check._view import Mistake, View
from clusterc.defaults.network import NATIVE_PLUGINS, plugin
from clusterc.diagnostics import Finding, Related, Severity

MISFIT = Mistake("CC1210", "network-plugin-misfit")
NOT_USED = Mistake("CC1210", "network-plugin-misfit", severity=Severity.WARNING)
ONE_FAMILY = Mistake("CC1210", "network-plugin-misfit", "Amazon EKS and Azure CNI documentation of IPv6")
HOST_GW = Mistake("CC1210", "network-plugin-misfit", "flannel, Documentation/backends.md", Severity.WARNING)

_CLOUDS = {
    plug: tuple(provider for provider, usual in NATIVE_PLUGINS.items() if usual == plug)
    for plug in NATIVE_PLUGINS.values()
}
_FITS = {
    "native": ("azure-vnet", "aws-vpc", "gce-alias", "cilium", "calico"),
    "overlay": ("cilium", "calico"),
    "flannel": ("flannel",),
    "host": ("flannel", "cilium", "calico", "azure-vnet", "aws-vpc", "gce-alias"),
}
_ONE_FAMILY = {
    "aws-vpc": "gives a pod an IPv4 or an IPv6 address, never both",
    "azure-vnet": "takes IPv4 addresses alone from the machine's network",
    "gce-alias": "takes one IPv4 range of each machine",
}
# Values of Cilium's chart, environment of the AWS plugin's DaemonSet.
_TAKES_SETTINGS = ("cilium", "aws-vpc")
_REPLACES_PROXY = frozenset({"cilium", "calico"})


def findings(view: View) -> Iterator[Finding]:
    """Return what the network plugin cannot do."""
    yield from _mode(view)
    yield from _provider(view)
    yield from _families(view)
    yield from _proxy(view)
    yield from _flannel(view)
    yield from _settings(view)


def _mode(view: View) -> Iterator[Finding]:
    network = view.body.network
    if network.cni is None or network.cni in _FITS[network.mode]:
        return
    # AKS gives nodes blocks of an overlay with its own plugin.
    if (network.cni, network.mode, view.body.provider) == ("azure-vnet", "overlay", "aks"):
        return
    allowed = ", ".join(_FITS[network.mode])
    yield view.finding(
        MISFIT,
        view.at("spec.network.cni"),
        f"{network.cni} does not do mode {network.mode}; {allowed} {'do' if ',' in allowed else 'does'}",
        fix=f"write mode: {_mode_of(network.cni)}, or another cni",
        related=(view.related(f"mode {network.mode}", "spec.network.mode"),),
    )


def _mode_of(cni: str) -> str:
    return " or ".join(mode for mode, plugins in _FITS.items() if cni in plugins and mode != "host")


def _provider(view: View) -> Iterator[Finding]:
    cni, provider = view.body.network.cni, view.body.provider
    clouds = _CLOUDS.get(cni or "")
    if clouds is None or provider in clouds:
        return
    usual = NATIVE_PLUGINS.get(provider, "cilium")
    yield view.finding(
        MISFIT,
        view.at("spec.network.cni"),
        f"{cni} takes addresses from the network of {' and '.join(clouds)}; the provider is {provider}",
        fix=f"write cni: {usual}, or leave it out",
        related=(view.related(f"provider {provider}", "spec.provider"),),
    )


def _families(view: View) -> Iterator[Finding]:
    cni = plugin(view.body)
    if view.body.network.dual_stack is None or cni not in _ONE_FAMILY:
        return
    yield view.finding(
        ONE_FAMILY,
        view.at("spec.network.dualStack"),
        f"{cni} {_ONE_FAMILY[cni]}, so no pod would have the second address",
        fix="remove dualStack, or choose cni: cilium",
        related=(_chosen(view, cni),),
    )


def _chosen(view: View, cni: str) -> Related:
    if view.body.network.cni:
        return view.related(f"cni {cni}", "spec.network.cni")
    return view.related(f"{cni} is the usual plugin of {view.body.provider}", "spec.provider")


def _proxy(view: View) -> Iterator[Finding]:
    used = plugin(view.body)
    replaced = used in _REPLACES_PROXY or any(addon.name in _REPLACES_PROXY for addon in view.body.addons)
    if view.body.network.proxy.mode != "none" or replaced or not view.complete("spec.addons"):
        return
    yield view.finding(
        MISFIT,
        view.at("spec.network.proxy.mode"),
        f"proxy.mode is none, but {used} does not replace kube-proxy, so no service would be reachable",
        fix="write mode: nftables, or choose cni: cilium",
    )


def _settings(view: View) -> Iterator[Finding]:
    used = plugin(view.body)
    if not view.body.network.settings or used in _TAKES_SETTINGS:
        return
    message = f"spec.network.settings is not used: {used} is given no settings of its own"
    fix = f"remove it; {' and '.join(_TAKES_SETTINGS)} take some"
    fix = "remove it, or write what you need in spec.network.flannel" if used == "flannel" else fix
    yield view.finding(NOT_USED, view.at("spec.network.settings"), message, fix=fix)


def _flannel(view: View) -> Iterator[Finding]:
    body, said = view.body, view.body.network.flannel
    if said is None:
        return
    if plugin(body) != "flannel":
        message = f"spec.network.flannel is not used: the network plugin is {plugin(body)}"
        fix = "remove it, or write mode: flannel"
        yield view.finding(NOT_USED, view.at("spec.network.flannel"), message, fix=fix)
    elif said.backend == "host-gw" and body.provider != "metal":
        message = f"host-gw needs all machines in one layer-2 network, which {body.provider} does not give them"
        fix = "write backend: vxlan"
        yield view.finding(HOST_GW, view.at("spec.network.flannel.backend"), message, fix=fix)
