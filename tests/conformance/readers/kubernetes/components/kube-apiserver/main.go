// Command kube-apiserver is kube-apiserver and nothing beside it.
package main

import (
	"clusterc.dev/conformance/kubernetes/component"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

func main() {
	component.Main(app.NewAPIServerCommand(), nil)
}
