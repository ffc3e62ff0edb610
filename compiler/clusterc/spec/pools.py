"""`spec.gpuTypes` and `spec.nodePools`: the machines, what is in them, how they are kept."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictInt

from clusterc.spec import forms
from clusterc.spec.base import (
    Bandwidth,
    Block,
    Bytes,
    Count,
    Cpu,
    Flag,
    LabelKey,
    Labels,
    LabelValue,
    Name,
    Pause,
    PoolName,
    Positive,
    Scalar,
    Share,
    Text,
    Tree,
    shorthand,
)
from clusterc.spec.forms import Address, Image, KernelSetting, MigProfile, ResourceName, Zone


class GpuType(Block):
    """A GPU type of one's own, or a correction of the shipped catalogue: what is left out keeps its value."""

    name: Name = Field(description="Name of the type, as pools refer to it.")
    memory: Bytes | None = Field(default=None, description="Memory of one GPU.")
    per_node: Positive | None = Field(default=None, description="GPUs in one machine.")
    nvlink_domain: Positive | None = Field(default=None, description="GPUs that reach each other over NVLink.")
    nics: Count | None = Field(default=None, description="Fabric interfaces per machine.")
    nic_bandwidth: Bandwidth | None = Field(default=None, description="Bandwidth of one fabric interface.")
    resource: ResourceName | None = Field(
        default=None, description="Extended resource that the device plugin announces."
    )
    mig_profiles: dict[MigProfile, Positive] | None = Field(
        default=None, description="MIG profile to instances per GPU."
    )
    xid: Xid | None = Field(default=None, description="NVIDIA's error codes (XID) by what follows from them.")


XidCode = Annotated[StrictInt, Field(ge=1, le=999)]


class Xid(Block):
    """NVIDIA's error codes by what follows from them."""

    fatal: tuple[XidCode, ...] | None = Field(default=None, description="The machine is drained.")
    contained: tuple[XidCode, ...] | None = Field(default=None, description="The job is restarted, the GPU is good.")
    application: tuple[XidCode, ...] | None = Field(default=None, description="A mistake of the job; nothing follows.")


class Nodes(Block):
    """How many machines: fixed, or between two bounds."""

    min: Count = Field(description="Least machines; the autoscaler removes no more.")
    max: Count = Field(description="Most machines.")
    desired: Count | None = Field(default=None, description="Machines on an ordinary day; the maximum if left out.")


class Rdma(Block):
    """Fabric interfaces of a machine."""

    nics: Positive = Field(description="Interfaces per machine.")
    bandwidth: Bandwidth = Field(description="Bandwidth of one interface.")


class MachineType(Block):
    """A machine: a name from the provider's catalogue, its size, or both."""

    type: Text | None = Field(default=None, description="Machine type of the provider's catalogue.")
    cpu: Cpu | None = Field(default=None, description="Cores.")
    memory: Bytes | None = Field(default=None, description="Memory.")
    local_disk: Bytes | None = Field(default=None, description="Local disk.")
    network: Bandwidth | None = Field(default=None, description="Bandwidth of the network interface.")
    rdma: Rdma | None = Field(default=None, description="Fabric interfaces.")
    numa_nodes: Annotated[StrictInt, Field(ge=1, le=64)] | None = Field(default=None, description="NUMA nodes.")


class Gpu(Block):
    """The GPUs of a pool's machines."""

    type: Text | None = Field(default=None, description="GPU type; the machine's if left out.")
    count: Positive | None = Field(default=None, description="GPUs per machine; the machine's if left out.")
    mig: MigProfile | None = Field(default=None, description="MIG profile every GPU is cut into.")


class Groups(Block):
    """How a pool is divided into the provider's groups."""

    size: Positive = Field(description="Most machines in one scale set or instance group.")


class Fabric(Block):
    """The network between GPUs."""

    full_bisection: Flag = Field(default=False, description="Any two halves reach each other at full speed.")
    block_size: Positive | None = Field(default=None, description="Machines inside one non-blocking block.")


class Pods(Block):
    """The pods of a pool's machines."""

    max: Annotated[StrictInt, Field(ge=1, le=1024)] | None = Field(default=None, description="Most pods per machine.")
    style: Literal["whole-node", "shared"] | None = Field(
        default=None, description="whole-node: one job pod takes the machine; shared: many pods do."
    )
    per_node: Count | None = Field(
        default=None, description="Pods on an ordinary machine, those of DaemonSets included."
    )


class Images(Block):
    """Container images of a pool."""

    largest: Bytes | None = Field(default=None, description="Size of the largest image that jobs pull.")
    pre_pull: tuple[Image, ...] = Field(default=(), description="Images to have on every machine before jobs start.")
    parallel_pulls: Positive | None = Field(default=None, description="Images a machine pulls at once.")


class PoolDisk(Block):
    """The disk that holds images and logs."""

    class_: Literal["local-nvme", "local-ssd", "network-ssd", "network-disk"] = Field(
        alias="class", description="local-* lies in the machine; network-* is attached over the network."
    )
    size: Bytes = Field(description="Its size.")
    bandwidth: Bandwidth | None = Field(default=None, description="Sequential write bandwidth.")


class Taint(Block):
    """A taint that every machine of the pool has."""

    key: LabelKey = Field(description="Key.")
    value: LabelValue = Field(default="", description="Value.")
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] = Field(description="Effect.")


class Runtime(Block):
    """containerd."""

    max_concurrent_downloads: Positive | None = Field(default=None, description="Layers downloaded at once per image.")
    progress_timeout: Pause | None = Field(default=None, description="Silence after which a pull is given up.")
    sandbox_image: Image | None = Field(default=None, description="Image of the pause container.")


class Mirror(Block):
    """Where images of a registry are fetched instead."""

    registry: forms.Registry = Field(description="Registry as written in image names, such as docker.io.")
    endpoints: tuple[Address, ...] = Field(min_length=1, description="Addresses to try in this order.")


class Registry(Block):
    """Image registries."""

    mirrors: tuple[Mirror, ...] = Field(default=(), description="Mirrors.")
    bandwidth: Bandwidth | None = Field(default=None, description="What the registry or mirror serves in all.")


class Numa(Block):
    """Alignment of CPUs, memory and devices."""

    policy: Literal["none", "best-effort", "restricted", "single-numa-node"] = Field(
        description="Topology manager's policy."
    )


class Health(Block):
    """How machines are tested and retired."""

    preflight: Flag | None = Field(default=None, description="Test a machine before it takes jobs.")
    max_drain: Pause | None = Field(default=None, description="Longest a draining machine may keep its pods.")


class Rollout(Block):
    """How changes reach machines or pods."""

    max_unavailable: Share | None = Field(default=None, description="How many, or which share, are changed at once.")


class Disruption(Block):
    """What may interrupt jobs."""

    consolidate: Flag = Field(default=False, description="Move pods to free machines.")


NODES = shorthand(
    lambda count: {"min": count, "max": count}, int, Nodes, what="a number of machines, or {min: 0, max: 10}"
)
MACHINE = shorthand(
    lambda name: {"type": name}, str, MachineType, what="a machine type, or a size such as {cpu: 64, memory: 512Gi}"
)


class NodePool(Block):
    """Machines of one kind."""

    name: PoolName = Field(description="Name; it becomes part of labels, files and objects.")
    role: Literal["training", "inference", "batch", "system", "general"] = Field(description="What runs here.")
    machine: Annotated[MachineType, MACHINE] = Field(
        description="A name from the provider's catalogue, a size, or both."
    )
    gpu: Gpu | None = Field(default=None, description="GPUs, where the catalogue does not say or says otherwise.")
    nodes: Annotated[Nodes, NODES] = Field(description="`12` is fixed; `{min, max}` is autoscaled.")
    groups: Groups | None = Field(default=None, description="Provider's groups.")
    fabric: Fabric | None = Field(default=None, description="Network between GPUs.")
    zones: tuple[Zone, ...] = Field(default=(), description="Zones the machines are spread over.")
    labels: Labels = Field(default={}, description="Further labels of every machine.")
    taints: tuple[Taint, ...] = Field(default=(), description="Further taints of every machine.")
    pods: Pods = Field(default=Pods(), description="Pods per machine.")
    images: Images = Field(default=Images(), description="Container images.")
    disk: PoolDisk | None = Field(default=None, description="Disk for images and logs.")
    sysctls: dict[KernelSetting, Scalar] = Field(default={}, description="Further kernel settings.")
    kubelet: Tree = Field(default={}, description="Fields passed to KubeletConfiguration as they are.")
    runtime: Runtime = Field(default=Runtime(), description="containerd.")
    registry: Registry = Field(default=Registry(), description="Image registries.")
    rdma: Flag | None = Field(
        default=None, description="Pods use the machine's RDMA devices; where it has any if left out."
    )
    numa: Numa | None = Field(default=None, description="Alignment of CPUs, memory and devices.")
    health: Health = Field(default=Health(), description="Tests and retirement.")
    rollout: Rollout = Field(default=Rollout(), description="How changes reach the machines.")
    disruption: Disruption = Field(default=Disruption(), description="What may interrupt jobs.")
    spot: Flag = Field(default=False, description="The provider may take machines away.")
