package main

import (
	"fmt"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/kubernetes/pkg/kubelet/apis/config"
	"k8s.io/kubernetes/pkg/kubelet/cm"
	"k8s.io/kubernetes/pkg/kubelet/eviction"
	evictionapi "k8s.io/kubernetes/pkg/kubelet/eviction/api"
	"k8s.io/kubernetes/pkg/kubelet/logs"
	"k8s.io/kubernetes/pkg/kubelet/stats/pidlimit"
	"k8s.io/utils/cpuset"
)

// startKubelet goes through what a kubelet refuses only on its node, with the kubelet's own functions.
func startKubelet(cfg *config.KubeletConfiguration) []error {
	var errs []error
	if _, err := eviction.ParseThresholdConfig(cfg.EnforceNodeAllocatable, cfg.EvictionHard, cfg.EvictionSoft,
		cfg.EvictionSoftGracePeriod, cfg.EvictionMinimumReclaim); err != nil {
		errs = append(errs, fmt.Errorf("eviction: %w", err))
	}
	if _, err := cm.ParseQOSReserved(cfg.QOSReserved); err != nil {
		errs = append(errs, fmt.Errorf("qosReserved: %w", err))
	}
	if _, err := logs.NewContainerLogManager(nil, nil, cfg.ContainerLogMaxSize, int(cfg.ContainerLogMaxFiles),
		int(cfg.ContainerLogMaxWorkers), cfg.ContainerLogMonitorInterval); err != nil {
		errs = append(errs, err)
	}
	if driver := cfg.CgroupDriver; driver != "systemd" && driver != "cgroupfs" {
		errs = append(errs, fmt.Errorf("cgroupDriver %q is neither systemd nor cgroupfs", driver))
	}
	reserved, err := reservation(cfg)
	if err != nil {
		return append(errs, err)
	}
	return append(errs, one(startManagers(cfg, reserved))...)
}

// startManagers makes the topology, CPU and memory managers in the kubelet's order.
func startManagers(cfg *config.KubeletConfiguration, reserved v1.ResourceList) error {
	machine := machineFor(cfg)
	cpus, err := cpuset.Parse(cfg.ReservedSystemCPUs)
	if err != nil {
		return fmt.Errorf("reservedSystemCPUs: %w", err)
	}
	topology, err := newTopologyManager(cfg, machine)
	if err != nil {
		return fmt.Errorf("topology manager: %w", err)
	}
	if err := newCPUManager(cfg, machine, cpus, reserved, topology); err != nil {
		return fmt.Errorf("CPU manager: %w", err)
	}
	if err := newMemoryManager(cfg, machine, reserved, topology); err != nil {
		return fmt.Errorf("memory manager: %w", err)
	}
	return nil
}

// reservation is what the node keeps from pods: kubeReserved, systemReserved and the hard eviction threshold of memory.
func reservation(cfg *config.KubeletConfiguration) (v1.ResourceList, error) {
	total := v1.ResourceList{}
	add := func(name v1.ResourceName, q resource.Quantity) {
		sum := total[name]
		sum.Add(q)
		total[name] = sum
	}
	for field, reserved := range map[string]map[string]string{"kubeReserved": cfg.KubeReserved, "systemReserved": cfg.SystemReserved} {
		for name, text := range reserved {
			quantity, err := reservedQuantity(name, text)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", field, err)
			}
			add(v1.ResourceName(name), quantity)
		}
	}
	if cpus, err := cpuset.Parse(cfg.ReservedSystemCPUs); err == nil && cpus.Size() > 0 {
		total[v1.ResourceCPU] = *resource.NewQuantity(int64(cpus.Size()), resource.DecimalSI)
	}
	thresholds, err := eviction.ParseThresholdConfig(nil, cfg.EvictionHard, nil, nil, nil)
	if err != nil {
		return nil, fmt.Errorf("evictionHard: %w", err)
	}
	capacity := resource.NewQuantity(int64(machineFor(cfg).MemoryCapacity), resource.BinarySI)
	for _, threshold := range thresholds {
		if threshold.Signal == evictionapi.SignalMemoryAvailable {
			add(v1.ResourceMemory, *evictionapi.GetThresholdQuantity(threshold.Value, capacity))
		}
	}
	return total, nil
}

// reservedQuantity repeats the kubelet's parseResourceList, which is not exported, for one entry.
func reservedQuantity(name, text string) (resource.Quantity, error) {
	switch v1.ResourceName(name) {
	case v1.ResourceCPU, v1.ResourceMemory, v1.ResourceEphemeralStorage, pidlimit.PIDs:
	default:
		return resource.Quantity{}, fmt.Errorf("cannot reserve %q resource", name)
	}
	quantity, err := resource.ParseQuantity(text)
	if err != nil {
		return quantity, fmt.Errorf("%s: %q: %w", name, text, err)
	}
	if quantity.Sign() < 0 {
		return quantity, fmt.Errorf("%s: %q is negative", name, text)
	}
	return quantity, nil
}
