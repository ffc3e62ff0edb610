// Command reader lets etcd's own code judge its configuration files.
//
// Each line of standard input is a JSON request, and each line of standard output the verdict on it, in the same order.
// etcd ignores keys that it does not know; here they are errors. Built once for each etcd release line (-modfile).
// "reader program etcd ARGS..." is etcd itself.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"

	"go.etcd.io/etcd/server/v3/embed"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"sigs.k8s.io/yaml"
)

type request struct {
	ID     string `json:"id"`
	Reader string `json:"reader"`
	Text   string `json:"text"`
}

type verdict struct {
	ID     string   `json:"id"`
	OK     bool     `json:"ok"`
	Errors []string `json:"errors"`
	ReadBy string   `json:"read_by"`
}

// textKeys are those that the configuration file gives as text and embed.Config holds parsed: the fields of etcd's
// unexported configJSON, which reflection cannot reach.
var textKeys = []string{
	"listen-peer-urls", "listen-client-urls", "listen-client-http-urls",
	"initial-advertise-peer-urls", "advertise-client-urls",
	"cors", "host-whitelist", "client-transport-security", "peer-transport-security", "feature-gates",
}

// transportKeys are the fields of etcd's unexported securityConfig.
var transportKeys = []string{
	"cert-file", "key-file", "client-cert-file", "client-key-file", "client-cert-auth", "trusted-ca-file",
	"auto-tls", "allowed-cn", "allowed-hostname", "skip-client-san-verification",
}

func main() {
	if len(os.Args) > 2 && os.Args[1] == "program" && os.Args[2] == "etcd" {
		etcdmain.Main(os.Args[2:])
		return
	}
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "reader:", err)
		os.Exit(1)
	}
}

func serve(in io.Reader, out io.Writer) error {
	requests, verdicts := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var r request
		if err := requests.Decode(&r); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("reading a request: %w", err)
		}
		v := verdict{ID: r.ID, Errors: []string{}, ReadBy: "etcd " + version()}
		for _, err := range read(r.Text) {
			v.Errors = append(v.Errors, err.Error())
		}
		v.OK = len(v.Errors) == 0
		if err := verdicts.Encode(v); err != nil {
			return err
		}
	}
}

func read(text string) []error {
	folder, err := os.MkdirTemp("", "etcd-reader-")
	if err != nil {
		return []error{err}
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "etcd.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return []error{err}
	}
	errs := unknownKeys(text)
	if _, err := embed.ConfigFromFile(file); err != nil {
		errs = append(errs, err)
	}
	return errs
}

func unknownKeys(text string) []error {
	var tree map[string]any
	if err := yaml.UnmarshalStrict([]byte(text), &tree); err != nil {
		return []error{err}
	}
	errs := unknown(tree, append(configKeys(), textKeys...), "")
	for _, name := range []string{"client-transport-security", "peer-transport-security"} {
		if inner, ok := tree[name].(map[string]any); ok {
			errs = append(errs, unknown(inner, transportKeys, name+".")...)
		}
	}
	return errs
}

func unknown(tree map[string]any, known []string, prefix string) []error {
	var errs []error
	for key := range tree {
		if !slices.Contains(known, key) {
			errs = append(errs, fmt.Errorf("etcd has no key %s%s", prefix, key))
		}
	}
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errs
}

// configKeys are the keys that etcd's own configuration struct names.
func configKeys() []string {
	var keys []string
	config := reflect.TypeOf(embed.Config{})
	for i := range config.NumField() {
		field := config.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case name == "-" || !field.IsExported():
		case name == "":
			keys = append(keys, field.Name)
		default:
			keys = append(keys, name)
		}
	}
	return keys
}

// version is that of the module whose code reads, so that a report cannot claim another one.
func version() string {
	build, _ := debug.ReadBuildInfo()
	for _, module := range build.Deps {
		if module.Path == "go.etcd.io/etcd/server/v3" {
			return path.Base(module.Version)
		}
	}
	return "of unknown version"
}
