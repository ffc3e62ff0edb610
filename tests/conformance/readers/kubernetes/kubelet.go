package main

import (
	"encoding/json"
	"fmt"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	v1beta1 "k8s.io/kubelet/config/v1beta1"
	"k8s.io/kubernetes/pkg/kubelet/apis/config"
	"k8s.io/kubernetes/pkg/kubelet/apis/config/scheme"
	conversion "k8s.io/kubernetes/pkg/kubelet/apis/config/v1beta1"
	"k8s.io/kubernetes/pkg/kubelet/apis/config/validation"
	"sigs.k8s.io/yaml"
)

func readKubeletConfig(r request) []error {
	cfg, err := decodeKubeletConfig(r.Text)
	if err != nil {
		return []error{err}
	}
	return judgeKubeletConfig(cfg)
}

// layered is a kubelet's configuration file with the files of its --config-dir, in lexical order of their names.
type layered struct {
	Base    string   `json:"base"`
	Dropins []string `json:"dropins"`
}

// readKubeletDropins decodes each file strictly by itself and then merges as the kubelet does, which drops typos in silence.
func readKubeletDropins(r request) []error {
	var files layered
	if err := json.Unmarshal([]byte(r.Text), &files); err != nil {
		return []error{fmt.Errorf("the request's text: %w", err)}
	}
	base, err := decodeKubeletConfig(files.Base)
	if err != nil {
		return []error{fmt.Errorf("the base file: %w", err)}
	}
	merged, err := mergeDropins(base, files.Dropins)
	if err != nil {
		return []error{err}
	}
	return judgeKubeletConfig(merged)
}

func decodeKubeletConfig(text string) (*config.KubeletConfiguration, error) {
	_, codecs, err := scheme.NewSchemeAndCodecs(serializer.EnableStrict)
	if err != nil {
		return nil, err
	}
	object, kind, err := codecs.UniversalDecoder().Decode([]byte(text), nil, nil)
	if err != nil {
		return nil, err
	}
	cfg, ok := object.(*config.KubeletConfiguration)
	if !ok {
		return nil, fmt.Errorf("%s is no KubeletConfiguration", kind)
	}
	return cfg, nil
}

// mergeDropins lays each drop-in over the defaulted base as a JSON merge patch: maps merge, lists replace.
func mergeDropins(base *config.KubeletConfiguration, dropins []string) (*config.KubeletConfiguration, error) {
	var versioned v1beta1.KubeletConfiguration
	if err := conversion.Convert_config_KubeletConfiguration_To_v1beta1_KubeletConfiguration(base, &versioned, nil); err != nil {
		return nil, err
	}
	merged, err := json.Marshal(versioned)
	if err != nil {
		return nil, err
	}
	for number, dropin := range dropins {
		if _, err := decodeKubeletConfig(dropin); err != nil {
			return nil, fmt.Errorf("drop-in %d: %w", number+1, err)
		}
		patch, err := yaml.YAMLToJSONStrict([]byte(dropin))
		if err != nil {
			return nil, err
		}
		if merged, err = jsonpatch.MergePatch(merged, patch); err != nil {
			return nil, fmt.Errorf("drop-in %d: %w", number+1, err)
		}
	}
	return fromMergedJSON(merged)
}

func fromMergedJSON(merged []byte) (*config.KubeletConfiguration, error) {
	var versioned v1beta1.KubeletConfiguration
	if err := json.Unmarshal(merged, &versioned); err != nil {
		return nil, err
	}
	conversion.SetDefaults_KubeletConfiguration(&versioned)
	var cfg config.KubeletConfiguration
	return &cfg, conversion.Convert_v1beta1_KubeletConfiguration_To_config_KubeletConfiguration(&versioned, &cfg, nil)
}

// judgeKubeletConfig validates, and then goes through the checks that a kubelet makes only at its start.
func judgeKubeletConfig(cfg *config.KubeletConfiguration) []error {
	if err := utilfeature.DefaultMutableFeatureGate.SetFromMap(cfg.FeatureGates); err != nil {
		return []error{err}
	}
	cfg.FailCgroupV1 = false // Validation asks for the cgroup version of the machine that runs this, not of the node.
	if err := validation.ValidateKubeletConfiguration(cfg, utilfeature.DefaultFeatureGate); err != nil {
		return []error{err}
	}
	return startKubelet(cfg)
}
