package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/client-go/rest"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/capabilities"
)

const ownProcessFlag = "own-process"

// changesProcess tells whether reading r sets what a component keeps once per process: feature gates, logging, versions.
func changesProcess(r request) bool {
	return strings.HasPrefix(r.Reader, "flags:") || r.Gates != "" || strings.Contains(r.Text, "featureGates")
}

// answerInOwnProcess keeps what one request sets from being seen by the next.
func answerInOwnProcess(r request) verdict {
	failed := func(err error, said []byte) verdict {
		return verdict{ID: r.ID, Errors: []string{fmt.Sprintf("%v: %s", err, bytes.TrimSpace(said))}, ReadBy: "nothing"}
	}
	line, err := json.Marshal(r)
	if err != nil {
		return failed(err, nil)
	}
	self, err := os.Executable()
	if err != nil {
		return failed(err, nil)
	}
	var out, talk bytes.Buffer
	child := exec.Command(self, "-"+ownProcessFlag)
	child.Stdin, child.Stdout, child.Stderr = bytes.NewReader(line), &out, &talk
	if err := child.Run(); err != nil {
		return failed(err, talk.Bytes())
	}
	var v verdict
	if err := json.Unmarshal(out.Bytes(), &v); err != nil {
		return failed(err, out.Bytes())
	}
	return v
}

// prepareProcess sets what the components keep once per process.
func prepareProcess() {
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
	// As kubeadm starts kube-apiserver, with --allow-privileged: network and GPU agents need it.
	capabilities.Initialize(capabilities.Capabilities{AllowPrivileged: true})
}

// unreachable is the API server of components that are made but not started, and so never call it.
func unreachable() *rest.Config {
	return &rest.Config{Host: "https://127.0.0.1:1"}
}

// setGates sets the process's feature gates as --feature-gates does.
func setGates(list string) error {
	return utilfeature.DefaultMutableFeatureGate.Set(list)
}
