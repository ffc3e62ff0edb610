// Command reader lets the Kubernetes components' own code judge configuration files.
//
// Each line of standard input is a JSON request, and each line of standard output the verdict on it, in the same order.
// What a component would decode leniently is decoded strictly here: an unknown or repeated field is an error.
// As "reader program NAME ARGUMENT…" it is the component itself, and as "reader tables NAME" it says what the component knows.
// Built once for each minor (-modfile), with a tag until1.N for every minor from that one to the last but the newest:
// so "until1.35" marks what holds up to 1.35, and "!until1.35" what holds since 1.36.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path"
	"runtime/debug"
)

// request names the reader for one text. Gates, in the form of --feature-gates, are those of the cluster's API server.
type request struct {
	ID     string `json:"id"`
	Reader string `json:"reader"`
	Text   string `json:"text"`
	Gates  string `json:"gates,omitempty"`
}

type verdict struct {
	ID     string   `json:"id"`
	OK     bool     `json:"ok"`
	Errors []string `json:"errors"`
	ReadBy string   `json:"read_by"`
}

func main() {
	if len(os.Args) > 1 && otherModes[os.Args[1]] != nil {
		os.Exit(otherModes[os.Args[1]](os.Args[2:]))
	}
	alone := flag.Bool(ownProcessFlag, false, "answer every request in this process")
	flag.Parse()
	prepareProcess()
	if err := serve(os.Stdin, os.Stdout, *alone); err != nil {
		fmt.Fprintln(os.Stderr, "reader:", err)
		os.Exit(1)
	}
}

func serve(in io.Reader, out io.Writer, alone bool) error {
	requests, verdicts := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var r request
		if err := requests.Decode(&r); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("reading a request: %w", err)
		}
		if err := verdicts.Encode(answer(r, alone)); err != nil {
			return err
		}
	}
}

func answer(r request, alone bool) verdict {
	if !alone && changesProcess(r) {
		return answerInOwnProcess(r)
	}
	v := verdict{ID: r.ID, Errors: []string{}, ReadBy: "nothing"}
	chosen, known := readers()[r.Reader]
	if !known {
		v.Errors = append(v.Errors, fmt.Sprintf("no reader is called %q", r.Reader))
		return v
	}
	v.ReadBy = fmt.Sprintf("%s %s", chosen.component, kubernetesVersion())
	for _, err := range guarded(chosen.read, r) {
		v.Errors = append(v.Errors, err.Error())
	}
	v.OK = len(v.Errors) == 0
	return v
}

// guarded turns a panic into an error: the kubelet panics on an unknown feature gate, for example.
func guarded(read func(request) []error, r request) (errs []error) {
	defer func() {
		if cause := recover(); cause != nil {
			errs = append(errs, fmt.Errorf("panic: %v", cause))
		}
	}()
	if r.Gates != "" {
		if err := setGates(r.Gates); err != nil {
			return []error{err}
		}
	}
	return read(r)
}

// kubernetesVersion is that of the module whose code reads, so that a report cannot claim another one.
func kubernetesVersion() string {
	build, _ := debug.ReadBuildInfo()
	for _, module := range build.Deps {
		if module.Path == "k8s.io/kubernetes" {
			return path.Base(module.Version)
		}
	}
	return "of unknown version"
}
