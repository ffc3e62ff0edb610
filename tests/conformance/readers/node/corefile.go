package main

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/coredns/caddy"
	_ "github.com/coredns/coredns/core/dnsserver" // the server type that a Corefile configures
	_ "github.com/coredns/coredns/plugin/bind"
	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/forward"
	_ "github.com/coredns/coredns/plugin/health"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/loadbalance"
	_ "github.com/coredns/coredns/plugin/loop"
	_ "github.com/coredns/coredns/plugin/metrics"
	_ "github.com/coredns/coredns/plugin/ready"
	_ "github.com/coredns/coredns/plugin/reload"
)

// kubeconfig stands in for the ServiceAccount that CoreDNS has in a pod; nothing connects while a Corefile is checked.
const kubeconfig = `apiVersion: v1
kind: Config
clusters: [{name: none, cluster: {server: "https://127.0.0.1:1"}}]
contexts: [{name: none, context: {cluster: none, user: none}}]
current-context: none
users: [{name: none, user: {}}]
`

// readCorefile sets every plugin up as CoreDNS does at its start, without starting a server.
func readCorefile(text string) error {
	folder, err := os.MkdirTemp("", "corefile-reader-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "kubeconfig")
	if err := os.WriteFile(file, []byte(kubeconfig), 0o600); err != nil {
		return err
	}
	text = strings.ReplaceAll(text, "        pods insecure\n", "        pods insecure\n        kubeconfig "+file+"\n")
	// What the cache on every node puts in by itself before it reads its Corefile.
	text = strings.NewReplacer("__PILLAR__CLUSTER__DNS__", "127.0.0.1", "__PILLAR__UPSTREAM__SERVERS__", "/etc/resolv.conf", "169.254.20.10", "127.0.0.1").Replace(text)
	input := caddy.CaddyfileInput{Contents: []byte(text), Filepath: "Corefile", ServerTypeName: "dns"}
	return caddy.ValidateAndExecuteDirectives(input, nil, true)
}
