// Command kubelet is kubelet and nothing beside it.
package main

import (
	"context"
	"fmt"
	"os"

	"clusterc.dev/conformance/kubernetes/component"
	"github.com/spf13/pflag"
	cliflag "k8s.io/component-base/cli/flag"
	"k8s.io/kubernetes/cmd/kubelet/app"
	"k8s.io/kubernetes/cmd/kubelet/app/options"
)

func main() {
	flags, err := ownFlags()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	component.Main(app.NewKubeletCommand(context.Background()), flags)
}

// ownFlags are put together as the kubelet's command does, which keeps them from cobra.
func ownFlags() (*pflag.FlagSet, error) {
	s, err := options.NewKubeletServer()
	if err != nil {
		return nil, err
	}
	flags := pflag.NewFlagSet("kubelet", pflag.ContinueOnError)
	flags.SetNormalizeFunc(cliflag.WordSepNormalizeFunc)
	s.AddFlags(flags)
	options.AddGlobalFlags(flags)
	return flags, nil
}
