// Command kube-proxy is kube-proxy and nothing beside it.
package main

import (
	"clusterc.dev/conformance/kubernetes/component"
	"k8s.io/kubernetes/cmd/kube-proxy/app"
)

func main() {
	component.Main(app.NewProxyCommand(), nil)
}
