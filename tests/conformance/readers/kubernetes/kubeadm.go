package main

import (
	"fmt"

	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/kubernetes/cmd/kubeadm/app/constants"
	"k8s.io/kubernetes/cmd/kubeadm/app/util/config"
)

// A release gets its version from the linker. A kubeadm without one would install any version, so it gets the module's here.
func init() {
	current, err := version.ParseSemantic(kubernetesVersion())
	if err != nil {
		panic(err)
	}
	constants.CurrentKubernetesVersion = current
	constants.MinimumControlPlaneVersion = version.MustParseSemantic(fmt.Sprintf("v%d.%d.0", current.Major(), current.Minor()-1))
}

// readKubeadmConfig does what "kubeadm config validate" does. The text may hold several documents.
func readKubeadmConfig(r request) []error {
	const allowDeprecated, allowExperimental = false, false
	return one(config.ValidateConfig([]byte(r.Text), allowDeprecated, allowExperimental))
}
