package main

// readKubeadmConfig does what "kubeadm config validate" does. The text may hold several documents.
// kubeadm takes its own minor from the linker and refuses a version that it would not install.
func readKubeadmConfig(r request) []error {
	return one(validateKubeadmConfig([]byte(r.Text)))
}
