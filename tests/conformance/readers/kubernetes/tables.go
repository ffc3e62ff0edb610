//go:build !validation

package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// tables are what the project keeps of the components for use without them, by name. Flags and feature gates come from the
// programs below components/.
var tables = map[string]func(args []string) (any, error){
	"kinds":     func([]string) (any, error) { return kindTables(), nil },
	"objects":   func([]string) (any, error) { return objectTable(), nil },
	"resources": func(args []string) (any, error) { return resourceTable(args[0], args[1:]) },
}

// runTables writes the table called args[0] to standard output; the rest of args is the table's own.
func runTables(args []string) int {
	if len(args) == 0 || tables[args[0]] == nil {
		fmt.Fprintf(os.Stderr, "reader: %q names no table\n", args)
		return 2
	}
	table, err := tables[args[0]](args[1:])
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(table)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "reader:", err)
		return 1
	}
	return 0
}
