//go:build !validation

package main

import (
	"fmt"

	"github.com/spf13/pflag"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/kubernetes/cmd/kubelet/app/options"
)

// readKubeletFlags judges the flags over a default configuration file.
func readKubeletFlags(r request) []error {
	s, err := options.NewKubeletServer()
	if err != nil {
		return []error{err}
	}
	own := pflag.NewFlagSet("kubelet", pflag.ContinueOnError)
	s.AddFlags(own)
	options.AddGlobalFlags(own)
	if _, err := parse(r, own); err != nil {
		return []error{err}
	}
	if err := utilfeature.DefaultMutableFeatureGate.SetFromMap(s.FeatureGates); err != nil {
		return []error{err}
	}
	s.FailCgroupV1 = false // As for a configuration file.
	if err := options.ValidateKubeletServer(s); err != nil {
		return []error{fmt.Errorf("kubelet flags: %w", err)}
	}
	return startKubelet(&s.KubeletConfiguration)
}
