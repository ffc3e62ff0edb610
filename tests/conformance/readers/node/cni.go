package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/containernetworking/cni/libcni"
	"github.com/containernetworking/cni/pkg/version"
)

// readCNI loads a list of plugins as a container runtime does; a version that no plugin speaks is an error.
func readCNI(text string) error {
	list, err := libcni.ConfListFromBytes([]byte(text))
	if err != nil {
		return err
	}
	if !slices.Contains(version.All.SupportedVersions(), list.CNIVersion) {
		return fmt.Errorf("no CNI version %q", list.CNIVersion)
	}
	if err := knownKeys([]byte(text)); err != nil {
		return err
	}
	if len(list.Plugins) == 0 {
		return errors.New("a list without plugins")
	}
	for _, plugin := range list.Plugins {
		if err := knownCapabilities(plugin.Bytes); err != nil {
			return err
		}
	}
	return nil
}

// knownKeys refuses what the specification does not name beside a list's plugins: libcni would ignore it.
func knownKeys(list []byte) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(list, &fields); err != nil {
		return err
	}
	known := []string{"cniVersion", "cniVersions", "name", "disableCheck", "disableGC", "loadOnlyInlinedPlugins", "plugins"}
	for name := range fields {
		if !slices.Contains(known, name) {
			return fmt.Errorf("no key %q", name)
		}
	}
	return nil
}

// knownCapabilities refuses what the specification's conventions do not name: a runtime would ignore it.
func knownCapabilities(plugin []byte) error {
	var fields struct {
		Capabilities map[string]bool `json:"capabilities"`
		Type         string          `json:"type"`
	}
	if err := json.Unmarshal(plugin, &fields); err != nil {
		return err
	}
	if fields.Type == "" {
		return errors.New("a plugin without a type")
	}
	known := []string{"portMappings", "bandwidth", "ipRanges", "dns", "ips", "mac", "infinibandGUID", "deviceID", "aliases", "cgroupPath", "io.kubernetes.cri.pod-annotations"}
	for name := range fields.Capabilities {
		if !slices.Contains(known, name) {
			return fmt.Errorf("%s: no capability %q", fields.Type, name)
		}
	}
	return nil
}
