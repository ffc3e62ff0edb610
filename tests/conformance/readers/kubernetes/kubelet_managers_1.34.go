//go:build until1.34

package main

import (
	"context"

	v1 "k8s.io/api/core/v1"
	"k8s.io/kubernetes/pkg/kubelet/apis/config"
	"k8s.io/kubernetes/pkg/kubelet/cm/cpumanager"
	"k8s.io/kubernetes/pkg/kubelet/cm/memorymanager"
	"k8s.io/kubernetes/pkg/kubelet/cm/topologymanager"
	"k8s.io/utils/cpuset"
)

func newTopologyManager(cfg *config.KubeletConfiguration, machine *machineInfo) (topologymanager.Manager, error) {
	return topologymanager.NewManager(machine.Topology, cfg.TopologyManagerPolicy,
		cfg.TopologyManagerScope, cfg.TopologyManagerPolicyOptions)
}

func newCPUManager(
	cfg *config.KubeletConfiguration, machine *machineInfo, cpus cpuset.CPUSet, reserved v1.ResourceList, topology topologymanager.Manager,
) error {
	_, err := cpumanager.NewManager(cfg.CPUManagerPolicy, cfg.CPUManagerPolicyOptions,
		cfg.CPUManagerReconcilePeriod.Duration, machine, cpus, reserved, "", topology)
	return err
}

func newMemoryManager(cfg *config.KubeletConfiguration, machine *machineInfo, reserved v1.ResourceList, topology topologymanager.Manager) error {
	_, err := memorymanager.NewManager(context.Background(), cfg.MemoryManagerPolicy, machine, reserved, cfg.ReservedMemory, "", topology)
	return err
}
