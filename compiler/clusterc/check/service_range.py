"""Whether the services' range has a length that Kubernetes takes, and an address for every service."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network

from clusterc.check._view import Mistake, View
from clusterc.diagnostics import Finding, Severity, Step

TOO_SMALL = Mistake("CC1204", "service-cidr-too-small", "kube-apiserver, --service-cluster-ip-range")
NEARLY_FULL = Mistake(
    "CC1204", "service-cidr-too-small", "kube-apiserver, --service-cluster-ip-range", Severity.WARNING
)
WRONG_LENGTH = Mistake("CC1208", "service-cidr-length", "kubeadm, validation of serviceSubnet")

# kubeadm: no more than 2^20 addresses, no fewer than ten (cluster DNS has the tenth).
MOST_BITS = 20
LEAST_BITS = 4
# The network's own address and the last one are never given to a service.
KEPT = 2
WARN_PERCENT = 80


def findings(view: View) -> Iterator[Finding]:
    """Return each range of services of a wrong length, and the IPv4 range if the promised services outgrow it."""
    network = view.body.network
    if _is_right(network.service_cidr):
        yield from _capacity(view)
    else:
        yield _length(view, network.service_cidr, "spec.network.serviceCIDR")
    if network.dual_stack and not _is_right(network.dual_stack.service_cidr):
        yield _length(view, network.dual_stack.service_cidr, "spec.network.dualStack.serviceCIDR")


def _is_right(cidr: IPv4Network | IPv6Network) -> bool:
    return LEAST_BITS <= cidr.max_prefixlen - cidr.prefixlen <= MOST_BITS


def _length(view: View, cidr: IPv4Network | IPv6Network, *steps: Step) -> Finding:
    widest, narrowest = cidr.max_prefixlen - MOST_BITS, cidr.max_prefixlen - LEAST_BITS
    size = "large" if cidr.prefixlen < widest else "small"
    return view.finding(
        WRONG_LENGTH,
        view.at(*steps),
        f"{cidr} is too {size} a range for services: /{widest} to /{narrowest} are allowed",
        fix=f"write {_near(cidr, widest if size == 'large' else narrowest - 8)}",
    )


def _near(cidr: IPv4Network | IPv6Network, prefix: int) -> str:
    return f"{cidr.network_address}/{prefix}" if prefix > cidr.prefixlen else str(cidr.supernet(new_prefix=prefix))


def _capacity(view: View) -> Iterator[Finding]:
    cidr, services = view.body.network.service_cidr, view.body.scale.services
    usable = cidr.num_addresses - KEPT
    if services is None or 100 * services <= WARN_PERCENT * usable:
        return
    fits = 32 - (-(-100 * services // WARN_PERCENT) + KEPT - 1).bit_length()
    yield view.finding(
        TOO_SMALL if services > usable else NEARLY_FULL,
        view.at("spec.network.serviceCIDR"),
        f"{cidr} has addresses for {usable:,} services; {services:,} are promised",
        measured=(services, usable),
        numbers=f"2^(32-{cidr.prefixlen}) - {KEPT} = {usable:,}; {services:,} are {100 * services // usable} %",
        fix=f"a /{fits} keeps a fifth free; it cannot be changed once the cluster runs",
        related=(view.related(f"{services:,} services", "spec.scale.services"),),
    )
