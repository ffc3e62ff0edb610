module clusterc.dev/conformance/plugins

go 1.26.0

require (
	github.com/aws/amazon-vpc-cni-k8s v1.23.2
	github.com/cilium/cilium v1.20.2
)
