//go:build validation

package main

func readers() map[string]reader { return validationReaders }

var otherModes = map[string]func(args []string) int{}
