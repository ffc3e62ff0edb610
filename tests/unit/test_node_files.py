"""What machines are told goes by the names that other people's programs look for."""

from __future__ import annotations

from typing import Any

import pytest

from clusterc import pipeline
from clusterc.emit import emit
from specs import Plain, checked

CUT = {"type": "a100-sxm4-40gb", "count": 8, "mig": "1g.5gb"}


def pool(**said: Any) -> Plain:
    return {"name": "gpu", "role": "inference", "nodes": 2, "machine": {"cpu": 64, "memory": "512Gi"}, **said}


def built(said: Plain, **body: Any) -> dict[str, Any]:
    data: Plain = {
        "apiVersion": "clusterc.dev/v1alpha1",
        "kind": "Cluster",
        "metadata": {"name": "nodes"},
        "spec": {
            "preset": "inference",
            "kubernetes": {"version": "1.37.2"},
            "provider": "metal",
            "network": {
                "mode": "flannel",
                "nodeCIDR": "10.0.0.0/20",
                "podCIDR": "10.64.0.0/14",
                "serviceCIDR": "10.32.0.0/18",
            },
            "controlPlane": {"endpoint": "api.nodes.internal:6443"},
            "nodePools": [said],
            **body,
        },
    }
    return {document.path: document.body for document in emit(*pipeline.understand(checked(data)))}


@pytest.mark.parametrize(
    ("gpu", "key"),
    [
        ({"type": "h100-sxm5-80gb"}, "nvidia.com/gpu"),
        (CUT, "nvidia.com/gpu"),
        ({"type": "mi300x"}, "amd.com/gpu"),
        ({"type": "trainium2"}, "aws.amazon.com/neuron"),
    ],
)
def test_the_taint_is_the_one_that_the_vendors_device_plugin_tolerates(gpu: Plain, key: str) -> None:
    kubelet = built(pool(gpu=gpu))["nodes/gpu/kubelet/50-gpu.conf"]
    assert kubelet["registerWithTaints"] == [{"key": key, "value": "present", "effect": "NoSchedule"}]


def test_the_taint_of_a_shared_gpu_is_that_of_its_vendor() -> None:
    shared = {"name": "h100-sxm5-80gb", "resource": "nvidia.com/gpu.shared"}
    kubelet = built(pool(gpu={"type": "h100-sxm5-80gb"}), gpuTypes=[shared])["nodes/gpu/kubelet/50-gpu.conf"]
    assert [taint["key"] for taint in kubelet["registerWithTaints"]] == ["nvidia.com/gpu"]


@pytest.mark.parametrize(
    ("registry", "folder"), [("docker.io", "docker.io"), ("registry.internal:5000", "registry.internal_5000_")]
)
def test_a_mirrored_registry_has_the_folder_that_containerd_looks_in(registry: str, folder: str) -> None:
    mirror = {"registry": registry, "endpoints": ["https://mirror.internal"]}
    paths = built(pool(registry={"mirrors": [mirror]}))
    assert f"nodes/gpu/containerd/certs.d/{folder}/hosts.toml" in paths


def test_the_readme_tells_each_profile_for_what_it_is() -> None:
    profiles = [{"name": "spread", "packing": "least-allocated"}]
    readme = built(pool(gpu=CUT), scheduler={"profiles": profiles})["README.md"]
    (gpus,) = [line for line in readme.splitlines() if "looks at GPUs alone" in line]
    (own,) = [line for line in readme.splitlines() if line.startswith("Profiles of the spec's own")]
    assert "`schedulerName: gpu`" in gpus
    assert "`nvidia.com/gpu`" in gpus
    assert "spread" not in gpus
    assert own.endswith(": `spread`.")


@pytest.mark.parametrize(("provider", "machine"), [("gcp", "n2-standard-8"), ("aws", "m7i.8xlarge")])
def test_kubelets_of_a_cloud_wait_for_its_controller_manager(provider: str, machine: str) -> None:
    said: Plain = {"name": "cpu", "role": "general", "nodes": 2, "machine": machine}
    network = {"mode": "native", "nodeCIDR": "10.0.0.0/20", "podCIDR": "10.64.0.0/14", "serviceCIDR": "10.32.0.0/18"}
    files = built(said, provider=provider, network=network)
    for name in ("init", "join"):
        registration = files[f"control-plane/kubeadm/{name}-configuration.yaml"]["nodeRegistration"]
        assert registration["kubeletExtraArgs"] == [{"name": "cloud-provider", "value": "external"}]
    flags = files["nodes/cpu/join-configuration.yaml"]["nodeRegistration"]["kubeletExtraArgs"]
    assert {"name": "cloud-provider", "value": "external"} in flags
    assert "cloud-controller-manager.yaml" in files["README.md"]
    allocates = "`--allocate-node-cidrs=true` `--cidr-allocator-type=CloudAllocator`" in files["README.md"]
    assert allocates == (provider == "gcp")


def test_machines_of_ones_own_wait_for_nobody() -> None:
    files = built(pool())
    assert "kubeletExtraArgs" not in files["control-plane/kubeadm/init-configuration.yaml"]["nodeRegistration"]
    assert "cloud-controller-manager" not in files["README.md"]
