// Command reader lets the programs of a machine judge their configuration: CNI's library, CoreDNS, flannel,
// containerd's registry hosts.
//
// Each line of standard input is a JSON request, and each line of standard output the verdict on it, in the same order.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"runtime/debug"
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

// reader is one program's way of reading one kind of text; module is the one whose code reads.
type reader struct {
	program, module string
	read            func(text string) error
}

var readers = map[string]reader{
	"cni":              {"libcni", "github.com/containernetworking/cni", readCNI},
	"corefile":         {"CoreDNS", "github.com/coredns/coredns", readCorefile},
	"containerd-hosts": {"containerd", "github.com/containerd/containerd/v2", readHosts},
	"flannel":          {"flannel", "github.com/flannel-io/flannel", readFlannel},
}

func main() {
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
		if err := verdicts.Encode(answer(r)); err != nil {
			return err
		}
	}
}

func answer(r request) verdict {
	v := verdict{ID: r.ID, Errors: []string{}, ReadBy: "nothing"}
	chosen, known := readers[r.Reader]
	if !known {
		v.Errors = append(v.Errors, fmt.Sprintf("no reader is called %q", r.Reader))
		return v
	}
	v.ReadBy = chosen.program + " " + moduleVersion(chosen.module)
	if err := chosen.read(r.Text); err != nil {
		v.Errors = append(v.Errors, err.Error())
	}
	v.OK = len(v.Errors) == 0
	return v
}

// moduleVersion is that of the module whose code reads, so that a report cannot claim another one.
func moduleVersion(wanted string) string {
	build, _ := debug.ReadBuildInfo()
	for _, module := range build.Deps {
		if module.Path == wanted {
			return path.Base(module.Version)
		}
	}
	return "of unknown version"
}
