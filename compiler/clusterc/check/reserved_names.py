"""Whether namespaces and labels keep clear of those that Kubernetes, the network plugin or clusterc have themselves."""

from __future__ import annotations

from collections.abc import Iterator

from clusterc.check._view import Mistake, View
from clusterc.diagnostics import Finding, Step

NAMESPACE = Mistake("CC0021", "reserved-name", "Kubernetes, Namespaces: the prefix kube- is reserved")
LABEL = Mistake("CC0021", "reserved-name", "kubelet, --node-labels: what it refuses within kubernetes.io and k8s.io")
OWN_LABEL = Mistake("CC0021", "reserved-name")

_NAMESPACES = frozenset({"default", "tigera-operator", "calico-system", "calico-apiserver"})
_OWN_DOMAIN = "clusterc.dev"
_DOMAINS = ("kubernetes.io", "k8s.io")
_FREE_DOMAINS = ("kubelet.kubernetes.io", "node.kubernetes.io")
# What a kubelet may set within those domains.
_FREE_LABELS = frozenset(
    {
        *(f"{beta}kubernetes.io/{name}" for beta in ("", "beta.") for name in ("os", "arch")),
        *(f"{area}/{name}" for area in ("topology.kubernetes.io",) for name in ("zone", "region")),
        *(f"failure-domain.beta.kubernetes.io/{name}" for name in ("zone", "region")),
        "kubernetes.io/hostname",
        "beta.kubernetes.io/instance-type",
    }
)


def findings(view: View) -> Iterator[Finding]:
    """Return every namespace of a team and every label of a machine that is somebody else's."""
    yield from _namespaces(view)
    for i, pool in enumerate(view.body.node_pools):
        for key in pool.labels:
            yield from _label(view, key, "spec.nodePools", i, "labels")


def _namespaces(view: View) -> Iterator[Finding]:
    for i, team in enumerate(view.body.teams):
        named: list[tuple[str, tuple[Step, ...]]] = [
            (name, ("spec.teams", i, "namespaces", j)) for j, name in enumerate(team.namespaces)
        ]
        for name, steps in named or [(team.name, ("spec.teams", i, "name"))]:
            if name in _NAMESPACES or name.startswith("kube-"):
                message = f"the namespace {name} belongs to Kubernetes or the network plugin, not to a team"
                yield view.finding(NAMESPACE, view.at(*steps), message, fix=f"name it otherwise, such as team-{name}")


def _label(view: View, key: str, *steps: Step) -> Iterator[Finding]:
    domain, path = key.rpartition("/")[0], (*view.at(*steps), key)
    if _within(domain, (_OWN_DOMAIN,)):
        message = f"labels of {_OWN_DOMAIN} say what clusterc decided; emitted objects select machines by them"
        yield view.finding(OWN_LABEL, path, message, fix="choose a label of your own domain", at_key=True)
    elif _within(domain, _DOMAINS) and not _within(domain, _FREE_DOMAINS) and key not in _FREE_LABELS:
        message = f"a kubelet refuses to label its machine {key}: the domain is Kubernetes' own"
        fix = f"write node.kubernetes.io/{key.rpartition('/')[2]}, or a label of your own domain"
        yield view.finding(LABEL, path, message, fix=fix, at_key=True)


def _within(domain: str, domains: tuple[str, ...]) -> bool:
    return any(domain == known or domain.endswith(f".{known}") for known in domains)
