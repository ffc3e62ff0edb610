package main

// reader is one component's way of reading one kind of text.
type reader struct {
	component string
	read      func(request) []error
}

var readers = map[string]reader{
	"kube-scheduler":                {"kube-scheduler", readSchedulerConfig},
	"kubelet":                       {"kubelet", readKubeletConfig},
	"kubelet-dropin":                {"kubelet", readKubeletDropins},
	"kube-proxy":                    {"kube-proxy", readProxyConfig},
	"kubeadm":                       {"kubeadm", readKubeadmConfig},
	"audit-policy":                  {"kube-apiserver", readAuditPolicy},
	"admission-configuration":       {"kube-apiserver", readAdmissionConfig},
	"encryption-configuration":      {"kube-apiserver", readEncryptionConfig},
	"authentication-configuration":  {"kube-apiserver", readAuthenticationConfig},
	"flags:kube-apiserver":          {"kube-apiserver", readAPIServerFlags},
	"flags:kube-controller-manager": {"kube-controller-manager", readControllerManagerFlags},
	"flags:kube-scheduler":          {"kube-scheduler", readSchedulerFlags},
	"flags:kubelet":                 {"kubelet", readKubeletFlags},
	"flags:kube-proxy":              {"kube-proxy", readProxyFlags},
	"api-object":                    {"kube-apiserver", readAPIObject},
}

// one wraps an error that may be nil.
func one(err error) []error {
	if err == nil {
		return nil
	}
	return []error{err}
}
