package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/containerd/containerd/v2/core/remotes/docker/config"
	"github.com/pelletier/go-toml/v2"
	"github.com/sirupsen/logrus"
)

var hostKeys = []string{"capabilities", "ca", "client", "skip_verify", "header", "override_path", "dial_timeout"}

// readHosts loads a registry's hosts.toml as containerd does when it pulls; keys that it ignores are errors.
func readHosts(text string) error {
	root, err := os.MkdirTemp("", "hosts-reader-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(root)
	folder := filepath.Join(root, "registry.test")
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "hosts.toml"), []byte(text), 0o600); err != nil {
		return err
	}
	if err := ignoredKeys(text); err != nil {
		return err
	}
	var said bytes.Buffer
	logrus.SetOutput(&said) // a file that cannot be decoded is only logged
	defer logrus.SetOutput(os.Stderr)
	hosts := config.ConfigureHosts(context.Background(), config.HostOptions{HostDir: config.HostDirFromRoot(root)})
	if _, err = hosts("registry.test"); err != nil {
		return err
	}
	if said.Len() > 0 {
		return errors.New(strings.TrimSpace(said.String()))
	}
	return nil
}

func ignoredKeys(text string) error {
	var tree map[string]any
	if err := toml.Unmarshal([]byte(text), &tree); err != nil {
		return err
	}
	for key, value := range tree {
		tables, isTable := value.(map[string]any)
		if key == "host" && isTable {
			for host, inner := range tables {
				for name := range inner.(map[string]any) {
					if !slices.Contains(hostKeys, name) {
						return fmt.Errorf("host %s: no key %q", host, name)
					}
				}
			}
		} else if key != "server" && !slices.Contains(hostKeys, key) {
			return fmt.Errorf("no key %q", key)
		}
	}
	return nil
}
