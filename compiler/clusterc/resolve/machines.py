"""Machines and GPUs: the spec's own words over the provider's catalogue."""

from __future__ import annotations

from typing import Any

from clusterc import catalog, quantity
from clusterc.defaults.pools import gpu_type
from clusterc.model.pools import Gpu, Machine
from clusterc.resolve.ledger import Ledger
from clusterc.spec.cluster import Body
from clusterc.spec.control_plane import Machine as MachineSize
from clusterc.spec.pools import NodePool

GIB = 1024**3
GBPS = 10**9


def pool_machine(pool: NodePool, body: Body, ledger: Ledger) -> Machine:
    """Return the machine of a pool."""
    path, said = f"spec.nodePools[{pool.name}].machine", pool.machine
    row = catalog.machines(body.provider).get(said.type or "", {})
    origin = f"{said.type} in the {body.provider} catalogue"
    source = row.get("source", "")

    def known(name: str, given: Any, key: str, factor: int, show: Any) -> Any:
        value = int(row[key] * factor) if key in row else None
        return ledger.pick(f"{path}.{name}", given, value, why=origin, source=source, show=show, catalogue=bool(row))

    rdma, fabric = said.rdma, row.get("rdma", {})
    own = next((gpu for gpu in body.gpu_types if gpu.name == gpu_type(pool, body)), None)
    nics = fabric.get("nics", (own.nics if own else None) or 0)
    bandwidth = fabric["gbps"] * GBPS if fabric else (own.nic_bandwidth if own else None) or 0
    if own and not fabric:
        origin = f"spec.gpuTypes[{own.name}]"
    if said.type:
        ledger.given(f"{path}.type", said.type)
    return Machine(
        cpu_millicores=known("cpu", said.cpu, "cpus", 1000, quantity.format_cpu) or 0,
        memory_bytes=known("memory", said.memory, "memoryGiB", GIB, quantity.format_bytes) or 0,
        network_bps=known("network", said.network, "networkGbps", GBPS, _shown(quantity.format_bandwidth)),
        local_disk_bytes=known("localDisk", said.local_disk, "localDiskGiB", GIB, _shown(quantity.format_bytes)),
        numa_nodes=known("numaNodes", said.numa_nodes, "numaNodes", 1, _shown(int)),
        type=said.type,
        fabric_nics=ledger.pick(
            f"{path}.rdma.nics", rdma.nics if rdma else None, nics, why=origin, catalogue=bool(row)
        ),
        fabric_nic_bps=ledger.pick(
            f"{path}.rdma.bandwidth",
            rdma.bandwidth if rdma else None,
            bandwidth,
            why=origin,
            catalogue=bool(row),
            show=quantity.format_bandwidth,
        ),
    )


def _shown(show: Any) -> Any:
    return lambda value: None if value is None else show(value)


def pool_gpu(pool: NodePool, body: Body, ledger: Ledger) -> Gpu | None:
    """Return the GPUs of a pool's machines, or None where they have none."""
    name = gpu_type(pool, body)
    if name is None:
        return None
    path = f"spec.nodePools[{pool.name}].gpu"
    row = catalog.gpus().get(name, {})
    own = next((gpu for gpu in body.gpu_types if gpu.name == name), None)
    machine = catalog.machines(body.provider).get(pool.machine.type or "", {}).get("gpu", {})
    origin, source = f"{name} in the GPU catalogue", row.get("source", "")
    ledger.pick(
        f"{path}.type",
        pool.gpu.type if pool.gpu else None,
        name,
        why=f"the GPUs of {pool.machine.type}",
        catalogue=True,
    )

    def known(field: str, given: Any, default: Any, show: Any = lambda value: value) -> Any:
        where = f"spec.gpuTypes[{name}].{field}"
        return ledger.pick(where, given, default, why=origin, source=source, show=show, catalogue=bool(row))

    per_node = known("perNode", own.per_node if own else None, row.get("perNode", 1))
    profiles = known("migProfiles", own.mig_profiles if own else None, row.get("migProfiles", {}))
    memory_bytes = known("memory", own.memory if own else None, row.get("memoryGiB", 0) * GIB, quantity.format_bytes)
    mig = pool.gpu.mig if pool.gpu else None
    resource = known("resource", own.resource if own else None, row.get("resource", "nvidia.com/gpu"))
    return Gpu(
        type=name,
        per_node=ledger.pick(
            f"{path}.count",
            pool.gpu.count if pool.gpu else None,
            machine.get("count", per_node),
            why=f"the GPUs of {pool.machine.type}" if machine else f"GPUs per machine of {name}",
            catalogue=True,
        ),
        memory_bytes=memory_bytes,
        nvlink_domain=known("nvlinkDomain", own.nvlink_domain if own else None, row.get("nvlinkDomain", 1)),
        resource=f"nvidia.com/mig-{mig}" if mig else resource,
        mig=mig,
        instances=profiles.get(mig, 1) if mig else 1,
    )


def sized(
    path: str, given: MachineSize | None, cpu: int, memory_gib: int, why: str, source: str, ledger: Ledger
) -> Machine:
    """Return a control-plane machine: as the spec says, or as the ladder has it."""
    return Machine(
        cpu_millicores=ledger.pick(
            f"{path}.cpu", given.cpu if given else None, cpu * 1000, why=why, source=source, show=quantity.format_cpu
        ),
        memory_bytes=ledger.pick(
            f"{path}.memory",
            given.memory if given else None,
            memory_gib * GIB,
            why=why,
            source=source,
            show=quantity.format_bytes,
        ),
        network_bps=ledger.pick(
            f"{path}.network",
            given.network if given else None,
            None,
            why="not said; nothing is reckoned with it",
            show=_shown(quantity.format_bandwidth),
        ),
    )
