package main

import (
	"fmt"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apiserver/pkg/apis/apiserver"
	"k8s.io/apiserver/pkg/apis/apiserver/install"
	"k8s.io/apiserver/pkg/apis/apiserver/validation"
	"k8s.io/apiserver/pkg/audit"
	"k8s.io/apiserver/pkg/audit/policy"
	authenticationcel "k8s.io/apiserver/pkg/authentication/cel"
)

// readAuditPolicy decodes strictly before kube-apiserver's own loader, which falls back to a lenient decoder.
func readAuditPolicy(r request) []error {
	strict := serializer.NewCodecFactory(audit.Scheme, serializer.EnableStrict).UniversalDecoder()
	if _, _, err := strict.Decode([]byte(r.Text), nil, nil); err != nil {
		return []error{err}
	}
	_, err := policy.LoadPolicyFromBytes([]byte(r.Text))
	return one(err)
}

func readEncryptionConfig(r request) []error {
	cfg, err := decodeAPIServerFile[*apiserver.EncryptionConfiguration](r.Text)
	if err != nil {
		return []error{err}
	}
	const reloads = false
	return one(validation.ValidateEncryptionConfiguration(cfg, reloads).ToAggregate())
}

func readAuthenticationConfig(r request) []error {
	cfg, err := decodeAPIServerFile[*apiserver.AuthenticationConfiguration](r.Text)
	if err != nil {
		return []error{err}
	}
	return one(validation.ValidateAuthenticationConfiguration(authenticationcel.NewDefaultCompiler(), cfg, nil).ToAggregate())
}

// decodeAPIServerFile decodes strictly one of the configuration files of the group apiserver.config.k8s.io.
func decodeAPIServerFile[T runtime.Object](text string) (T, error) {
	var none T
	scheme := runtime.NewScheme()
	install.Install(scheme)
	codecs := serializer.NewCodecFactory(scheme, serializer.EnableStrict)
	object, kind, err := codecs.UniversalDecoder().Decode([]byte(text), nil, nil)
	if err != nil {
		return none, err
	}
	cfg, ok := object.(T)
	if !ok {
		return none, fmt.Errorf("%s is not the kind of this file", kind)
	}
	return cfg, nil
}
