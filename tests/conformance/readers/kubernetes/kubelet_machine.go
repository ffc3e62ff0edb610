package main

import "k8s.io/kubernetes/pkg/kubelet/apis/config"

const (
	coresPerNUMANode       = 128
	memoryBytesPerNUMANode = 1 << 40
	localDistance          = 10
	remoteDistance         = 21
)

// machineFor invents a machine large enough for what cfg reserves, with as many NUMA nodes as cfg names.
// What depends on the size of the real machine is not judged with it.
func machineFor(cfg *config.KubeletConfiguration) *machineInfo {
	nodes := 1
	for _, reserved := range cfg.ReservedMemory {
		nodes = max(nodes, int(reserved.NumaNode)+1)
	}
	cores := nodes * coresPerNUMANode
	machine := &machineInfo{
		NumCores: 2 * cores, NumPhysicalCores: cores, NumSockets: nodes,
		MemoryCapacity: uint64(nodes) * memoryBytesPerNUMANode,
	}
	for id := range nodes {
		machine.Topology = append(machine.Topology, numaNode(id, nodes))
	}
	return machine
}

// numaNode numbers the second threads of all cores after the first threads of all cores, as Linux does.
func numaNode(id, nodes int) machineNode {
	node := machineNode{Id: id, Memory: memoryBytesPerNUMANode}
	for core := id * coresPerNUMANode; core < (id+1)*coresPerNUMANode; core++ {
		node.Cores = append(node.Cores, machineCore{
			Id: core, SocketID: id,
			Threads:      []int{core, core + nodes*coresPerNUMANode},
			UncoreCaches: []machineCache{{Id: id}},
		})
	}
	for other := range nodes {
		distance := uint64(remoteDistance)
		if other == id {
			distance = localDistance
		}
		node.Distances = append(node.Distances, distance)
	}
	return node
}
