// Crechefix rewrites uses of errgroup and conc to Creche: see the documentation of the module's package migrate. It is run by itself,
// `crechefix ./...` to see what it would do and `crechefix -fix ./...` to do it, or by go fix, `go fix -fixtool=$(which crechefix) ./...`.
package main

import (
	"golang.org/x/tools/go/analysis/multichecker"

	"github.com/creche-go/creche/lint/migrate"
)

func main() { multichecker.Main(migrate.Analyzers...) }
