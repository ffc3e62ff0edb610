//go:build !validation

package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	runtimeschema "k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/generated/openapi"
)

// alsoDescribed are kinds that no strategy here creates, and that people add to what is emitted.
var alsoDescribed = []runtimeschema.GroupKind{
	{Group: "apps", Kind: "ReplicaSet"},
	{Group: "networking.k8s.io", Kind: "Ingress"},
	{Group: "networking.k8s.io", Kind: "IngressClass"},
	{Group: "resource.k8s.io", Kind: "ResourceClaim"},
	{Group: "storage.k8s.io", Kind: "CSIDriver"},
}

// objectTable has the schemas of API objects: fields by reflection, as strict decoding knows them, and the enumerations that
// the API server publishes.
func objectTable() schema {
	types, kinds := newSchemas(), schema{}
	for _, kind := range describedKinds() {
		for _, version := range versionsOf(kind) {
			object := legacyscheme.Scheme.AllKnownTypes()[version.WithKind(kind.Kind)]
			kinds[version.String()+"/"+kind.Kind] = types.of(object)
		}
	}
	addEnumerations(types.defs)
	return schema{"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": types.defs, "kinds": kinds}
}

func describedKinds() []runtimeschema.GroupKind {
	kinds := slices.Clone(alsoDescribed)
	for kind := range strategies() {
		kinds = append(kinds, kind)
	}
	return kinds
}

// versionsOf are a kind's stable versions, or all of them where it has none.
func versionsOf(kind runtimeschema.GroupKind) []runtimeschema.GroupVersion {
	var all, stable []runtimeschema.GroupVersion
	for known := range legacyscheme.Scheme.AllKnownTypes() {
		if known.GroupKind() != kind || known.Version == "__internal" {
			continue
		}
		all = append(all, known.GroupVersion())
		if !strings.ContainsAny(known.Version, "ab") {
			stable = append(stable, known.GroupVersion())
		}
	}
	if len(stable) > 0 {
		return stable
	}
	return all
}

func addEnumerations(defs map[string]schema) {
	published := openapi.GetOpenAPIDefinitions(func(string) spec.Ref { return spec.Ref{} })
	for name, definition := range published {
		def, described := defs[shortName(name)]
		if !described {
			continue
		}
		for field, property := range definition.Schema.Properties {
			own, _ := def["properties"].(schema)[field].(schema)
			if own == nil {
				continue
			}
			if items, list := own["items"].(schema); list && property.Items != nil && property.Items.Schema != nil {
				own, property = items, *property.Items.Schema
			}
			if len(property.Enum) > 0 && own["type"] == "string" {
				own["enum"] = sorted(property.Enum)
			}
		}
	}
}

// shortName is definitionName's for a published name: io.k8s.api.core.v1.Pod, or k8s.io/api/core/v1.Pod.
func shortName(published string) string {
	parts := strings.FieldsFunc(published, func(r rune) bool { return r == '/' || r == '.' })
	return strings.Join(parts[max(0, len(parts)-3):], ".")
}

func sorted(values []any) []any {
	return slices.SortedFunc(slices.Values(values), func(a, b any) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
}
