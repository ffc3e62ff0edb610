package main

import (
	"context"
	"encoding/json"
	"fmt"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	groupkind "k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	core "k8s.io/kubernetes/pkg/apis/core"
)

// readAPIObject does what kube-apiserver does with an object that is created, between admission and storage.
func readAPIObject(r request) []error {
	strict := serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict).UniversalDecoder()
	object, kind, err := strict.Decode([]byte(r.Text), nil, nil)
	if err != nil {
		return []error{err}
	}
	strategy, wired := strategies()[kind.GroupKind()]
	if !wired {
		return []error{fmt.Errorf("no validation wired for %s", kind.GroupKind())}
	}
	sent, err := asMap(object, kind.GroupVersion())
	if err != nil {
		return []error{err}
	}
	if err := create(strategy, object, *kind); err != nil {
		return []error{err}
	}
	kept, err := asMap(object, kind.GroupVersion())
	if err != nil {
		return []error{err}
	}
	return dropped(sent, kept)
}

func create(strategy rest.RESTCreateStrategy, object runtime.Object, kind groupkind.GroupVersionKind) error {
	metadata, err := meta.Accessor(object)
	if err != nil {
		return err
	}
	if !strategy.NamespaceScoped() && metadata.GetNamespace() != "" {
		return fmt.Errorf("%s has no namespace, and this one names %q", kind.Kind, metadata.GetNamespace())
	}
	namespace := metadata.GetNamespace()
	if strategy.NamespaceScoped() && namespace == "" {
		namespace = metav1.NamespaceDefault
		metadata.SetNamespace(namespace)
	}
	resource, _ := meta.UnsafeGuessKindToResource(kind)
	ctx := genericapirequest.WithNamespace(context.Background(), namespace)
	ctx = genericapirequest.WithRequestInfo(ctx, &genericapirequest.RequestInfo{
		IsResourceRequest: true, Verb: "create", Namespace: namespace, Name: metadata.GetName(),
		APIGroup: kind.Group, APIVersion: kind.Version, Resource: resource.Resource,
	})
	rest.FillObjectMetaSystemFields(metadata)
	fillClusterIPs(object)
	return rest.BeforeCreate(strategy, ctx, object)
}

// fillClusterIPs does what a Service's storage does before it validates: clusterIPs begins with clusterIP.
func fillClusterIPs(object runtime.Object) {
	if service, ok := object.(*core.Service); ok && service.Spec.ClusterIP != "" && len(service.Spec.ClusterIPs) == 0 {
		service.Spec.ClusterIPs = []string{service.Spec.ClusterIP}
	}
}

// asMap encodes object in version and leaves out what its sender does not decide.
func asMap(object runtime.Object, version groupkind.GroupVersion) (map[string]any, error) {
	text, err := runtime.Encode(legacyscheme.Codecs.LegacyCodec(version), object)
	if err != nil {
		return nil, err
	}
	var fields map[string]any
	if err := json.Unmarshal(text, &fields); err != nil {
		return nil, err
	}
	delete(fields, "metadata")
	delete(fields, "status")
	return fields, nil
}

// dropped finds the fields that kube-apiserver would remove in silence, because their feature gate is off.
func dropped(sent, kept any) []error {
	var errs []error
	walkDropped("", sent, kept, func(path string) {
		errs = append(errs, fmt.Errorf("%s: dropped when the object is created: its feature gate is off", path))
	})
	return errs
}

func walkDropped(path string, sent, kept any, report func(string)) {
	switch sent := sent.(type) {
	case map[string]any:
		kept, _ := kept.(map[string]any)
		for key, value := range sent {
			if other, there := kept[key]; there {
				walkDropped(path+"."+key, value, other, report)
			} else {
				report(path + "." + key)
			}
		}
	case []any:
		kept, _ := kept.([]any)
		for index, value := range sent {
			at := fmt.Sprintf("%s[%d]", path, index)
			if index < len(kept) {
				walkDropped(at, value, kept[index], report)
			} else {
				report(at)
			}
		}
	}
}
