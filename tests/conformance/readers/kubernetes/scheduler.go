package main

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/kubernetes/pkg/scheduler"
	"k8s.io/kubernetes/pkg/scheduler/apis/config"
	"k8s.io/kubernetes/pkg/scheduler/apis/config/scheme"
	"k8s.io/kubernetes/pkg/scheduler/apis/config/validation"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins"
	frameworkruntime "k8s.io/kubernetes/pkg/scheduler/framework/runtime"
)

func readSchedulerConfig(r request) []error {
	object, kind, err := scheme.Codecs.UniversalDecoder().Decode([]byte(r.Text), nil, nil)
	if err != nil {
		return []error{err}
	}
	cfg, ok := object.(*config.KubeSchedulerConfiguration)
	if !ok {
		return []error{fmt.Errorf("%s is no KubeSchedulerConfiguration", kind)}
	}
	cfg.APIVersion = kind.GroupVersion().String() // Validation reads it, and the decoder leaves it empty.
	if errs := validation.ValidateKubeSchedulerConfiguration(cfg); errs != nil {
		return errs.Errors()
	}
	if errs := unknownPlugins(cfg); len(errs) > 0 {
		return errs
	}
	return one(buildScheduler(cfg))
}

// unknownPlugins finds the names that kube-scheduler passes over in silence: of plugins disabled, and of plugins configured.
func unknownPlugins(cfg *config.KubeSchedulerConfiguration) []error {
	var errs []error
	known := plugins.NewInTreeRegistry()
	for _, profile := range cfg.Profiles {
		names := make([]string, 0, len(profile.PluginConfig))
		for _, configured := range profile.PluginConfig {
			names = append(names, configured.Name)
		}
		for _, point := range pluginSets(profile.Plugins) {
			for _, plugin := range slices.Concat(point.Enabled, point.Disabled) {
				names = append(names, plugin.Name)
			}
		}
		for _, name := range names {
			if _, ok := known[name]; !ok && name != "*" {
				errs = append(errs, fmt.Errorf("profile %q names plugin %q, which kube-scheduler does not have", profile.SchedulerName, name))
			}
		}
	}
	return errs
}

// pluginSets are those of all extension points, which each minor has more of.
func pluginSets(p *config.Plugins) []config.PluginSet {
	if p == nil {
		return nil
	}
	var sets []config.PluginSet
	for _, field := range reflect.ValueOf(*p).Fields() {
		if set, ok := field.Interface().(config.PluginSet); ok {
			sets = append(sets, set)
		}
	}
	return sets
}

// buildScheduler makes every profile with its plugins, whose constructors hold checks that validation does not have.
func buildScheduler(cfg *config.KubeSchedulerConfiguration) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	client, err := kubernetes.NewForConfig(unreachable())
	if err != nil {
		return err
	}
	_, err = scheduler.New(ctx, client, informers.NewSharedInformerFactory(client, 0), nil,
		noEvents,
		scheduler.WithComponentConfigVersion(cfg.APIVersion),
		scheduler.WithKubeConfig(unreachable()),
		scheduler.WithProfiles(cfg.Profiles...),
		scheduler.WithPercentageOfNodesToScore(cfg.PercentageOfNodesToScore),
		scheduler.WithFrameworkOutOfTreeRegistry(frameworkruntime.Registry{}),
		scheduler.WithPodInitialBackoffSeconds(cfg.PodInitialBackoffSeconds),
		scheduler.WithPodMaxBackoffSeconds(cfg.PodMaxBackoffSeconds),
		scheduler.WithExtenders(cfg.Extenders...),
		scheduler.WithParallelism(cfg.Parallelism),
	)
	return err
}
