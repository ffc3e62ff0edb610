"""How names are found: CoreDNS, and the cache on every machine."""

from __future__ import annotations

from clusterc import formulas
from clusterc.defaults.network import NODE_LOCAL_DNS_ABOVE_NODES, node_local_dns
from clusterc.kubernetes import images, minor_of
from clusterc.model.network import Dns
from clusterc.model.pools import Sizes
from clusterc.resolve.dns_programs import coredns, node_cache
from clusterc.resolve.ledger import Ledger
from clusterc.resolve.workloads import MIB, Running, addon_version, component
from clusterc.spec.cluster import Body

# Ten thousand answers of each kind are a few MiB.
NODE_CACHE = Running(50, 32 * MIB, "5%")
NODE_LOCAL_ADDRESS = "169.254.20.10"
# Queries of one machine at the busy hour where nobody measured: the figure the 7,500-node worked example uses.
QUERIES_PER_NODE = 40


def decide_dns(body: Body, ledger: Ledger, *, nodes: Sizes, pods: int, services: int) -> Dns:
    """Return the cluster's DNS: how many replicas answer, at which address, and whether every machine has a cache."""
    said, path = body.network.dns, "spec.network.dns"
    per_node = ledger.pick(
        f"{path}.queriesPerNode",
        said.queries_per_node,
        QUERIES_PER_NODE,
        why="an estimate; measure it and write it down",
        source="clusterc's own estimate",
    )
    node_local = ledger.pick(
        f"{path}.nodeLocal",
        said.node_local,
        node_local_dns(body),
        why=f"{nodes.max:,} machines: a cache on each spares CoreDNS above {NODE_LOCAL_DNS_ABOVE_NODES}",
        source="EKS best practices: NodeLocal DNSCache",
    )
    queries = per_node * nodes.max
    asked = next((addon.replicas for addon in body.addons if addon.name == "coredns"), None)
    replicas = ledger.pick(
        f"{path}.replicas",
        asked if said.replicas is None else said.replicas,
        formulas.dns_replicas(queries),
        why=f"{per_node} x {nodes.max:,} nodes = {queries:,} queries/s at 20,000 for each, two at least",
        source="CoreDNS's page on scaling: 33,669 queries/s on two cores; 20,000 leave room (clusterc's choice)",
    )
    service = str(body.network.service_cidr[10]) if body.network.service_cidr.num_addresses > 10 else ""
    known = images(minor_of(body.kubernetes.version))
    release = addon_version(
        body,
        "coredns",
        f"v{known.coredns}",
        ledger,
        why="the release that kubeadm of this minor deploys",
        source="kubeadm config images list",
    )
    cache = addon_version(
        body,
        "node-local-dns",
        known.node_cache,
        ledger,
        why="the release in this minor's own manifest",
        source="Kubernetes, cluster/addons/dns/nodelocaldns",
    )
    ledger.fixed(f"{path}.serviceAddress", service, why="the tenth address of serviceCIDR, as kubeadm takes it")
    ledger.fixed(f"{path}.serviceAddress", service, why="the tenth address of serviceCIDR, as kubeadm takes it")
    address = NODE_LOCAL_ADDRESS if node_local else service
    ledger.fixed(
        f"{path}.address", address, why="the node's cache" if node_local else "the tenth address of serviceCIDR"
    )
    cpu = formulas.dns_cpu_millicores(queries, replicas)
    own = component(
        body,
        "coredns",
        Running(cpu, max(170 * MIB, -(-formulas.dns_memory_bytes(pods, services) * 3 // 2 // MIB) * MIB), 1),
        ledger,
        cpu=f"two cores for 20,000 queries/s, of which each of {replicas} answers {queries / replicas:,.0f} at the "
        "busy hour; 100m at the least, two cores at the most",
        memory=f"1.5 x (({pods:,} pods + {services:,} services) / 1000 + 54) MB, 170Mi at least",
        source="CoreDNS's page on scaling: 33,669 queries/s on two cores",
    )
    return Dns(
        domain=said.domain,
        service_address=service,
        address=address,
        node_local=node_local,
        queries_per_node=per_node,
        replicas=replicas,
        memory_bytes=own.memory_bytes,
        coredns_image=f"registry.k8s.io/coredns/coredns:{release}",
        node_local_image=f"registry.k8s.io/dns/k8s-dns-node-cache:{cache}",
        upstreams=said.upstreams,
        coredns=coredns(ledger, own, domain=said.domain, replicas=replicas),
        node_cache=node_cache(ledger, component(body, "node-local-dns", NODE_CACHE, ledger)) if node_local else {},
    )
