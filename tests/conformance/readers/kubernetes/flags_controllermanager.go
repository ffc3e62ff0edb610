//go:build !validation

package main

import (
	"k8s.io/kubernetes/cmd/kube-controller-manager/app"
	"k8s.io/kubernetes/cmd/kube-controller-manager/app/options"
)

func readControllerManagerFlags(r request) []error {
	s, err := options.NewKubeControllerManagerOptions()
	if err != nil {
		return []error{err}
	}
	known, off, aliases := app.KnownControllers(), app.ControllersDisabledByDefault(), app.ControllerAliases()
	if _, err := parse(r, named("kube-controller-manager", s.Flags(known, off, aliases))...); err != nil {
		return []error{err}
	}
	if err := s.ComponentGlobalsRegistry.Set(); err != nil {
		return []error{err}
	}
	return one(s.Validate(known, off, aliases))
}
