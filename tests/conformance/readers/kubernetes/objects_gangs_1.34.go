//go:build until1.34

package main

import (
	groupkind "k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/registry/rest"
)

func gangStrategies() map[groupkind.GroupKind]rest.RESTCreateStrategy {
	return map[groupkind.GroupKind]rest.RESTCreateStrategy{}
}
