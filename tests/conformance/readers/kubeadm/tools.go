//go:build tools

// Package tools keeps kubeadm's command among this module's requirements: it is built from there and run as it is.
package tools

import _ "k8s.io/kubernetes/cmd/kubeadm"
