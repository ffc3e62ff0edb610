//go:build until1.35

package main

import "k8s.io/kubernetes/cmd/kubeadm/app/util/config"

func validateKubeadmConfig(text []byte) error {
	const allowExperimental = false
	return config.ValidateConfig(text, allowExperimental)
}
