package main

import (
	_ "embed"
	"fmt"
	"strings"
)

// explained.txt has the mutants that no test can notice, or that none should: a line each, with the reason.
//
//go:embed explained.txt
var explained string

// excuses reads such a text: the reasons by the keys of the mutants.
func excuses(text string) (map[string]string, error) {
	by := map[string]string{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, reason, ok := strings.Cut(line, " // ")
		if !ok || reason == "" {
			return nil, fmt.Errorf("no reason: %s", line)
		}
		if by[key] != "" {
			return nil, fmt.Errorf("explained twice: %s", key)
		}
		by[key] = reason
	}
	return by, nil
}
