"""Whether namespaces and labels keep clear of those that Kubernetes, the network plugin or clusterc have themselves."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.check._view import Mistake, View
from clusterc.defaults.network import plugin
from clusterc.diagnostics import Finding, Step

NAMESPACE = Mistake(
    "CC0022", "reserved-name", "Kubernetes, Share a Cluster with Namespaces: the prefix kube- is reserved"
)
LABEL = Mistake("CC0022", "reserved-name", "kubelet, ValidateKubeletFlags: it does not start with other labels")
OWN_LABEL = Mistake("CC0022", "reserved-name")

# Calico, installation with the operator: where its pods run.
_PLUGIN_NAMESPACES = {"calico": ("tigera-operator", "calico-system", "calico-apiserver")}
_OWN_DOMAIN = "clusterc.dev"
_DOMAINS = ("kubernetes.io", "k8s.io")
# k8s.io/kubelet, pkg/apis/well_known_labels.go: kubeletLabelNamespaces and kubeletLabels, the same from 1.34 to 1.37.
_FREE_DOMAINS = ("kubelet.kubernetes.io", "node.kubernetes.io")
_FREE_LABELS = frozenset(
    {
        "kubernetes.io/hostname",
        "kubernetes.io/os",
        "kubernetes.io/arch",
        "beta.kubernetes.io/os",
        "beta.kubernetes.io/arch",
        "beta.kubernetes.io/instance-type",
        "topology.kubernetes.io/zone",
        "topology.kubernetes.io/region",
        "failure-domain.beta.kubernetes.io/zone",
        "failure-domain.beta.kubernetes.io/region",
    }
)


def findings(view: View) -> Iterator[Finding]:
    """Return every namespace of a team and every label of a machine that is somebody else's."""
    yield from _namespaces(view)
    for i, pool in enumerate(view.body.node_pools):
        for key in pool.labels:
            yield from _label(view, key, "spec.nodePools", i, "labels")


def _namespaces(view: View) -> Iterator[Finding]:
    used = plugin(view.body)
    for i, team in enumerate(view.body.teams):
        named: list[tuple[str, tuple[Step, ...]]] = [
            (name, ("spec.teams", i, "namespaces", j)) for j, name in enumerate(team.namespaces)
        ]
        for name, steps in named or [(team.name, ("spec.teams", i, "name"))]:
            if owner := _owner(name, used):
                message = f"the namespace {name} belongs to {owner}, not to a team"
                yield view.finding(NAMESPACE, view.at(*steps), message, fix=f"name it otherwise, such as team-{name}")


def _owner(namespace: str, used: str) -> str:
    """Return whose a namespace is, if it is no team's."""
    if namespace == "default" or namespace.startswith("kube-"):
        return "Kubernetes"
    return used if namespace in _PLUGIN_NAMESPACES.get(used, ()) else ""


def _label(view: View, key: str, *steps: Step) -> Iterator[Finding]:
    domain, path = key.rpartition("/")[0], (*view.at(*steps), key)
    if _within(domain, (_OWN_DOMAIN,)):
        message = f"labels of {_OWN_DOMAIN} say what clusterc decided; emitted objects select machines by them"
        fix = "choose a label of your own domain"
        yield view.of_key(view.finding(OWN_LABEL, path, message, fix=fix), path)
    elif _within(domain, _DOMAINS) and not _within(domain, _FREE_DOMAINS) and key not in _FREE_LABELS:
        message = f"a kubelet refuses to label its machine {key}: the domain is Kubernetes' own"
        fix = f"write node.kubernetes.io/{key.rpartition('/')[2]}, or a label of your own domain"
        yield view.of_key(view.finding(LABEL, path, message, fix=fix), path)


def _within(domain: str, domains: tuple[str, ...]) -> bool:
    return any(domain == known or domain.endswith(f".{known}") for known in domains)
