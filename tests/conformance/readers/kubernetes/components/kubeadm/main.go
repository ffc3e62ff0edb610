// Command kubeadm lists kubeadm's own feature gates, which it keeps apart from those of the other components.
package main

import (
	"clusterc.dev/conformance/kubernetes/component"
	"k8s.io/kubernetes/cmd/kubeadm/app/features"
)

func main() {
	gates := map[string]component.Gate{}
	for name, feature := range features.InitFeatureGates {
		gates[name] = component.GateOf(feature.FeatureSpec)
	}
	component.Write(component.Table{Gates: gates})
}
