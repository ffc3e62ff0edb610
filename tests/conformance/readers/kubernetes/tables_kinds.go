//go:build !validation

package main

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	runtimeschema "k8s.io/apimachinery/pkg/runtime/schema"
	apiserver "k8s.io/apiserver/pkg/apis/apiserver/install"
	"k8s.io/apiserver/pkg/audit"
	kubeadm "k8s.io/kubernetes/cmd/kubeadm/app/apis/kubeadm/scheme"
	kubelet "k8s.io/kubernetes/pkg/kubelet/apis/config/scheme"
	proxy "k8s.io/kubernetes/pkg/proxy/apis/config/scheme"
	scheduler "k8s.io/kubernetes/pkg/scheduler/apis/config/scheme"
	eventratelimit "k8s.io/kubernetes/plugin/pkg/admission/eventratelimit/apis/eventratelimit/install"
	podsecurity "k8s.io/pod-security-admission/admission/api/scheme"
)

const schedulerVersion = "kubescheduler.config.k8s.io/v1"

// configurationKind is a kind of configuration file; name is its own where several groups have a kind of that name.
type configurationKind struct {
	name, version, kind string
	scheme              *runtime.Scheme
}

func configurationKinds() []configurationKind {
	server, limits, nodes := runtime.NewScheme(), runtime.NewScheme(), kubeletScheme()
	apiserver.Install(server)
	eventratelimit.Install(limits)
	of := func(version string, scheme *runtime.Scheme, kinds ...string) []configurationKind {
		var all []configurationKind
		for _, kind := range kinds {
			all = append(all, configurationKind{kind, version, kind, scheme})
		}
		return all
	}
	all := of("kubelet.config.k8s.io/v1beta1", nodes, "KubeletConfiguration")
	all = append(all, of(schedulerVersion, scheduler.Scheme, append(schedulerArgs(), "KubeSchedulerConfiguration")...)...)
	all = append(all, of("kubeproxy.config.k8s.io/v1alpha1", proxy.Scheme, "KubeProxyConfiguration")...)
	all = append(all, of("kubeadm.k8s.io/v1beta4", kubeadm.Scheme, "ClusterConfiguration", "InitConfiguration", "JoinConfiguration")...)
	all = append(all, of("audit.k8s.io/v1", audit.Scheme, "Policy")...)
	all = append(all, of("apiserver.config.k8s.io/v1", server, "AdmissionConfiguration", "AuthenticationConfiguration",
		"AuthorizationConfiguration", "EncryptionConfiguration")...)
	all = append(all, of("pod-security.admission.config.k8s.io/v1", podsecurity.Scheme, "PodSecurityConfiguration")...)
	return append(all, configurationKind{"EventRateLimitConfiguration", "eventratelimit.admission.k8s.io/v1alpha1", "Configuration", limits})
}

func kubeletScheme() *runtime.Scheme {
	scheme, _, err := kubelet.NewSchemeAndCodecs()
	if err != nil {
		panic(err)
	}
	return scheme
}

// schedulerArgs are the kinds of the arguments of the scheduler's plugins.
func schedulerArgs() []string {
	var kinds []string
	version, _ := runtimeschema.ParseGroupVersion(schedulerVersion)
	for kind := range scheduler.Scheme.KnownTypes(version) {
		if strings.HasSuffix(kind, "Args") {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

func kindTables() map[string]schema {
	all := map[string]schema{}
	for _, kind := range configurationKinds() {
		all[kind.name] = kind.schema()
	}
	return all
}

func (k configurationKind) schema() schema {
	types := newSchemas()
	object := k.newObject()
	types.of(reflect.TypeOf(object).Elem())
	root := definitionName(reflect.TypeOf(object).Elem().PkgPath(), reflect.TypeOf(object).Elem().Name())
	if k.kind == "KubeSchedulerConfiguration" {
		typePluginArgs(types)
	}
	s := types.defs[root]
	delete(types.defs, root)
	properties := s["properties"].(schema)
	addDefaults(properties, k)
	properties["apiVersion"], properties["kind"] = schema{"const": k.version}, schema{"const": k.kind}
	s["$schema"], s["title"], s["$defs"] = "https://json-schema.org/draft/2020-12/schema", k.kind, types.defs
	return s
}

func (k configurationKind) newObject() runtime.Object {
	version, err := runtimeschema.ParseGroupVersion(k.version)
	if err != nil {
		panic(err)
	}
	object, err := k.scheme.New(version.WithKind(k.kind))
	if err != nil {
		panic(err)
	}
	return object
}

// addDefaults gives each property the value that the component puts in its place when it is left out.
func addDefaults(properties schema, k configurationKind) {
	empty, defaulted := k.newObject(), k.newObject()
	k.scheme.Default(defaulted)
	before, after := fieldsOf(empty), fieldsOf(defaulted)
	for name, value := range after {
		if value == nil || reflect.DeepEqual(before[name], value) {
			continue
		}
		property := schema{"default": value}
		for key, part := range properties[name].(schema) {
			property[key] = part
		}
		properties[name] = property
	}
}

func fieldsOf(object any) map[string]any {
	text, err := json.Marshal(object)
	if err != nil {
		panic(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(text, &fields); err != nil {
		panic(err)
	}
	return fields
}

// typePluginArgs says for each plugin that has arguments of its own what they may be.
func typePluginArgs(types *schemas) {
	version, _ := runtimeschema.ParseGroupVersion(schedulerVersion)
	known := scheduler.Scheme.KnownTypes(version)
	var cases []any
	for _, kind := range slices.Sorted(slices.Values(schedulerArgs())) {
		args := types.of(known[kind])
		cases = append(cases, schema{
			"if":   schema{"properties": schema{"name": schema{"const": strings.TrimSuffix(kind, "Args")}}},
			"then": schema{"properties": schema{"args": args}},
		})
	}
	types.defs["config.v1.PluginConfig"]["allOf"] = cases
	types.defs["config.v1.PluginConfig"]["properties"].(schema)["args"] = schema{"type": "object"}
}
