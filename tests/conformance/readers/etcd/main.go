// Command reader lets etcd's own code judge its configuration files.
//
// Each line of standard input is a JSON request, and each line of standard output the verdict on it, in the same order.
// etcd ignores keys that it does not know; here they are errors. Built once for each etcd release line (-modfile).
// "reader program etcd ARGS..." is etcd itself, and "reader tables keys" says which keys its configuration file may have.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"runtime/debug"

	"go.etcd.io/etcd/server/v3/embed"
	"go.etcd.io/etcd/server/v3/etcdmain"
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

func main() {
	if len(os.Args) > 2 && os.Args[1] == "program" && os.Args[2] == "etcd" {
		etcdmain.Main(os.Args[2:])
		return
	}
	if len(os.Args) > 2 && os.Args[1] == "tables" && os.Args[2] == "keys" {
		writeKeys(os.Stdout)
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
