//go:build !validation

package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/pflag"
	cliflag "k8s.io/component-base/cli/flag"
	"k8s.io/component-base/cli/globalflag"
	"k8s.io/component-base/logs"
)

// flagsIn reads the request's JSON list of "--name=value".
func flagsIn(r request) ([]string, error) {
	var list []string
	if err := json.Unmarshal([]byte(r.Text), &list); err != nil {
		return nil, fmt.Errorf("the request's text: %w", err)
	}
	return list, nil
}

// parse parses the request's flags with sets, as the component does at its start.
func parse(r request, sets ...*pflag.FlagSet) (*pflag.FlagSet, error) {
	list, err := flagsIn(r)
	if err != nil {
		return nil, err
	}
	all := pflag.NewFlagSet(r.Reader, pflag.ContinueOnError)
	all.SetNormalizeFunc(cliflag.WordSepNormalizeFunc)
	for _, set := range sets {
		all.AddFlagSet(set)
	}
	if err := all.Parse(list); err != nil {
		return nil, err
	}
	if all.NArg() > 0 {
		return nil, fmt.Errorf("%q is no flag", all.Args())
	}
	return all, nil
}

// named flattens a component's flag sets and adds the flags that all components share.
func named(component string, sets cliflag.NamedFlagSets) []*pflag.FlagSet {
	globalflag.AddGlobalFlags(sets.FlagSet("global"), component, logs.SkipLoggingConfigurationFlags())
	flat := make([]*pflag.FlagSet, 0, len(sets.FlagSets))
	for _, set := range sets.FlagSets {
		flat = append(flat, set)
	}
	return flat
}
