//go:build until1.35 && !until1.34

package main

import (
	groupkind "k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/kubernetes/pkg/registry/scheduling/workload"
)

func gangStrategies() map[groupkind.GroupKind]rest.RESTCreateStrategy {
	return map[groupkind.GroupKind]rest.RESTCreateStrategy{
		{Group: "scheduling.k8s.io", Kind: "Workload"}: workload.Strategy,
	}
}
