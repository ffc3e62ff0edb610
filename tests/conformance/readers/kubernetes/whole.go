//go:build !validation

package main

import "maps"

// readers also has those that need the components' programs and not only their libraries.
func readers() map[string]reader {
	all := maps.Clone(validationReaders)
	maps.Copy(all, map[string]reader{
		"flags:kube-apiserver":          {"kube-apiserver", readAPIServerFlags},
		"flags:kube-controller-manager": {"kube-controller-manager", readControllerManagerFlags},
		"flags:kube-scheduler":          {"kube-scheduler", readSchedulerFlags},
		"flags:kubelet":                 {"kubelet", readKubeletFlags},
		"flags:kube-proxy":              {"kube-proxy", readProxyFlags},
	})
	return all
}

// otherModes are what the program does beside reading, by its first argument; each returns an exit code.
var otherModes = map[string]func(args []string) int{
	"program": runProgram,
	"tables":  runTables,
}
