//go:build !until1.35

package main

import "k8s.io/client-go/tools/events"

// noEvents makes what records the events of a scheduler that is never started.
func noEvents(string) events.EventRecorderLogger { return events.NewFakeRecorder(0) }
