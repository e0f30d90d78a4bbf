package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// mutant is the tree with one mistake in one of its files.
type mutant struct {
	file string // below the root, with slashes
	line int
	what string // the mistake
	// from, to and text say it to the machine: these bytes of the file are replaced.
	from, to int
	text     string
	// steps are the test commands that are to notice it. One is enough.
	steps []step
	// planted is set for those that somebody thought of: they have no excuse for surviving.
	planted bool
}

// key is the name that does not change when other parts of the file do.
func (m *mutant) key() string { return m.short() + " " + m.what }

// name also says where it is.
func (m *mutant) name() string { return fmt.Sprintf("%s:%d %s", m.short(), m.line, m.what) }

func (m *mutant) short() string { return strings.TrimPrefix(m.file, "internal/") }

// mutate returns the file with the mistake in it.
func (m *mutant) mutate(source []byte) []byte {
	return fmt.Appendf(nil, "%s%s%s", source[:m.from], m.text, source[m.to:])
}

// overlay writes the changed file into dir, and beside it what the go command needs to take that instead of the one in root. No file of
// the tree is touched.
func (m *mutant) overlay(root, dir string) (name string, err error) {
	original := filepath.Join(root, filepath.FromSlash(m.file))
	source, err := os.ReadFile(original)
	if err != nil {
		return "", err
	}
	changed := filepath.Join(dir, filepath.Base(original))
	if err := os.WriteFile(changed, m.mutate(source), 0o644); err != nil {
		return "", err
	}
	text, err := json.Marshal(map[string]map[string]string{"Replace": {original: changed}})
	if err != nil {
		return "", err
	}
	name = filepath.Join(dir, "overlay.json")
	return name, os.WriteFile(name, text, 0o644)
}
