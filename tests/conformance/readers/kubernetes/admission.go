package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/apis/apiserver"
	"k8s.io/apiserver/pkg/apis/apiserver/install"
	"k8s.io/kubernetes/pkg/kubeapiserver/options"
	eventratelimit "k8s.io/kubernetes/plugin/pkg/admission/eventratelimit/apis/eventratelimit/install"
	tolerations "k8s.io/kubernetes/plugin/pkg/admission/podtolerationrestriction/apis/podtolerationrestriction/install"
	"k8s.io/kubernetes/plugin/pkg/admission/security/podsecurity"
	"k8s.io/pod-security-admission/admission/api/load"
	"k8s.io/pod-security-admission/admission/api/validation"
)

// lenientPlugins decode their configuration leniently, so their types are decoded strictly beforehand.
var lenientPlugins = map[string]func(*runtime.Scheme){
	"EventRateLimit":           eventratelimit.Install,
	"PodTolerationRestriction": tolerations.Install,
}

// readAdmissionConfig reads the file and then hands each plugin its part.
func readAdmissionConfig(r request) []error {
	cfg, err := decodeAPIServerFile[*apiserver.AdmissionConfiguration](r.Text)
	if err != nil {
		return []error{err}
	}
	provider, err := admissionProvider(r.Text)
	if err != nil {
		return []error{err}
	}
	var errs []error
	for _, plugin := range cfg.Plugins {
		if err := configurePlugin(plugin.Name, provider); err != nil {
			errs = append(errs, fmt.Errorf("plugin %s: %w", plugin.Name, err))
		}
	}
	return errs
}

func admissionProvider(text string) (admission.ConfigProvider, error) {
	dir, err := os.MkdirTemp("", "admission")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "admission.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return nil, err
	}
	scheme := runtime.NewScheme()
	install.Install(scheme)
	return admission.ReadAdmissionConfiguration(options.AllOrderedPlugins, file, scheme)
}

// factoryDone notes that a plugin's factory has accepted its configuration: initialization, which comes next, needs a server.
type factoryDone bool

func (done *factoryDone) Initialize(admission.Interface) { *done = true }

func configurePlugin(name string, provider admission.ConfigProvider) error {
	part, err := provider.ConfigFor(name)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if part != nil {
		if _, err := text.ReadFrom(part); err != nil {
			return err
		}
	}
	if name == podsecurity.PluginName {
		return judgePodSecurity(text.Bytes())
	}
	if installTypes, lenient := lenientPlugins[name]; lenient && text.Len() > 0 {
		scheme := runtime.NewScheme()
		installTypes(scheme)
		strict := serializer.NewCodecFactory(scheme, serializer.EnableStrict).UniversalDecoder()
		if _, _, err := strict.Decode(text.Bytes(), nil, nil); err != nil {
			return err
		}
	}
	all := admission.NewPlugins()
	options.RegisterAllAdmissionPlugins(all)
	var done factoryDone
	if _, err := all.InitPlugin(name, &text, &done); err != nil && !bool(done) {
		return err
	}
	return nil
}

// judgePodSecurity is apart because that plugin validates its configuration only once it has a server.
func judgePodSecurity(text []byte) error {
	cfg, err := load.LoadFromData(text)
	if err != nil {
		return err
	}
	return validation.ValidatePodSecurityConfiguration(cfg).ToAggregate()
}
