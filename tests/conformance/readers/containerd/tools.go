//go:build tools

// Package tools keeps containerd's command among this module's requirements: it is built from there and run as it is.
package tools

import _ "github.com/containerd/containerd/v2/cmd/containerd"
