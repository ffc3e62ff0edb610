//go:build !validation

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"
)

const (
	startTimeout  = 2 * time.Minute
	startInterval = 100 * time.Millisecond
	token         = "loopback"
)

// resourceEntry is one kind of object that the API server serves.
type resourceEntry struct {
	Resource   string `json:"resource"`
	Namespaced bool   `json:"namespaced"`
}

// resourceTable starts kube-apiserver over an etcd, with flags beside the usual ones, and asks it what it serves.
func resourceTable(etcd string, flags []string) (map[string]map[string]resourceEntry, error) {
	dir, err := os.MkdirTemp("", "apiserver")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	arguments, err := serverArguments(dir, etcd, port)
	if err != nil {
		return nil, err
	}
	command := programs["kube-apiserver"]()
	command.SetArgs(append(arguments, flags...))
	ended := make(chan error, 1)
	go func() { ended <- command.ExecuteContext(context.Background()) }()
	client, err := discovery.NewDiscoveryClientForConfig(&rest.Config{
		Host: "https://127.0.0.1:" + port, BearerToken: token, TLSClientConfig: rest.TLSClientConfig{Insecure: true},
	})
	if err != nil {
		return nil, err
	}
	if err := waitUntilReady(client, ended); err != nil {
		return nil, err
	}
	_, lists, err := client.ServerGroupsAndResources()
	return served(lists), err
}

func serverArguments(dir, etcd, port string) ([]string, error) {
	key, err := signingKey()
	if err != nil {
		return nil, err
	}
	keyFile, tokens := filepath.Join(dir, "sa.key"), filepath.Join(dir, "tokens.csv")
	if err := os.Rename(key, keyFile); err != nil {
		return nil, err
	}
	if err := os.Remove(filepath.Dir(key)); err != nil {
		return nil, err
	}
	return []string{
		"--etcd-servers=" + etcd, "--secure-port=" + port, "--cert-dir=" + dir, "--token-auth-file=" + tokens,
		"--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", "--endpoint-reconciler-type=none",
		"--service-account-issuer=https://kubernetes.default.svc", "--service-cluster-ip-range=10.96.0.0/24",
		"--service-account-signing-key-file=" + keyFile, "--service-account-key-file=" + keyFile, "--authorization-mode=RBAC",
	}, os.WriteFile(tokens, []byte(token+",reader,reader,system:masters\n"), 0o600)
}

func freePort() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	port := listener.Addr().(*net.TCPAddr).Port
	return strconv.Itoa(port), listener.Close()
}

func waitUntilReady(client *discovery.DiscoveryClient, ended <-chan error) error {
	deadline := time.After(startTimeout)
	for {
		select {
		case err := <-ended:
			return fmt.Errorf("kube-apiserver ended: %w", err)
		case <-deadline:
			return errors.New("kube-apiserver was not ready in time")
		case <-time.After(startInterval):
			if client.RESTClient().Get().AbsPath("/readyz").Do(context.Background()).Error() == nil {
				return nil
			}
		}
	}
}

func served(lists []*metav1.APIResourceList) map[string]map[string]resourceEntry {
	table := map[string]map[string]resourceEntry{}
	for _, list := range lists {
		kinds := map[string]resourceEntry{}
		for _, resource := range list.APIResources {
			if !strings.Contains(resource.Name, "/") {
				kinds[resource.Kind] = resourceEntry{resource.Name, resource.Namespaced}
			}
		}
		table[list.GroupVersion] = kinds
	}
	return table
}
