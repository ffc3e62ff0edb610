// Package component is what the programs below components/ share: each is one component of Kubernetes and nothing beside it,
// since in a program that holds several, each also knows flags and feature gates of the others.
package component

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/component-base/cli"
	cliflag "k8s.io/component-base/cli/flag"
	"k8s.io/component-base/featuregate"
	"k8s.io/component-base/logs"
	_ "k8s.io/component-base/logs/json/register" // The log format that each component's main package loads.
)

// Table is what a component says of itself.
type Table struct {
	Flags map[string]Flag `json:"flags,omitempty"`
	Gates map[string]Gate `json:"gates"`
}

// Flag is one flag; Deprecated is what the component says of it, where it does.
type Flag struct {
	Type       string `json:"type"`
	Default    string `json:"default"`
	Deprecated string `json:"deprecated,omitempty"`
}

// Gate is what a component says of one of its feature gates at its own version.
type Gate struct {
	Stage   string `json:"stage"`
	Default bool   `json:"default"`
	Locked  bool   `json:"locked,omitempty"`
}

// Main is the component; called as "NAME tables" it writes its table instead. Parsed has the flags of a component whose
// command does not parse them itself.
func Main(command *cobra.Command, parsed *pflag.FlagSet) {
	if len(os.Args) == 2 && os.Args[1] == "tables" {
		Write(Table{Flags: flagsOf(command, parsed), Gates: gates()})
		return
	}
	os.Exit(cli.Run(command))
}

// Write writes table to standard output.
func Write(table Table) {
	if err := json.NewEncoder(os.Stdout).Encode(table); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// flagsOf takes the flags as cli.Run leaves them.
func flagsOf(command *cobra.Command, parsed *pflag.FlagSet) map[string]Flag {
	flags := map[string]Flag{}
	add := func(f *pflag.Flag) {
		if f.Name != "help" {
			flags[f.Name] = Flag{Type: f.Value.Type(), Default: f.DefValue, Deprecated: deprecation(f)}
		}
	}
	if parsed != nil {
		parsed.VisitAll(add)
		return flags
	}
	command.SetGlobalNormalizationFunc(cliflag.WordSepNormalizeFunc)
	logs.AddFlags(command.PersistentFlags())
	command.InheritedFlags() // Adds to the command's flags, as parsing them does, those that packages register for all commands.
	command.Flags().VisitAll(add)
	return flags
}

// deprecation also looks at the help text, since some flags are marked there alone.
func deprecation(f *pflag.Flag) string {
	if f.Deprecated != "" {
		return f.Deprecated
	}
	if at := strings.Index(f.Usage, "DEPRECATED"); at >= 0 {
		return strings.TrimLeft(f.Usage[at+len("DEPRECATED"):], ":) ")
	}
	return ""
}

func gates() map[string]Gate {
	all := map[string]Gate{}
	for name, spec := range utilfeature.DefaultMutableFeatureGate.GetAll() {
		all[string(name)] = GateOf(spec)
	}
	return all
}

// GateOf returns spec as the tables have it.
func GateOf(spec featuregate.FeatureSpec) Gate {
	stage := string(spec.PreRelease)
	if spec.PreRelease == featuregate.GA {
		stage = "GA"
	}
	return Gate{Stage: stage, Default: spec.Default, Locked: spec.LockToDefault}
}
