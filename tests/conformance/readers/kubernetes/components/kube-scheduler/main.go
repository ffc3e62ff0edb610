// Command kube-scheduler is kube-scheduler and nothing beside it.
package main

import (
	"clusterc.dev/conformance/kubernetes/component"
	"k8s.io/kubernetes/cmd/kube-scheduler/app"
)

func main() {
	component.Main(app.NewSchedulerCommand(), nil)
}
