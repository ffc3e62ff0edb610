"""A spec to start from: sized for a number of machines, with room to double, and short enough to be read at once."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log2

from clusterc import formulas
from clusterc.catalog import ceilings
from clusterc.defaults.pools import MOST_PODS
from clusterc.kubernetes import NEWEST, Minor, images
from clusterc.report.values import flow

ROOM = 2
LARGEST_NODES = 15_000
# OpenAI 2021: flannel's throughput did not scale with the cluster; beyond this size it is nothing to start with.
MOST_FLANNEL_NODES = 1000
# A lab's control plane shares its machines with etcd; beyond this size it is no lab.
MOST_STACKED_NODES = 250
# Where nothing is said of Services, 500 and one for every machine are reckoned with, up to upstream's limit.
MOST_SERVICES = 10_000
UPSTREAM_NODES = 5_000
ADDRESS_CEILINGS = ("privateAddressesPerNetwork", "addressesPerNetwork")

_AZURE = ("Standard_ND96isr_H100_v5", "Standard_D16ds_v5")
_AWS = ("p5.48xlarge", "m7i.4xlarge")
_GCP = ("a3-megagpu-8g", "n2-standard-16")
_MACHINES = {"azure": _AZURE, "aws": _AWS, "gcp": _GCP}
# aks, eks and gke run a control plane of their own, which reads nothing of what is built.
PROVIDERS = ("azure", "aws", "gcp", "metal")
PRESETS = ("training", "inference", "general", "lab")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the spec is for; `nodes` is the number of machines, 1 to 15,000."""

    name: str
    nodes: int
    preset: str
    provider: str

    @property
    def cpu_nodes(self) -> int:
        """Return the machines without GPUs: a fifth, and one at least where there is a second one."""
        return max(self.nodes // 5, min(1, self.nodes - 1))

    @property
    def gpu_nodes(self) -> int:
        """Return the machines with GPUs."""
        return self.nodes - self.cpu_nodes

    @property
    def gpu_role(self) -> str:
        """Return what runs on machines with GPUs."""
        return "inference" if self.preset == "inference" else "training"

    @property
    def most_pods(self) -> int:
        """Return the pods that all machines take together."""
        return self.gpu_nodes * self._gpu_pods + self.cpu_nodes * MOST_PODS["shared"]

    @property
    def _gpu_pods(self) -> int:
        return MOST_PODS["whole-node"] if self.gpu_role == "training" else MOST_PODS["shared"]

    @property
    def mode(self) -> str:
        """Return who carries pods' packets: the provider, unless they would take too many of its addresses."""
        if self.provider == "metal":
            return "flannel" if self.nodes <= MOST_FLANNEL_NODES else "native"
        known = ceilings(self.provider)
        most = min((known[name]["value"] for name in ADDRESS_CEILINGS if name in known), default=None)
        return "native" if most is None or self.nodes + self.most_pods <= most else "overlay"

    @property
    def block(self) -> int | None:
        """Return the length of a machine's block of pod addresses, or None where the provider hands out single ones."""
        if self.mode == "native" and self.provider != "metal":
            return None
        return formulas.block_mask(MOST_PODS["shared"] if self.cpu_nodes else self._gpu_pods)


def starter(wish: Wish) -> str:
    """Return the text of the spec."""
    return "\n".join([*_head(wish), "", *_network(wish), "", *_control_plane(wish), "", *_pools(wish)]) + "\n"


def _head(wish: Wish) -> list[str]:
    name = flow(wish.name)
    return [
        f"# {wish.nodes:,} machines to start from, as `clusterc init` writes them; what is left out has a default.",
        "apiVersion: clusterc.dev/v1alpha1",
        "kind: Cluster",
        "metadata:",
        f"  name: {name}",
        "",
        "spec:",
        _with(f"  preset: {wish.preset}", " | ".join(PRESETS)),
        f"  kubernetes: {{version: {images(Minor(NEWEST)).patch}}}",
        _with(f"  provider: {wish.provider}", " | ".join(PROVIDERS)),
    ]


def _network(wish: Wish) -> list[str]:
    pods, room = _pod_cidr(wish)
    node_bits = _bits(max(ROOM * wish.nodes, 200) + 8)
    service_bits = max(12, _bits(ROOM * min(MOST_SERVICES, 500 + wish.nodes)))
    return [
        "  network:",
        _with(f"    mode: {wish.mode}", "native | overlay | flannel | host"),
        _with(f"    nodeCIDR: 10.0.0.0/{32 - node_bits}", f"{2**node_bits:,} addresses; no range can grow later"),
        _with(f"    podCIDR: {pods}", room),
        _with(f"    serviceCIDR: 10.32.0.0/{32 - service_bits}", f"{2**service_bits:,} Services"),
    ]


def _pod_cidr(wish: Wish) -> tuple[str, str]:
    """Return the range of the pods, a /16 at least, and what it holds."""
    if wish.block is None:
        bits = max(16, _bits(ROOM * wish.most_pods))
        room = f"{2**bits:,} addresses"
    else:
        bits = max(16, 32 - formulas.cidr_for(ROOM * wish.nodes, wish.block))
        room = f"{2 ** (bits - 32 + wish.block):,} blocks of {2 ** (32 - wish.block)}, one for each machine"
    return f"10.{64 if bits <= 22 else 128}.0.0/{32 - bits}", room


def _control_plane(wish: Wish) -> list[str]:
    lines = [
        "  controlPlane:",
        _with(f"    endpoint: api.{wish.name}.internal:6443", "what machines and users call"),
    ]
    if wish.preset == "lab" and wish.nodes > MOST_STACKED_NODES:
        lines.append(_with("    placement: dedicated", "etcd on machines of its own, unlike in a small lab"))
    return lines


def _pools(wish: Wish) -> list[str]:
    gpu, cpu = _MACHINES.get(wish.provider, ("{cpu: 64, memory: 512Gi}", "{cpu: 32, memory: 128Gi}"))
    lines = ["  nodePools:", "    - name: gpu", f"      role: {wish.gpu_role}", f"      machine: {gpu}"]
    if wish.provider == "metal":
        lines.append("      gpu: {type: h100-sxm5-80gb, count: 8}")
    lines += _nodes(wish, wish.gpu_nodes)
    if wish.cpu_nodes:
        lines += ["    - name: cpu", "      role: general", f"      machine: {cpu}", *_nodes(wish, wish.cpu_nodes)]
    return lines


def _nodes(wish: Wish, count: int) -> list[str]:
    most = ceilings(wish.provider).get("nodesPerGroup", {"value": LARGEST_NODES})["value"]
    lines = [f"      nodes: {count}"]
    if count > most:
        lines.append(_with(f"      groups: {{size: {most}}}", "the provider's limit for one group"))
    return lines


def warnings(wish: Wish) -> list[str]:
    """Return which published limits the cluster is beyond, in words."""
    if wish.nodes > UPSTREAM_NODES:
        return ["upstream tests and supports clusters of up to 5,000 nodes; `clusterc capacity` shows what breaks"]
    return []


def _bits(count: int) -> int:
    return ceil(log2(count))


def _with(line: str, comment: str) -> str:
    return f"{line:<38} # {comment}"
