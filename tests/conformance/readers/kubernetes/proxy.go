package main

import (
	"fmt"

	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/kubernetes/pkg/proxy/apis/config"
	"k8s.io/kubernetes/pkg/proxy/apis/config/scheme"
	"k8s.io/kubernetes/pkg/proxy/apis/config/validation"
)

func readProxyConfig(r request) []error {
	object, kind, err := scheme.Codecs.UniversalDecoder().Decode([]byte(r.Text), nil, nil)
	if err != nil {
		return []error{err}
	}
	cfg, ok := object.(*config.KubeProxyConfiguration)
	if !ok {
		return []error{fmt.Errorf("%s is no KubeProxyConfiguration", kind)}
	}
	if err := utilfeature.DefaultMutableFeatureGate.SetFromMap(cfg.FeatureGates); err != nil {
		return []error{err}
	}
	if cfg.DetectLocalMode == "" {
		cfg.DetectLocalMode = config.LocalModeClusterCIDR // As kube-proxy does on Linux; only then are its networks checked.
	}
	return one(validation.Validate(cfg).ToAggregate())
}
