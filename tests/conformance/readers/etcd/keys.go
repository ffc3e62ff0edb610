package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"

	"go.etcd.io/etcd/server/v3/embed"
	"sigs.k8s.io/yaml"
)

// key is one key of etcd's configuration file, as a part of a JSON Schema.
type key struct {
	Type       string         `json:"type"`
	Items      *key           `json:"items,omitempty"`
	Properties map[string]key `json:"properties,omitempty"`
}

// textKeys are those that the configuration file gives as text and embed.Config holds parsed: the fields of etcd's
// unexported configJSON, which reflection cannot reach.
var textKeys = []string{
	"listen-peer-urls", "listen-client-urls", "listen-client-http-urls",
	"initial-advertise-peer-urls", "advertise-client-urls", "cors", "host-whitelist", "feature-gates",
}

// transportKeys are the fields of etcd's unexported securityConfig.
var transportKeys = map[string]key{
	"cert-file": {Type: "string"}, "key-file": {Type: "string"}, "trusted-ca-file": {Type: "string"},
	"client-cert-file": {Type: "string"}, "client-key-file": {Type: "string"}, "client-cert-auth": {Type: "boolean"},
	"auto-tls": {Type: "boolean"}, "skip-client-san-verification": {Type: "boolean"},
	"allowed-cn":       {Type: "array", Items: &key{Type: "string"}},
	"allowed-hostname": {Type: "array", Items: &key{Type: "string"}},
}

func unknownKeys(text string) []error {
	var tree map[string]any
	if err := yaml.UnmarshalStrict([]byte(text), &tree); err != nil {
		return []error{err}
	}
	return unknown(tree, configKeys(), "")
}

func unknown(tree map[string]any, known map[string]key, prefix string) []error {
	var errs []error
	for name, value := range tree {
		found, there := known[name]
		if !there {
			errs = append(errs, fmt.Errorf("etcd has no key %s%s", prefix, name))
		} else if inner, ok := value.(map[string]any); ok {
			errs = append(errs, unknown(inner, found.Properties, name+".")...)
		}
	}
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errs
}

// configKeys are the keys that etcd's own configuration struct names, and those that it keeps in unexported ones.
func configKeys() map[string]key {
	keys := fieldsOf(reflect.TypeFor[embed.Config]())
	for _, name := range textKeys {
		keys[name] = key{Type: "string"}
	}
	for _, name := range []string{"client-transport-security", "peer-transport-security"} {
		keys[name] = key{Type: "object", Properties: transportKeys}
	}
	return keys
}

func fieldsOf(config reflect.Type) map[string]key {
	keys := map[string]key{}
	for i := range config.NumField() {
		field := config.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if of, readable := keyOf(field.Type); readable && name != "" && name != "-" {
			keys[name] = of
		}
	}
	return keys
}

// keyOf says what JSON a type is read from, and whether it can be read at all: a function cannot.
func keyOf(t reflect.Type) (key, bool) {
	switch kind := t.Kind(); {
	case kind == reflect.String:
		return key{Type: "string"}, true
	case kind == reflect.Bool:
		return key{Type: "boolean"}, true
	case kind >= reflect.Int && kind <= reflect.Uint64:
		return key{Type: "integer"}, true
	case kind == reflect.Float32 || kind == reflect.Float64:
		return key{Type: "number"}, true
	case kind == reflect.Slice:
		items, readable := keyOf(t.Elem())
		return key{Type: "array", Items: &items}, readable
	case kind == reflect.Map:
		return key{Type: "object"}, true
	case kind == reflect.Struct:
		return key{Type: "object", Properties: fieldsOf(t)}, true
	case kind == reflect.Pointer:
		return keyOf(t.Elem())
	default:
		return key{}, false
	}
}

func writeKeys(out io.Writer) {
	if err := json.NewEncoder(out).Encode(configKeys()); err != nil {
		fmt.Fprintln(os.Stderr, "reader:", err)
		os.Exit(1)
	}
}
