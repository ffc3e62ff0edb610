//go:build !validation

package main

import (
	"k8s.io/kubernetes/cmd/kube-scheduler/app/options"
	"k8s.io/kubernetes/pkg/scheduler/apis/config/latest"
)

// readSchedulerFlags judges the flags alone: the file that --config names is read by the reader kube-scheduler.
func readSchedulerFlags(r request) []error {
	s := options.NewOptions()
	if _, err := parse(r, named("kube-scheduler", *s.Flags)...); err != nil {
		return []error{err}
	}
	if err := s.ComponentGlobalsRegistry.Set(); err != nil {
		return []error{err}
	}
	var err error
	if s.ComponentConfig, err = latest.Default(); err != nil {
		return []error{err}
	}
	return s.Validate()
}
