package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/flannel-io/flannel/pkg/backend/vxlan"
	"github.com/flannel-io/flannel/pkg/subnet"
)

// readFlannel parses net-conf.json as flanneld does; keys that it ignores are errors.
func readFlannel(text string) error {
	if err := decodeStrictly([]byte(text), new(subnet.Config)); err != nil {
		return err
	}
	cfg, err := subnet.ParseConfig(text)
	if err != nil {
		return err
	}
	if err := subnet.CheckNetworkConfig(cfg); err != nil {
		return err
	}
	return readBackend(cfg)
}

// readBackend decodes what the backend's own code decodes, into the same struct where it is exported.
func readBackend(cfg *subnet.Config) error {
	switch cfg.BackendType {
	case "vxlan":
		return decodeStrictly(cfg.Backend, &struct {
			Type string
			vxlan.VXLANConfig
		}{})
	case "wireguard":
		// The fields that its RegisterNetwork decodes into: they have no type of their own.
		return decodeStrictly(cfg.Backend, &struct {
			Type                        string
			ListenPort, ListenPortV6    int
			MTU                         int
			PSK                         string
			PersistentKeepaliveInterval time.Duration
			Mode                        string
		}{})
	case "host-gw":
		return decodeStrictly(cfg.Backend, &struct{ Type string }{})
	default:
		return fmt.Errorf("no reader is wired for the backend %q", cfg.BackendType)
	}
}

func decodeStrictly(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}
