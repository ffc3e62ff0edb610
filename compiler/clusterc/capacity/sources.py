"""Where the constants of the capacity model come from: the documents, once, by name."""

from __future__ import annotations

OPENAI_2021 = (
    "OpenAI, Scaling Kubernetes to 7,500 nodes (2021), https://openai.com/index/scaling-kubernetes-to-7500-nodes/"
)
OPENAI_2018 = (
    "OpenAI, Scaling Kubernetes to 2,500 nodes (2018), https://openai.com/index/scaling-kubernetes-to-2500-nodes/"
)
PAYPAL_2022 = "PayPal, Scaling Kubernetes to over 4k nodes and 200k pods (2022)"
EKS_2025 = "AWS, Under the hood: Amazon EKS ultra scale clusters (2025)"
EKS_GUIDE = "aws/aws-eks-best-practices:latest/bpg"
AKS_GUIDE = "MicrosoftDocs/azure-aks-docs:articles/aks/best-practices-performance-scale-large.md"
GKE_BLOCKS = "GKE's flexible pod ranges"

THRESHOLDS = "kubernetes/community:sig-scalability/configs-and-limits/thresholds.md"
OBJECT_SIZES = "kubernetes/community:sig-scalability/configs-and-limits/faq.md"
SLOS = "kubernetes/community:sig-scalability/slos/slos.md"
LARGE_CLUSTERS = "kubernetes/website:content/en/docs/setup/best-practices/cluster-large.md"
HEARTBEATS = "KEP-589, efficient node heartbeats"
SLICES = "KEP-752, EndpointSlices"
SCHEDULER = "kubernetes/kubernetes:pkg/scheduler/schedule_one.go"
SCHEDULER_PERF = "kubernetes/kubernetes:test/integration/scheduler_perf"
KUBELET = "kubernetes/kubernetes:pkg/kubelet/apis/config/v1beta1/defaults.go"
API_SERVER = "kubernetes/website:content/en/docs/reference/command-line-tools-reference/kube-apiserver.md"
CONTROLLERS = "kubernetes/website:content/en/docs/reference/command-line-tools-reference/kube-controller-manager.md"
FAIRNESS = "Kubernetes' shipped priority levels (1.37)"
LIST_SEATS = "kubernetes/kubernetes issue 132233 and KEP-4988 (on since 1.34)"
WATCHES = "kubernetes/kubernetes issue 117777"
DECODED = "kubernetes/kubernetes issue 142062"
PROXY = "kube-proxy v1alpha1 defaults"

ETCD_HARDWARE = "etcd-io/website:content/en/docs/v3.6/op-guide/hardware.md"
ETCD_PERFORMANCE = "etcd-io/website:content/en/docs/v3.6/op-guide/performance.md"
ETCD_LIMITS = "etcd-io/website:content/en/docs/v3.6/dev-guide/limit.md"
ETCD_FAQ = "etcd-io/website:content/en/docs/v3.6/faq.md"

COREDNS = "coredns/deployment:kubernetes/Scaling_CoreDNS.md"
TYPHA = "tigera/operator, GetExpectedTyphaScale; Calico's own page advises 20 at the most"
NEIGHBOURS = "Linux ip-sysctl: neigh/default/gc_thresh3"
PROMETHEUS_RAM = (
    "Robust Perception, How much RAM does Prometheus 2.x need (about 2.2 kB a series for cardinality, "
    "as much again for ingestion); published rules of thumb go from 2.5 to 8 kB"
)
MEASURED = "measured with kube-apiserver 1.37.2 and etcd 3.7.3 at 7,500 nodes, docs/scale.md"
OURS = "clusterc's own estimate"
