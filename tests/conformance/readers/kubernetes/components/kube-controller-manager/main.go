// Command kube-controller-manager is kube-controller-manager and nothing beside it.
package main

import (
	"clusterc.dev/conformance/kubernetes/component"
	"k8s.io/kubernetes/cmd/kube-controller-manager/app"
)

func main() {
	component.Main(app.NewControllerManagerCommand(), nil)
}
