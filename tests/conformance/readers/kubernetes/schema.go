//go:build !validation

package main

import (
	"encoding"
	"encoding/json"
	"fmt"
	"path"
	"reflect"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	logs "k8s.io/component-base/logs/api/v1"
	bootstraptoken "k8s.io/kubernetes/cmd/kubeadm/app/apis/bootstraptoken/v1"
)

// schema is one JSON Schema, or a part of one.
type schema = map[string]any

// ownForms are the schemas of the types that write themselves as something else than their fields.
var ownForms = map[reflect.Type]schema{
	reflect.TypeFor[metav1.Duration]():                     {"type": "string"},
	reflect.TypeFor[metav1.Time]():                         {"type": "string", "format": "date-time"},
	reflect.TypeFor[metav1.MicroTime]():                    {"type": "string", "format": "date-time"},
	reflect.TypeFor[metav1.FieldsV1]():                     {"type": "object"},
	reflect.TypeFor[resource.Quantity]():                   {"type": []string{"string", "number"}},
	reflect.TypeFor[resource.QuantityValue]():              {"type": []string{"string", "number"}},
	reflect.TypeFor[intstr.IntOrString]():                  {"type": []string{"integer", "string"}},
	reflect.TypeFor[runtime.RawExtension]():                {"type": "object"},
	reflect.TypeFor[runtime.Unknown]():                     {"type": "object"},
	reflect.TypeFor[logs.TimeOrMetaDuration]():             {"type": []string{"string", "integer"}},
	reflect.TypeFor[bootstraptoken.BootstrapTokenString](): {"type": "string"},
}

// schemas turns Go types into JSON Schemas as encoding/json reads them; each struct stands once in defs.
type schemas struct {
	defs  map[string]schema
	types map[string]reflect.Type
}

func newSchemas() *schemas {
	return &schemas{defs: map[string]schema{}, types: map[string]reflect.Type{}}
}

// of panics where a type has a form of its own that is not listed: a table must not guess.
func (s *schemas) of(t reflect.Type) schema {
	if form, listed := ownForms[t]; listed {
		return form
	}
	if t.Kind() == reflect.Pointer {
		return s.of(t.Elem())
	}
	if hasOwnForm(t) {
		panic(fmt.Sprintf("%s has a JSON form of its own: list it in ownForms", t))
	}
	switch t.Kind() {
	case reflect.Struct:
		return s.reference(t)
	case reflect.Map:
		return schema{"type": "object", "additionalProperties": s.of(t.Elem())}
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return schema{"type": "string"}
		}
		return schema{"type": "array", "items": s.of(t.Elem())}
	default:
		return scalar(t)
	}
}

func scalar(t reflect.Type) schema {
	switch kind := t.Kind(); {
	case kind == reflect.String:
		return schema{"type": "string"}
	case kind == reflect.Bool:
		return schema{"type": "boolean"}
	case kind >= reflect.Int && kind <= reflect.Int64:
		return schema{"type": "integer"}
	case kind >= reflect.Uint && kind <= reflect.Uint64:
		return schema{"type": "integer", "minimum": 0}
	case kind == reflect.Float32 || kind == reflect.Float64:
		return schema{"type": "number"}
	default:
		panic(fmt.Sprintf("%s has no JSON Schema", t))
	}
}

func hasOwnForm(t reflect.Type) bool {
	pointer := reflect.PointerTo(t)
	return pointer.Implements(reflect.TypeFor[json.Unmarshaler]()) || pointer.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

func (s *schemas) reference(t reflect.Type) schema {
	name := definitionName(t.PkgPath(), t.Name())
	if other, there := s.types[name]; there && other != t {
		panic(fmt.Sprintf("%s and %s are both called %s", other, t, name))
	} else if !there {
		s.types[name] = t
		s.defs[name] = schema{"type": "object", "additionalProperties": false, "properties": s.properties(t)}
	}
	return schema{"$ref": "#/$defs/" + name}
}

// definitionName is short and stays the same while a type keeps its place: core.v1.PodSpec.
func definitionName(pkg, name string) string {
	return path.Base(path.Dir(pkg)) + "." + path.Base(pkg) + "." + name
}

func (s *schemas) properties(t reflect.Type) schema {
	all := schema{}
	for i := range t.NumField() {
		field := t.Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case name == "-" || !field.IsExported():
		case field.Anonymous && (name == "" || strings.Contains(options, "inline")):
			for inner, of := range s.properties(field.Type) {
				all[inner] = of
			}
		case name == "":
			all[field.Name] = s.of(field.Type)
		default:
			all[name] = s.of(field.Type)
		}
	}
	return all
}
