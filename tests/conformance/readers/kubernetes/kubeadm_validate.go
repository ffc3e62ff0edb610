//go:build !until1.35

package main

import "k8s.io/kubernetes/cmd/kubeadm/app/util/config"

func validateKubeadmConfig(text []byte) error {
	const allowDeprecated, allowExperimental = false, false
	return config.ValidateConfig(text, allowDeprecated, allowExperimental)
}
