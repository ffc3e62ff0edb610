//go:build !until1.36

package main

import cadvisor "github.com/google/cadvisor/lib/model"

type (
	machineInfo  = cadvisor.MachineInfo
	machineNode  = cadvisor.Node
	machineCore  = cadvisor.Core
	machineCache = cadvisor.Cache
)
