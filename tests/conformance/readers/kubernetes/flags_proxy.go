//go:build !validation

package main

import (
	"github.com/spf13/pflag"
	"k8s.io/kubernetes/cmd/kube-proxy/app"
)

// readProxyFlags judges the flags alone: the file that --config names is read by the reader kube-proxy.
func readProxyFlags(r request) []error {
	s := app.NewOptions()
	own := pflag.NewFlagSet("kube-proxy", pflag.ContinueOnError)
	s.AddFlags(own)
	all, err := parse(r, own)
	if err != nil {
		return []error{err}
	}
	s.ConfigFile = ""
	if err := s.Complete(all); err != nil {
		return []error{err}
	}
	return one(s.Validate())
}
