package main

// reader is one component's way of reading one kind of text.
type reader struct {
	component string
	read      func(request) []error
}

// validationReaders judge files; a program built with the tag validation has only these.
var validationReaders = map[string]reader{
	"kube-scheduler":               {"kube-scheduler", readSchedulerConfig},
	"kubelet":                      {"kubelet", readKubeletConfig},
	"kubelet-dropin":               {"kubelet", readKubeletDropins},
	"kube-proxy":                   {"kube-proxy", readProxyConfig},
	"kubeadm":                      {"kubeadm", readKubeadmConfig},
	"audit-policy":                 {"kube-apiserver", readAuditPolicy},
	"admission-configuration":      {"kube-apiserver", readAdmissionConfig},
	"encryption-configuration":     {"kube-apiserver", readEncryptionConfig},
	"authentication-configuration": {"kube-apiserver", readAuthenticationConfig},
	"api-object":                   {"kube-apiserver", readAPIObject},
}

// one wraps an error that may be nil.
func one(err error) []error {
	if err == nil {
		return nil
	}
	return []error{err}
}
