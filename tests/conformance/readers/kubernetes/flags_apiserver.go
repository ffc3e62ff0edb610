//go:build !validation

package main

import (
	"context"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"
	genericapiserver "k8s.io/apiserver/pkg/server"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/util/keyutil"
	logsapi "k8s.io/component-base/logs/api/v1"
	"k8s.io/kubernetes/cmd/kube-apiserver/app/options"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/controlplane"
)

// installerFlags are what whoever installs an API server adds on each machine: kubeadm does. They stand in where a list lacks them.
var installerFlags = map[string]string{
	"advertise-address":        "192.0.2.10",
	"authorization-mode":       "Node,RBAC",
	"etcd-servers":             "https://192.0.2.10:2379",
	"service-account-issuer":   "https://kubernetes.default.svc",
	"service-account-key-file": "/etc/kubernetes/pki/sa.pub",
	"tls-cert-file":            "/etc/kubernetes/pki/apiserver.crt",
	"tls-private-key-file":     "/etc/kubernetes/pki/apiserver.key",
}

func readAPIServerFlags(r request) []error {
	s := options.NewServerRunOptions()
	fs, err := parse(r, named("kube-apiserver", s.Flags())...)
	if err != nil {
		return []error{err}
	}
	if err := standIn(fs, installerFlags); err != nil {
		return []error{err}
	}
	if err := s.GenericServerRunOptions.ComponentGlobalsRegistry.Set(); err != nil {
		return []error{err}
	}
	if err := logsapi.ValidateAndApply(s.Logs, utilfeature.DefaultFeatureGate); err != nil {
		return []error{err}
	}
	if s.ServiceAccountSigningKeyFile, err = signingKey(); err != nil {
		return []error{err}
	}
	defer os.RemoveAll(filepath.Dir(s.ServiceAccountSigningKeyFile))
	completed, err := s.Complete(context.Background())
	if err != nil {
		return []error{err}
	}
	if errs := completed.Validate(); len(errs) > 0 {
		return errs
	}
	return one(configure(completed))
}

// configure takes the first steps from options to a server: they find a request limit of zero, and API versions that are not there.
func configure(completed options.CompletedOptions) error {
	cfg := genericapiserver.NewConfig(legacyscheme.Codecs)
	if err := completed.GenericServerRunOptions.ApplyTo(cfg); err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(unreachable())
	if err != nil {
		return err
	}
	if err := completed.Features.ApplyTo(cfg, client, informers.NewSharedInformerFactory(client, 0)); err != nil {
		return err
	}
	return completed.APIEnablement.ApplyTo(cfg, controlplane.DefaultAPIResourceConfigSource(), legacyscheme.Scheme)
}

// standIn sets the flags that were not given.
func standIn(fs *pflag.FlagSet, values map[string]string) error {
	for name, value := range values {
		if !fs.Changed(name) {
			if err := fs.Set(name, value); err != nil {
				return err
			}
		}
	}
	return nil
}

// signingKey writes a key in place of the one on the control plane's machines, which completing the options reads.
func signingKey() (string, error) {
	dir, err := os.MkdirTemp("", "apiserver")
	if err != nil {
		return "", err
	}
	key, err := keyutil.MakeEllipticPrivateKeyPEM()
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "sa.key")
	return file, keyutil.WriteKey(file, key)
}
