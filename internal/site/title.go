package site

import (
	"path/filepath"
	"strconv"
)

// Title returns what a scope is called where people look at it: its name or, if it has none, the file and line that opened it.
func Title(scope interface {
	Name() string
	Opened() (file string, line int)
}) string {
	if name := scope.Name(); name != "" {
		return name
	}
	file, line := scope.Opened()
	return filepath.Base(file) + ":" + strconv.Itoa(line)
}
