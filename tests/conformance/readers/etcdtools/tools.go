//go:build tools

// Package tools keeps etcd's commands among this module's requirements: they are built from there and run as they are.
package tools

import (
	_ "go.etcd.io/etcd/etcdctl/v3"
	_ "go.etcd.io/etcd/etcdutl/v3"
	_ "go.etcd.io/etcd/server/v3"
)
